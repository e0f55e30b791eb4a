import { describe, expect, it } from 'vitest';
import { parseDecoration } from '../../../../src-main/engine/inf/decoration';
import { modelsFor } from '../../../../src-main/engine/inf/models';
import { parseInf } from '../../../../src-main/engine/inf/parseInf';
import type { DriverArchitecture, WindowsTarget } from '../../../../src-shared/model/drivers';
import { infBytes } from '../../../support/infs';

function windows(
  build: number,
  architecture: DriverArchitecture = 'amd64',
  productType: WindowsTarget['productType'] = 'workstation',
  [major, minor] = [10, 0],
): WindowsTarget {
  return { label: 'test', major, minor, build, architecture, productType };
}

/** Names of the sections that a Windows takes of [Manufacturer] lines whose sections are all there. */
function taken(lines: readonly string[], target: WindowsTarget, also: readonly string[] = []): string[] {
  const sections = new Set(also);
  for (const line of lines) {
    const [base, ...decorations] = line.split(/\s*,\s*/);
    for (const one of decorations) sections.add(`${base}.${one}`);
  }
  const text =
    `[Version]\nSignature=$Windows NT$\n[Manufacturer]\n${lines.map((line) => `%m% = ${line}\n`).join('')}` +
    [...sections].map((name) => `[${name}]\nd=install,HW\\1\n`).join('');
  return modelsFor(parseInf(infBytes(text), 'test.inf'), target).map(({ section }) => section);
}

describe('a decoration', () => {
  it.each([
    ['NT', {}],
    ['ntAMD64', { architecture: 'amd64' }],
    ['NTx86.5.1', { architecture: 'x86', major: 5, minor: 1 }],
    ['NTarm64.10.0...17763', { architecture: 'arm64', major: 10, minor: 0, build: 17763 }],
    ['NT.6.0.0x3.0x80', { major: 6, minor: 0, productType: 3, suiteMask: 0x80 }],
    ['NTia64....0x80', { architecture: 'ia64', suiteMask: 0x80 }],
    ['NTamd64.10', { architecture: 'amd64', major: 10 }],
  ])('%s is read', (text, parts) => {
    expect(parseDecoration(text)).toEqual({ text, ...parts });
  });

  it.each(['', 'amd64', 'NTmips', 'NT.x', 'NT.1.2.3.4.5.6', 'NTamd64.10.0-1', 'Services'])(
    '%s is none',
    (text) => {
      expect(parseDecoration(text)).toBeUndefined();
    },
  );
});

describe('of the sections of one manufacturer, Windows takes', () => {
  // The examples of Microsoft's documentation of [Manufacturer] and of TargetOSVersion.
  const single = ['M,NTamd64.10.0...17134,NTamd64.10.0...17763'];
  const versions = ['M,NTamd64.6.1,NTamd64.10.0,NTamd64.10.0...14393'];
  const xp = ['M, NT, NT.5, NT.5.5, NT....0x80'];
  it.each<[string, string[], WindowsTarget, string[]]>([
    ['none that is newer', single, windows(16299), []],
    ['the build', single, windows(17134), ['M.NTamd64.10.0...17134']],
    ['the build below', single, windows(17200), ['M.NTamd64.10.0...17134']],
    ['the highest build', single, windows(26100), ['M.NTamd64.10.0...17763']],
    ['the old version', versions, windows(9600, 'amd64', 'workstation', [6, 3]), ['M.NTamd64.6.1']],
    ['the version without a build', versions, windows(10240), ['M.NTamd64.10.0']],
    ['the version with the build', versions, windows(19045), ['M.NTamd64.10.0...14393']],
    ['a version before a suite', xp, windows(2600, 'x86', 'workstation', [5, 1]), ['M.NT.5']],
    [
      'a build of an older version',
      ['M,NTamd64.10.0...30000'],
      windows(20000, 'amd64', 'workstation', [11, 0]),
      ['M.NTamd64.10.0...30000'],
    ],
    ['no build before builds counted', ['M,NTamd64.10.0...10240'], windows(10240), []],
    [
      'its product type',
      ['M,NTamd64.10.0,NTamd64.10.0.3'],
      windows(26100, 'amd64', 'server'),
      ['M.NTamd64.10.0.3'],
    ],
    ['no other product type', ['M,NTamd64.10.0,NTamd64.10.0.3'], windows(26100), ['M.NTamd64.10.0']],
    ['no suite of few', ['M,NTamd64....0x80'], windows(26100), []],
    ['no other architecture', ['M,NTx86,NTarm64'], windows(26100), []],
    ['its architecture', ['M,NTx86,NTarm64,NTamd64'], windows(26100, 'arm64'), ['M.NTarm64']],
    ['nothing of any architecture but x86', ['M,NT,NT.10.0'], windows(26100), []],
    ['one of any architecture for x86', ['M,NT,NT.10.0'], windows(19045, 'x86'), ['M.NT.10.0']],
    [
      'one for each line',
      ['A,NTamd64.10.0...17134', 'B,NTamd64.10.0...22000'],
      windows(22000),
      ['A.NTamd64.10.0...17134', 'B.NTamd64.10.0...22000'],
    ],
    [
      'a later one only where it is for it',
      ['A,NTamd64.10.0...17134', 'B,NTamd64.10.0...22000'],
      windows(19045),
      ['A.NTamd64.10.0...17134'],
    ],
  ])('%s', (_, lines, target, expected) => {
    expect(taken(lines, target)).toEqual(expected);
  });

  it('the undecorated one for x86 only, and only where no other is for it', () => {
    expect(taken(['M,NTx86.6.0'], windows(19045, 'x86'), ['M'])).toEqual(['M.NTx86.6.0']);
    expect(taken(['M,NTx86.6.0'], windows(2600, 'x86', 'workstation', [5, 1]), ['M'])).toEqual(['M']);
    expect(taken(['M'], windows(26100), ['M'])).toEqual([]);
  });

  it('a section of each line, though another line has it, too', () => {
    const lines = ['M,NTamd64,NTamd64.10.0', 'M,NTamd64'];
    expect(taken(lines, windows(26100))).toEqual(['M.NTamd64.10.0', 'M.NTamd64']);
  });

  it('an empty or a missing one, so that nothing is there for it', () => {
    const text =
      '[Version]\nSignature=$Windows NT$\n[Manufacturer]\nm=M,NTamd64.6.1,NTamd64.10.0,NTamd64.10.0...22000\n' +
      '[M.NTamd64.6.1]\nd=i,HW\\1\n[M.NTamd64.10.0]\n';
    const inf = parseInf(infBytes(text), 'test.inf');
    expect(modelsFor(inf, windows(7601, 'amd64', 'workstation', [6, 1]))[0].models).toHaveLength(1);
    expect(modelsFor(inf, windows(19045)).map(({ section, models }) => [section, models])).toEqual([
      ['M.NTamd64.10.0', []],
    ]);
    expect(modelsFor(inf, windows(26100))[0].models).toEqual([]);
    expect(inf.architectures).toEqual(['amd64']);
  });
});
