import { closeSync, copyFileSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { DiskReport, DiskSummary } from '../../../src-shared/model/disks';
import { succeed, wimsmith, wimsmithOutcome, wimsmithResult } from '../../support/cli';
import { describeWithTools, temporaryDirectory } from '../../support/tools';

const SECTOR = 512;
const SIZE = 64 << 20;

/** Writes over a few bytes of a file. */
function damage(file: string, offset: number): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.from('damage'), 0, 6, offset);
  closeSync(fd);
}

describeWithTools(['sgdisk'], 'disk repair', () => {
  let good: string;

  beforeAll(() => {
    good = path.join(temporaryDirectory(), 'good.img');
    wimsmith('disk', 'create', good, `--size=${SIZE}`, '--layout=data');
  });

  const copy = (...places: number[]): string => {
    const file = path.join(temporaryDirectory(), 'disk.img');
    copyFileSync(good, file);
    for (const place of places) damage(file, place);
    return file;
  };

  it.each([
    ['the header of the primary copy', SECTOR + 0x48, /primary GPT written/],
    ['an entry of the primary copy', 2 * SECTOR + 0x20, /primary GPT written/],
    ['the header of the backup', SIZE - SECTOR + 0x30, /backup GPT written/],
    ['an entry of the backup', SIZE - 33 * SECTOR + 0x100, /backup GPT written/],
    ['the protective MBR', 0x1be + 4, /MBR written/],
  ])('mends %s from the other copy, and nothing else', (_, place, step) => {
    const file = copy(place);
    expect(wimsmithResult<DiskSummary>('disk', 'info', file).warnings).not.toEqual([]);
    const before = readFileSync(file);
    const plan = wimsmithResult<DiskReport>('disk', 'repair', file, '--dry-run').plan;
    expect(plan?.steps.join()).toMatch(step);
    expect(readFileSync(file).equals(before)).toBe(true);
    wimsmith('disk', 'repair', file);
    expect(succeed('sgdisk', '-v', file)).toContain('No problems found');
    expect(readFileSync(file).equals(readFileSync(good))).toBe(true);
  });

  it('finds nothing to do on a good disk', () => {
    const file = copy();
    wimsmith('disk', 'repair', file);
    expect(readFileSync(file).equals(readFileSync(good))).toBe(true);
  });

  it('writes nothing when neither copy is good', () => {
    const file = copy(SECTOR + 0x48, SIZE - SECTOR + 0x30);
    const before = readFileSync(file);
    const outcome = wimsmithOutcome('disk', 'repair', file);
    expect(outcome.status).toBe(2);
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});
