import { describe, expect, it } from 'vitest';
import {
  assertPlannable,
  assertTarget,
  cautionsOf,
  refusalOf,
  withRefusals,
} from '../../../../src-main/engine/disk/guard';
import { AppError } from '../../../../src-shared/errors/appError';
import { diskFacts } from '../../../support/disks';

const disk = diskFacts();
const asked = { identity: disk.identity, confirmation: disk.name, sources: [] };

function codeOf(call: () => void): string {
  try {
    call();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'allowed';
}

describe('a disk that may not be a target', () => {
  it.each([
    [
      'the system disk',
      { isSystem: true, uses: ['/ (ext4)'] },
      'disk/refused',
      'the running system: / (ext4)',
    ],
    [
      'the system disk, whatever else',
      { isSystem: true, readOnly: true },
      'disk/refused',
      'the running system',
    ],
    ['one that is mounted', { uses: ['/media/usb (vfat)'] }, 'disk/in-use', 'in use: /media/usb (vfat)'],
    ['one that something holds', { uses: ['LVM volume vg0-home'] }, 'disk/in-use', 'LVM volume vg0-home'],
    ['one that is read-only', { readOnly: true }, 'disk/refused', 'read-only'],
    ['a reader without a card', { size: 0 }, 'disk/refused', 'no medium'],
  ] as const)('%s', (_, facts, code, words) => {
    const refused = diskFacts(facts);
    expect(refusalOf(refused, [refused])).toEqual({ code, reason: expect.stringContaining(words) as string });
    expect(codeOf(() => assertTarget(refused, [refused], { ...asked, identity: refused.identity }))).toBe(
      code,
    );
    expect(codeOf(() => assertPlannable(refused, [refused], asked))).toBe(code);
    expect(withRefusals([refused])[0].refusal).toContain(words);
  });

  it('one of two that cannot be told apart', () => {
    const twin = diskFacts({ path: '/dev/sdc' });
    expect(refusalOf(disk, [disk, twin])?.reason).toContain('/dev/sdc');
    expect(codeOf(() => assertTarget(disk, [disk, twin], asked))).toBe('disk/refused');
    expect(withRefusals([disk, twin]).map(({ refusal }) => refusal !== undefined)).toEqual([true, true]);
  });

  it('the one that holds the image', () => {
    const sources = [
      { file: '/srv/other.wim', disks: ['/dev/sda'] },
      { file: '/media/lab.wim', disks: ['/dev/sda', '/dev/sdb'] },
    ];
    expect(() => assertTarget(disk, [disk], { ...asked, sources })).toThrow('/media/lab.wim lies on it');
    expect(codeOf(() => assertPlannable(disk, [disk], { ...asked, sources }))).toBe('disk/refused');
  });
});

describe('a disk that is not the one that is meant', () => {
  it('has the same path and another identity', () => {
    const other = diskFacts({ serial: 'OTHER', identity: 'serial:OTHER size:134217728 bus:usb' });
    expect(codeOf(() => assertTarget(other, [other], asked))).toBe('disk/changed');
    expect(codeOf(() => assertPlannable(other, [other], asked))).toBe('disk/changed');
  });
});

describe('the confirmation', () => {
  it.each([undefined, '', 'sandisk ultra', 'SanDisk Ultra ', 'SanDisk', '/dev/sdb', 'yes'])(
    '%j is not the name',
    (confirmation) => {
      expect(codeOf(() => assertTarget(disk, [disk], { ...asked, confirmation }))).toBe(
        'disk/needs-confirmation',
      );
    },
  );

  it('is the name exactly; a plan needs none', () => {
    expect(codeOf(() => assertTarget(disk, [disk], asked))).toBe('allowed');
    expect(codeOf(() => assertTarget(disk, [disk], { ...asked, identity: undefined }))).toBe('allowed');
    expect(codeOf(() => assertPlannable(disk, [disk], { sources: [] }))).toBe('allowed');
  });
});

describe('cautions', () => {
  it('say honestly when a disk has no serial number', () => {
    expect(cautionsOf(disk)).toEqual([]);
    expect(cautionsOf(diskFacts({ serial: '' }))).toEqual([expect.stringContaining('no serial number')]);
    expect(cautionsOf(diskFacts({ serial: '', wwn: 'naa.5000' }))).toEqual([]);
    expect(cautionsOf(diskFacts({ letters: ['D:\\'] }))).toEqual([expect.stringContaining('D:\\')]);
  });
});
