import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { openNtfs } from '../../src-main/engine/ntfs/read/openNtfs';
import type { CaptureReport } from '../../src-shared/model/reports';
import { wimlib, wimsmithOutcome } from '../support/cli';
import { editRecord } from '../support/damagedVolumes';
import { memoryDeviceOfFile, type MemoryDevice } from '../support/memoryDevice';
import { makeVolume, withMount } from '../support/ntfsVolumes';
import { describeWithTools, temporaryDirectory } from '../support/tools';

const RECORD_SIZE = 1024;

describeWithTools(['mkntfs', 'ntfs-3g', 'wimlib-imagex'], 'a volume that lost a file', () => {
  let whole: MemoryDevice;
  beforeAll(() => {
    const image = makeVolume(8 << 20);
    withMount(image, (root) => {
      mkdirSync(path.join(root, 'dir'));
      for (const name of ['kept', 'dir/lost', 'dir/kept too']) writeFileSync(path.join(root, name), name);
    });
    whole = memoryDeviceOfFile(image);
  });

  /** The volume in a file, after one record was damaged. */
  function damaged(damage: (device: MemoryDevice, record: number) => void): {
    image: string;
    record: number;
  } {
    const device = whole.copy();
    const record = openNtfs(device, { skipState: true }).find('/dir/lost')?.record ?? -1;
    damage(device, record);
    const image = path.join(temporaryDirectory(), 'volume.img');
    device.save(image);
    return { image, record };
  }
  const zeroed = () =>
    damaged((device, record) => {
      const { mft } = openNtfs(device, { skipState: true });
      device.write(mft.deviceOffset(record * RECORD_SIZE), new Uint8Array(RECORD_SIZE));
    });
  const strayed = () =>
    damaged((device, record) => {
      editRecord(device, record, (view) => {
        view.setUint8(0x20, 0x40);
      });
    });

  it.each([
    ['zeroed', zeroed, /a file is lost: the record is marked as in use, and nothing is in its place/],
    ['that names a base record', strayed, /a part of record 64, which does not name it; a file may be lost/],
  ] as const)('its record %s: is captured with exit code 2 and the rest', (_what, make, problem) => {
    const { image, record } = make();
    const wim = path.join(temporaryDirectory(), 'captured.wim');
    const { status, stdout, stderr } = wimsmithOutcome('capture', image, wim, '--compress=none');
    expect({ status, stderr }).toMatchObject({ status: 2 });
    expect(stdout).toContain('Damaged on the volume, and missing in the image (1):');
    expect(stdout).toMatch(problem);
    expect(stdout).not.toContain('Not kept');
    expect(stderr).toContain(`damaged in 1 place`);
    expect(stderr).toContain(`record ${record}`);
    const listed = wimlib('dir', wim, '1').trim().split('\n');
    expect(listed).toEqual(['/', '/dir', '/dir/kept too', '/kept']);
  });

  it('is captured with the list in the JSON document; a plan, an extraction and a listing tell it', () => {
    const { image, record } = zeroed();
    const wim = path.join(temporaryDirectory(), 'captured.wim');
    const asked = ['capture', image, wim, '--compress=none', '--json'];
    for (const more of [['--dry-run'], []]) {
      const { status, stdout } = wimsmithOutcome(...asked, ...more);
      expect(status).toBe(2);
      const { result } = JSON.parse(stdout) as { readonly result: CaptureReport };
      expect(result.damaged?.map((remark) => remark.path)).toEqual([`/$MFT: record ${record}`]);
      expect(result.notKept).toEqual([]);
    }
    const target = path.join(temporaryDirectory(), 'extracted');
    const extracted = wimsmithOutcome('extract', image, '--volume=auto', `--dest-dir=${target}`);
    expect(extracted.stdout).toContain('Damaged on the volume, and missing in what was extracted (1):');
    const listed = wimsmithOutcome('dir', image, '--volume=auto');
    expect(listed.stderr).toContain(`record ${record}: a file is lost`);
  });

  it('that is whole is captured with exit code 0', () => {
    const { image } = damaged(() => undefined);
    const wim = path.join(temporaryDirectory(), 'captured.wim');
    const { status, stdout } = wimsmithOutcome('capture', image, wim, '--compress=none', '--json');
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as { readonly result: CaptureReport }).result.damaged).toEqual([]);
  });
});
