import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { wimlib, wimsmith, wimsmithOutcome } from '../support/cli';
import { describeWithTools, temporaryDirectory } from '../support/tools';

let place: string;
let tree: string;
const at = (...names: string[]): string => path.join(place, ...names);

beforeEach(() => {
  place = temporaryDirectory();
  tree = at('tree');
  mkdirSync(tree);
  writeFileSync(path.join(tree, 'a.txt'), 'some text\n'.repeat(2000));
});

/** Runs a line that must be refused and must leave a file as it was. */
function refused(file: string, code: number, ...line: string[]): string {
  const before = readFileSync(file);
  const outcome = wimsmithOutcome(...line);
  expect({ code: outcome.status, same: readFileSync(file).equals(before) }, outcome.stderr).toEqual({
    code,
    same: true,
  });
  return outcome.stderr;
}

describeWithTools(['wimlib-imagex'], 'what must not happen in passing', () => {
  it('a name with a backslash survives capture, rewrite and apply', () => {
    mkdirSync(path.join(tree, 'dir\\ectory'));
    writeFileSync(path.join(tree, 'dir\\ectory', 'back\\slash'), 'kept');
    wimsmith('capture', tree, at('a.wim'), 'n', '--compress=lzx');
    wimsmith('optimize', at('a.wim'), '--recompress', '--compress=xpress');
    wimsmith('apply', at('a.wim'), '1', at('out'));
    wimlib('apply', at('a.wim'), '1', at('theirs'));
    for (const target of ['out', 'theirs'])
      expect(readFileSync(at(target, 'dir\\ectory', 'back\\slash'), 'utf8')).toBe('kept');
  });

  it('a delta does not replace the file that holds the data it leaves out', () => {
    wimsmith('capture', tree, at('base.wim'), 'n');
    refused(at('base.wim'), 3, 'capture', tree, at('base.wim'), 'n', `--delta-from=${at('base.wim')}`);
    symlinkSync('base.wim', at('link.wim'));
    refused(at('base.wim'), 3, 'capture', tree, at('link.wim'), 'n', `--delta-from=${at('base.wim')}`);
  });

  it('an edit of one part of a split set is refused', () => {
    wimsmith('capture', tree, at('a.wim'), 'n', '--compress=none');
    wimsmith('split', at('a.wim'), at('a.swm'), '0.01');
    refused(at('a.swm'), 8, 'info', at('a.swm'), '1', 'renamed');
    refused(at('a.swm'), 8, 'info', at('a.swm'), '1', '--boot');
  });

  it('an export or an append does not change the compression of a file', () => {
    wimsmith('capture', tree, at('a.wim'), 'n', '--compress=lzx');
    wimsmith('capture', tree, at('b.wim'), 'm', '--compress=lzx');
    refused(at('b.wim'), 3, 'export', at('a.wim'), '1', at('b.wim'), 'x', '--compress=xpress');
    wimsmith('append', tree, at('b.wim'), 'y', '--compress=xpress');
    expect(wimlib('info', at('b.wim'))).toMatch(/Compression: +LZX/);
  });

  it('two images do not land in one directory', () => {
    wimsmith('capture', tree, at('a.wim'), '2');
    writeFileSync(path.join(tree, 'a.txt'), 'another text');
    wimsmith('append', tree, at('a.wim'), '');
    wimsmith('apply', at('a.wim'), 'all', at('out'));
    expect(readdirSync(at('out')).sort()).toEqual(['1', '2']);
    expect(readFileSync(at('out', '1', 'a.txt'), 'utf8')).toContain('some text');
  });

  it('an image that holds a file of the WIM’s own name does not replace the WIM', () => {
    writeFileSync(path.join(tree, 'w.wim'), 'not a WIM');
    wimsmith('capture', tree, at('w.wim'), 'n');
    refused(at('w.wim'), 4, 'apply', at('w.wim'), '1', place);
    refused(at('w.wim'), 4, 'extract', at('w.wim'), '1', '/w.wim', `--dest-dir=${place}`);
    expect(readdirSync(place).sort()).toEqual(['tree', 'w.wim']);
  });

  it('a rewrite keeps links to the file, its mode, and works for the longest names', () => {
    const name = `${'n'.repeat(251)}.wim`;
    wimsmith('capture', tree, at(name), 'n', '--compress=none');
    chmodSync(at(name), 0o600);
    symlinkSync(name, at('link.wim'));
    wimsmith('optimize', at('link.wim'), '--recompress', '--compress=lzx');
    expect(lstatSync(at('link.wim')).isSymbolicLink()).toBe(true);
    expect(statSync(at(name)).mode & 0o777).toBe(0o600);
    expect(wimlib('info', at(name))).toMatch(/Compression: +LZX/);
  });

  it('an empty path is not the current directory', () => {
    wimsmith('capture', tree, at('a.wim'), 'n');
    expect(wimsmithOutcome('capture', '', at('b.wim')).status).toBe(3);
    expect(wimsmithOutcome('apply', at('a.wim'), '1', '').status).toBe(3);
    expect(wimsmithOutcome('info', '').status).toBe(3);
  });

  it('damage that an old integrity table shows is not vouched for by a new one', () => {
    wimsmith('capture', tree, at('a.wim'), 'n', '--compress=none', '--check');
    const bytes = readFileSync(at('a.wim'));
    bytes[300] ^= 1;
    writeFileSync(at('a.wim'), bytes);
    linkSync(path.join(tree, 'a.txt'), path.join(tree, 'b.txt'));
    refused(at('a.wim'), 2, 'append', tree, at('a.wim'), 'second');
  });

  it('an integrity table whose sizes in the header disagree is not taken for sound', () => {
    wimsmith('capture', tree, at('a.wim'), 'n', '--check');
    const bytes = readFileSync(at('a.wim'));
    // The uncompressed size in the resource header at 0x7c.
    bytes.writeUInt32LE(bytes.readUInt32LE(0x8c) + 20, 0x8c);
    writeFileSync(at('a.wim'), bytes);
    expect(wimsmithOutcome('verify', at('a.wim')).status).toBe(2);
    expect(() => wimlib('verify', at('a.wim'))).toThrow();
  });

  it('absurd numbers are refused or bounded', () => {
    wimsmith('capture', tree, at('a.wim'), 'n', '--threads=1000000', '--compress=lzx:1000');
    wimlib('verify', at('a.wim'));
  });
});
