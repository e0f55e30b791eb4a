import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { exitCodes, exitCodeTexts } from '../../../src-main/cli/exitCodes';
import { commonOptions, optionTables, ownOptions } from '../../../src-main/cli/grammar/optionTables';
import { helpPage } from '../../../src-main/cli/help/pages';
import { verbTexts } from '../../../src-main/cli/help/verbTexts';
import { parseCommandLine } from '../../../src-main/cli/grammar/commandLine';
import type { WorkVerb } from '../../../src-main/cli/command';
import { errorCodes } from '../../../src-shared/errors/codes';
import { describeWithTools } from '../../support/tools';

const verbs = Object.keys(optionTables) as WorkVerb[];

describe('help', () => {
  it.each(verbs)('%s names every option, and every example is understood', (verb) => {
    const page = helpPage(verb, '1.0');
    for (const spec of [...optionTables[verb], ...(ownOptions[verb] ?? []), ...commonOptions]) {
      expect(page).toContain(`--${spec.names[0]}`);
    }
    for (const example of verbTexts[verb].examples) {
      const words = Array.from(example.replace(/ [|<].*$/, '').matchAll(/((?:[^\s"]|"[^"]*")+)/g), ([word]) =>
        word.replaceAll('"', ''),
      );
      expect(words[0]).toBe('wimsmith');
      const { action, refusals } = parseCommandLine(words.slice(1), 'win32');
      expect(action.verb).toBe(verb);
      expect(refusals).toEqual([]);
    }
  });

  it.each([null, ...verbs, 'mount', 'imagex', 'json', 'exit-codes', '/capture'])(
    '%s fits on a screen',
    (topic) => {
      const page = helpPage(topic, '1.0');
      expect(page.endsWith('\n')).toBe(true);
      for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
      expect(page).not.toMatch(/!|please|successfully/i);
    },
  );

  it('tells every exit code', () => {
    const told = exitCodeTexts.map(([code]) => code);
    expect(new Set(told)).toEqual(new Set(Object.values(exitCodes)));
    for (const { exitCode } of Object.values(errorCodes)) expect(told).toContain(exitCode);
  });

  it.each(['mount', 'mountrw', 'unmount', '/mount', 'commit'])('%s says what to do instead', (topic) => {
    expect(helpPage(topic, '1.0')).toContain('"extract" reads files');
    expect(helpPage(topic, '1.0')).toContain('Instead of mounting');
  });

  it('knows no other topic', () => {
    expect(() => helpPage('nonsense', '1.0')).toThrow('no help on "nonsense"');
  });
});

describeWithTools(['wimlib-imagex'], "wimlib-imagex's own help", () => {
  it.each(verbs)('%s has no option that wimsmith does not know', (verb) => {
    const { stdout } = spawnSync('wimlib-imagex', [verb, '--help'], { encoding: 'utf8' });
    const theirs = Array.from(stdout.matchAll(/--([a-z-]+)/g), (match) => match[1]);
    const ours = optionTables[verb].flatMap((spec) => spec.names);
    expect(theirs.filter((name) => !ours.includes(name))).toEqual([]);
  });
});
