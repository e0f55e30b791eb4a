import { describe, expect, it } from 'vitest';
import { knownWindows, windowsTarget } from '../../../../../src-main/engine/inf/match/windowsTargets';
import { refusal } from '../../../../support/refusal';

describe('windowsTarget', () => {
  it('finds every known one by its name', () => {
    for (const known of knownWindows) {
      const target = windowsTarget(known.name, known.architectures[0]);
      expect([target.major, target.minor, target.build, target.productType]).toEqual([
        known.major,
        known.minor,
        known.build,
        known.productType,
      ]);
      expect(target.label).toBe(known.title);
    }
  });

  it.each([
    ['11-24h2', 'Windows 11 24H2', 26100],
    ['Windows 11 24H2', 'Windows 11 24H2', 26100],
    ['10', 'Windows 10 22H2', 19045],
    ['10.0.26100', 'Windows 11 24H2 (10.0.26100)', 26100],
    ['10.0.20348.169', 'Windows 10.0.20348', 20348],
    ['server-10.0.20348', 'Windows Server 2022 (10.0.20348)', 20348],
    ['Server 2012 R2', 'Windows Server 2012 R2', 9600],
    ['8.1', 'Windows 8.1', 9600],
  ])('%s', (text, label, build) => {
    expect(windowsTarget(text, 'amd64')).toMatchObject({ label, build, architecture: 'amd64' });
  });

  it.each(['', '12', 'linux', '10.0', '10.0.x', '99999.0.1'])('refuses "%s"', (text) => {
    expect(refusal(() => windowsTarget(text, 'amd64')).code).toBe('drivers/windows-unknown');
  });

  it('refuses an architecture that there is none for', () => {
    expect(refusal(() => windowsTarget('11-24H2', 'x86')).message).toBe(
      'there is no Windows 11 24H2 for x86',
    );
  });
});
