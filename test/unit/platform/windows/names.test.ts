import { describe, expect, it } from 'vitest';
import { nameRulesOf, repairSuffix } from '../../../../src-main/platform/posix/targetNames';

const rules = nameRulesOf('win32');

describe('names on Windows', () => {
  it.each(['<', '>', ':', '"', '|', '?', '*', '/', '\\', '\0', '\u001f'])('have no %j', (character) => {
    const name = `a${character}b`;
    expect(rules.problem(name)).toMatch(/does not allow/);
    expect(rules.repair(name, repairSuffix(1))).toBe('a\ufffdb (invalid filename #1)');
  });

  it.each(['con', 'PRN', 'aux.tar.gz', 'Nul.', 'COM9', 'lpt1.txt', 'com¹', 'CONIN$', 'conout$.x'])(
    'are none of a device: %s',
    (name) => {
      expect(rules.problem(name)).toMatch(/device/);
      const repaired = rules.repair(name, repairSuffix(2));
      expect(repaired).toBe(`_${name} (invalid filename #2)`);
      expect(rules.problem(repaired)).toBeUndefined();
    },
  );

  it.each(['com0', 'lpt10', 'console', 'xcon', ' con', 'co n', '.con', 'a.con', 'clock$'])(
    'may look like one: %s',
    (name) => {
      expect(rules.problem(name)).toBeUndefined();
    },
  );

  it('do not end with a dot or a blank', () => {
    for (const name of ['a.', 'a ', 'a. .', '...', ' ']) expect(rules.problem(name), name).toBeDefined();
    for (const name of ['.a', ' a', 'a.b c']) expect(rules.problem(name), name).toBeUndefined();
  });

  it('have up to 255 UTF-16 code units', () => {
    expect(rules.problem('😀'.repeat(127) + 'x')).toBeUndefined();
    expect(rules.problem('😀'.repeat(128))).toMatch(/255/);
  });

  it('are one when they differ in case only', () => {
    for (const [a, b] of ['aA', 'äÄ', 'σΣ', 'жЖ', 'ÿŸ']) expect(rules.key(a), a).toBe(rules.key(b));
    expect(rules.key('Case.TXT')).toBe(rules.key('cASE.txt'));
  });

  it('are two when Windows has no capital for a letter, or one of another length', () => {
    for (const [a, b] of ['ıI', 'ſS', 'µΜ', 'ΐι']) expect(rules.key(a), a).not.toBe(rules.key(b));
    expect(rules.key('straße')).not.toBe(rules.key('STRASSE'));
    expect(rules.key('sıra')).not.toBe(rules.key('sira'));
    expect(rules.key('sıRA')).toBe(rules.key('Sıra'));
  });
});
