import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reasonWithoutWine, startWine, type WineMachine } from '../../support/wine';
import '../../support/cli';

/** Wine knows files and volumes; of disks it answers some control codes, with made-up sizes and without extents. */
const reason = reasonWithoutWine();
const title = 'disks on Windows, as wine has it';

describe.skipIf(reason !== undefined)(reason === undefined ? title : `${title} [${reason}]`, () => {
  let windows: WineMachine;
  beforeAll(() => {
    windows = startWine();
  });
  afterAll(() => windows.stop());

  it('are made, described and converted as files', () => {
    const [file, copy] = [windows.at('pc.vhdx'), windows.at('pc.vhd')];
    const made = windows.wimsmith('disk', 'create', file, '--size=1400M', '--layout=uefi');
    expect([made.status, made.stderr]).toEqual([0, '']);
    expect(windows.wimsmith('disk', 'convert', file, copy).status).toBe(0);
    const { stdout } = windows.wimsmith('disk', 'info', copy, '--json');
    const { result } = JSON.parse(stdout) as { result: { partitions: { label?: string }[] } };
    expect(result.partitions.map(({ label }) => label)).toEqual(['SYSTEM', undefined, 'Windows', 'Recovery']);
  });

  it('are not listed where the system does not tell on which disk it lies', () => {
    const { status, stderr } = windows.wimsmith('disk', 'list');
    expect([status, stderr]).toEqual([8, expect.stringContaining('does not tell on which disk')]);
    expect(windows.wimsmith('disk', 'wipe', '\\\\.\\PhysicalDrive0', '--confirm=x').status).toBe(8);
  });
});
