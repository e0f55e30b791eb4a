import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { succeed } from '../support/cli';
import { requireTool } from '../support/tools';
import { reasonWithoutWine, startWine, type WineMachine } from '../support/wine';

/** Exit codes. */
const done = 0;
const cannotNow = 5;
const unsupported = 8;

interface Facts {
  readonly attributes: number;
  readonly writeTime: string;
  readonly links?: number;
  readonly sha1?: string;
}

/** Wine runs Windows' paths, attributes, times, locks and renames; it has no real links, streams or descriptors. */
const reason = reasonWithoutWine();
const title = 'on Windows, as wine has it';

describe.skipIf(reason !== undefined)(reason === undefined ? title : `${title} [${reason}]`, () => {
  let windows: WineMachine;
  let source: Record<string, Facts>;

  const factsOf = (place: string): Record<string, Facts> =>
    JSON.parse(windows.task('facts', windows.at(place))) as Record<string, Facts>;
  const must = (...args: string[]): string => {
    const outcome = windows.wimsmith(...args);
    expect(outcome.status, `${args.join(' ')}: ${outcome.stderr}`).toBe(done);
    return outcome.stdout;
  };

  beforeAll(() => {
    windows = startWine();
    windows.task('make', windows.at('source'));
    source = factsOf('source');
  });

  afterAll(() => windows.stop());

  it('keeps contents, attributes, times and hard links', () => {
    must('/capture', windows.at('source'), windows.at('a.wim'), 'name', 'description');
    must('/apply', windows.at('a.wim'), '1', windows.at('applied'));
    expect(factsOf('applied')).toEqual(source);
    // Once more over files that are read-only, hidden and system by now.
    must('apply', windows.at('a.wim'), '1', windows.at('applied'));
    expect(factsOf('applied')).toEqual(source);
    expect(must('verify', windows.at('a.wim'))).toMatch(/is sound/);
  });

  it('writes what wimlib reads', () => {
    requireTool('wimlib-imagex');
    must('capture', windows.at('source'), windows.at('b.wim'), '--check');
    const wim = path.join(windows.directory, 'b.wim');
    succeed('wimlib-imagex', 'verify', wim);
    const listed = succeed('wimlib-imagex', 'dir', wim, '1', '--detailed');
    const attributes = [...listed.matchAll(/Full Path\s+= "(.*)"\n[^]*?Attributes\s+= 0x([0-9a-f]+)/g)];
    expect(Object.fromEntries(attributes.map(([, name, bits]) => [name, parseInt(bits, 16)]))).toEqual(
      Object.fromEntries(Object.entries(source).map(([name, facts]) => [name, facts.attributes])),
    );
    const applied = path.join(windows.directory, 'by-wimlib');
    succeed('wimlib-imagex', 'apply', wim, '1', applied);
    const contents = ({ writeTime, links, sha1 }: Facts) => ({ writeTime, links, sha1 });
    const both = [factsOf('by-wimlib'), source].map((facts) =>
      Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, contents(fact)])),
    );
    expect(both[0]).toEqual(both[1]);
  });

  it('changes and replaces files that it has open', () => {
    const wim = windows.at('c.wim');
    must('capture', windows.at('source'), wim, 'first');
    must('capture', windows.at('source'), wim, 'first');
    must('append', windows.at('source', 'read-only directory'), wim, 'second');
    must('append', windows.at('source', 'read-only directory'), wim, 'third');
    must('optimize', wim);
    must('delete', wim, '2');
    must('export', wim, '1', wim, 'copy');
    must('optimize', wim, '--recompress');
    must('update', wim, '1', '--command', `add ${windows.at('source', 'empty')} \\NEW\\empty`);
    expect(must('dir', wim, '1', '--path=\\new')).toMatch(/\/NEW\/empty/);
    expect(must('verify', wim)).toMatch(/3 images/);
    expect(readdirSync(windows.directory).filter((name) => name.endsWith('.wimsmith-part'))).toEqual([]);
  });

  it.each([['append'], ['capture'], ['optimize']])('does not %s where another program writes', (verb) => {
    const wim = windows.at(`${verb}.wim`);
    must('capture', windows.at('source', 'empty', '..', 'read-only directory'), wim);
    const operands = verb === 'optimize' ? [wim] : [windows.at('source', 'read-only directory'), wim, 'new'];
    const whileLocked = (...args: string[]) =>
      JSON.parse(windows.task('while-locked', wim, ...windows.command, ...args)) as {
        status: number;
        output: string;
      };
    const refused = whileLocked(verb, ...operands);
    expect(refused.output).toMatch(/is being written by another program/);
    expect(refused.status).toBe(cannotNow);
    expect(whileLocked('verify', wim).status).toBe(done);
    must(verb, ...operands);
  });

  it.each([
    ['\\\\?\\', ''],
    ['\\\\.\\', '\\'],
    ['', '\\sub\\..\\'],
    ['', '/'],
  ])('takes paths that begin with "%s" and end with "%s"', (prefix, end) => {
    const place = prefix + windows.at('source') + end;
    must('capture', end === '/' ? place.replaceAll('\\', '/') : place, `${prefix}${windows.at('d.wim')}`);
    must('apply', windows.at('d.wim'), '1', `${prefix}${windows.at('applied')}${end}`);
    expect(factsOf('applied')).toEqual(source);
  });

  it('leaves out names that Windows does not take, or makes them under another', () => {
    const awkward = path.join(windows.directory, 'awkward');
    mkdirSync(awkward);
    const good = ['ok', 'Same', 'I', 'ı', '.hidden'];
    const bad = [
      'a<b',
      'c:d',
      'e|f',
      'g?h',
      'i*j',
      'k"l',
      'dot.',
      'blank ',
      'CON',
      'nul.txt',
      'same',
      'x\u0001y',
    ];
    for (const name of [...good, ...bad]) writeFileSync(path.join(awkward, name), name);
    const wim = path.join(windows.directory, 'awkward.wim');
    succeed(process.execPath, path.resolve(__dirname, '../../dist/wimsmith.cjs'), 'capture', awkward, wim);
    expect(must('apply', windows.at('awkward.wim'), '1', windows.at('without'))).toMatch(/left out/);
    expect(readdirSync(path.join(windows.directory, 'without')).sort()).toEqual([...good].sort());
    must('apply', windows.at('awkward.wim'), '1', windows.at('with'), '--include-invalid-names');
    const made = readdirSync(path.join(windows.directory, 'with'));
    expect(made).toHaveLength(good.length + bad.length);
    expect(made.filter((name) => / \(invalid filename #\d+\)$/.test(name))).toHaveLength(bad.length);
  });

  it('says what it cannot do', () => {
    expect(windows.wimsmith('capture', windows.at('source'), windows.at('e.wim'), '--unix-data').status).toBe(
      unsupported,
    );
    expect(windows.wimsmith('info', windows.at('none.wim'))).toMatchObject({
      stderr: expect.stringContaining('it does not exist') as unknown,
    });
    expect(readdirSync(windows.directory)).not.toContain('e.wim');
  });
});
