import { describe, expect, it } from 'vitest';
import { HOLE, RunList } from '../../../../../src-main/engine/ntfs/read/runList';

function runsOf(bytes: readonly number[], lowest: number, highest: number, runs = new RunList(1_000_000)) {
  const view = new DataView(Uint8Array.from(bytes).buffer);
  runs.add(view, 0, bytes.length, lowest, highest, 1000);
  return runs;
}

describe('run lists', () => {
  it('go forwards, backwards and over holes', () => {
    const runs = runsOf([0x21, 0x18, 0x34, 0x56, 0x01, 0x08, 0x11, 0x10, 0xf0, 0x00], 0, 0x2f);
    expect(runs.lcns).toEqual([0x5634, HOLE, 0x5624]);
    expect(runs.lengths).toEqual([0x18, 8, 0x10]);
    expect([runs.clusters, runs.mapped]).toEqual([0x30, 0x28]);
  });

  it('continue in another part, and join runs that touch', () => {
    const runs = runsOf([0x11, 0x05, 0x64, 0x00], 0, 4);
    runsOf([0x11, 0x03, 0x69, 0x00], 5, 7, runs);
    expect([runs.lcns, runs.lengths]).toEqual([[100], [8]]);
  });

  it('read lengths of the size 2 to the power of 7 and of 15 as Windows writes them', () => {
    expect(runsOf([0x12, 0x80, 0x00, 0x64, 0x00], 0, 127).lengths).toEqual([128]);
    expect(runsOf([0x13, 0x00, 0x80, 0x00, 0x64, 0x00], 0, 32767).lengths).toEqual([32768]);
  });

  it.each<
    readonly [title: string, bytes: readonly number[], lowest: number, highest: number, message: RegExp]
  >([
    ['a length of 0', [0x11, 0, 5, 0], 0, 0, /a run of 0 clusters/],
    ['a negative length', [0x11, 0xff, 5, 0], 0, 0, /a run of -1 clusters/],
    ['a header without a length', [0x10, 5, 0], 0, 0, /header 16 is impossible/],
    ['a length of 9 bytes', [0x09, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0], 0, 0, /header 9 is impossible/],
    ['a place before the volume', [0x11, 1, 0xff, 0], 0, 0, /outside the volume/],
    ['a place behind it', [0x31, 1, 0x40, 0x42, 0x0f, 0], 0, 0, /outside the volume/],
    ['no end', [0x11, 1, 5], 0, 0, /it has no end/],
    ['an end inside a run', [0x44, 1, 5], 0, 0, /in the middle of a run/],
    ['another length than it says', [0x11, 4, 5, 0], 0, 9, /ends at cluster 3, and says 9/],
    [
      'a beginning that is not the end before',
      [0x11, 4, 5, 0],
      7,
      10,
      /continues at cluster 7, .* ends at 0/,
    ],
  ])('are refused with %s', (_title, bytes, lowest, highest, message) => {
    expect(() => runsOf(bytes, lowest, highest)).toThrow(message);
    expect(() => runsOf(bytes, lowest, highest)).toThrow(/run list at offset 10\d\d/);
  });

  it('hold no more clusters than the volume', () => {
    const twice = [0x21, 100, 0x05, 0x00, 0x11, 100, 0, 0];
    expect(() => runsOf(twice, 0, 199, new RunList(150))).toThrow(/more than the volume has/);
  });
});
