import { describe, expect, it } from 'vitest';
import { toAppError } from '../../../../src-main/platform/systemErrors';
import { parseFileFacts } from '../../../../src-main/platform/windows/fileAttributes';
import { WindowsError } from '../../../../src-main/platform/windows/kernel32';

describe('what Windows tells of a file', () => {
  it('is attributes and three times, to the last bit', () => {
    const information = Buffer.alloc(36);
    information.writeUInt32LE(0x8000_2007, 0);
    [1n, 0xffff_ffff_ffff_fffen, 250_000_000_000_000_003n].forEach((time, index) =>
      information.writeBigUInt64LE(time, 4 + index * 8),
    );
    expect(parseFileFacts(information)).toEqual({
      attributes: 0x8000_2007,
      creationTime: 1n,
      accessTime: 0xffff_ffff_ffff_fffen,
      writeTime: 250_000_000_000_000_003n,
    });
  });
});

describe('an error of Windows', () => {
  it.each([
    [2, 'io/not-found'],
    [3, 'io/not-found'],
    [5, 'io/no-permission'],
    [19, 'io/read-only'],
    [32, 'io/failed'],
    [112, 'io/no-space'],
    [1392, 'io/failed'],
  ])('%i is %s', (number, code) => {
    const error = toAppError(new WindowsError('CreateFile', 'C:\\x', number), 'open', 'C:\\x');
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^cannot open C:\\x: \w/);
  });

  it('without a name is told by its number', () => {
    const error = toAppError(new WindowsError('CreateFile', 'C:\\x', 1392), 'open', 'C:\\x');
    expect(error.message).toMatch(/1392/);
  });
});
