import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDisk } from '../../src-main/engine/disk/openDisk';
import { diskConvert } from '../../src-main/engine/disk/ops/diskConvert';
import { diskCreate } from '../../src-main/engine/disk/ops/diskCreate';
import { diskPrepare } from '../../src-main/engine/disk/ops/diskPrepare';
import { summarise } from '../../src-main/engine/disk/ops/summary';
import type { EngineHost } from '../../src-main/engine/os';
import { createNodeFileSystem } from '../../src-main/platform/nodeFileSystem';
import { AppError, CancelledError } from '../../src-shared/errors/appError';
import type { DiskFormat, DiskLayout } from '../../src-shared/model/disks';
import { diskHost, smallLayout } from '../support/disks';
import { temporaryDirectory } from '../support/tools';
import { type Fault, FaultyFiles, Killed } from './faultyFiles';

const SIZE = 80 << 20;
const formats = ['raw', 'vhd', 'vhdx'] as const;
const faults: readonly Fault[] = ['killed before', 'killed within', 'disk full'];
/** Calls that are tried beside the last ones, which make what was written valid. */
const TRIED = 8;

/** What a disk file says of itself, by a system on which nothing fails. */
function state(file: string): string {
  const disk = openDisk(diskHost(), file, 'read');
  try {
    const { table, partitions } = summarise(disk, file);
    const problems = partitions.flatMap(({ problem }) => problem ?? []);
    const systems = partitions.map(({ fileSystem, label }) =>
      label ? `${fileSystem} ${label}` : fileSystem,
    );
    return [table, ...systems, ...problems].join(', ');
  } finally {
    disk.close();
  }
}

const whole = 'gpt, fat32 BOOT, none, ntfs Windows';
const oldLayout: DiskLayout = {
  table: 'mbr',
  partitions: [{ role: 'data', size: 'rest', fileSystem: 'ntfs', label: 'Old' }],
};

/** Runs work with the n-th changing call failing, for some n of all. */
async function atEachCall(
  fault: Fault,
  prepare: () => Promise<void>,
  work: (host: EngineHost) => Promise<unknown>,
  judge: (ended: string) => void,
): Promise<void> {
  await prepare();
  const counting = new FaultyFiles(createNodeFileSystem(), Infinity, fault);
  await work(diskHost({ files: counting.files }));
  const step = Math.max(1, Math.floor(counting.calls / TRIED));
  for (let at = 1; at <= counting.calls; at += at > counting.calls - 5 ? 1 : step) {
    await prepare();
    const faulty = new FaultyFiles(createNodeFileSystem(), at, fault);
    let ended = 'done';
    try {
      await work(diskHost({ files: faulty.files }));
    } catch (error) {
      if (!(error instanceof AppError || error instanceof Killed)) throw error;
      ended = error instanceof AppError ? error.code : 'killed';
    }
    // Only what must not fail the work may be passed over.
    if (fault !== 'disk full') expect(ended).toBe('killed');
    judge(ended);
  }
}

describe.each(formats)('a %s that is made', (format: DiskFormat) => {
  it.each(faults)('%s at any call: the old file is there, or the new one whole', async (fault) => {
    const directory = temporaryDirectory();
    const file = path.join(directory, 'pc.disk');
    await atEachCall(
      fault,
      () => {
        for (const name of readdirSync(directory)) rmSync(path.join(directory, name));
        writeFileSync(file, 'old');
        return Promise.resolve();
      },
      (host) => diskCreate(host, { path: file, size: SIZE, format, layout: smallLayout, overwrite: true }),
      (ended) => {
        const isOld = readFileSync(file).subarray(0, 3).toString() === 'old';
        if (ended === 'done') expect(isOld).toBe(false);
        if (!isOld) expect(state(file)).toBe(whole);
        // What was begun is taken away by who can still do so.
        if (ended === 'io/no-space') expect([isOld, readdirSync(directory)]).toEqual([true, ['pc.disk']]);
      },
    );
  });

  it('is not there when it is cancelled', async () => {
    const directory = temporaryDirectory();
    const file = path.join(directory, 'pc.disk');
    for (let pause = 0; !existsSync(file); pause++) {
      const controller = new AbortController();
      let pauses = 0;
      const breathe = (): Promise<void> => {
        if (pauses++ === pause) controller.abort(new CancelledError());
        return Promise.resolve();
      };
      const work = diskCreate(
        diskHost({ breathe }),
        { path: file, size: SIZE, format, layout: smallLayout },
        { signal: controller.signal },
      );
      await work.catch((error: unknown) => {
        expect(error).toBeInstanceOf(CancelledError);
        expect(readdirSync(directory)).toEqual([]);
      });
    }
    expect(state(file)).toBe(whole);
  });
});

describe.each(formats)('a %s that is prepared anew', (format: DiskFormat) => {
  it.each(faults)('%s at any call: it says what it is', async (fault) => {
    const directory = temporaryDirectory();
    const [old, file] = [path.join(directory, 'old.disk'), path.join(directory, 'pc.disk')];
    await diskCreate(diskHost(), { path: old, size: SIZE, format, layout: oldLayout });
    await atEachCall(
      fault,
      () => {
        copyFileSync(old, file);
        return Promise.resolve();
      },
      (host) => diskPrepare(host, { disk: file, layout: smallLayout, overwrite: true }),
      (ended) => {
        const shown = state(file);
        expect(['mbr, ntfs Old', 'none', whole]).toContain(shown);
        if (ended === 'done') expect(shown).toBe(whole);
      },
    );
  });
});

describe('a disk that is converted', () => {
  it.each(faults)('%s at any call: the file is not there, or whole', async (fault) => {
    const directory = temporaryDirectory();
    const [from, to] = [path.join(directory, 'from.vhdx'), path.join(directory, 'to.vhd')];
    await diskCreate(diskHost(), { path: from, size: SIZE, format: 'vhdx', layout: smallLayout });
    await atEachCall(
      fault,
      () => {
        for (const name of readdirSync(directory)) {
          if (name !== 'from.vhdx') rmSync(path.join(directory, name));
        }
        return Promise.resolve();
      },
      (host) => diskConvert(host, { disk: from, destination: to, format: 'vhd' }),
      (ended) => {
        if (existsSync(to)) expect(state(to)).toBe(whole);
        if (ended === 'done') expect(existsSync(to)).toBe(true);
        expect(state(from)).toBe(whole);
      },
    );
  });
});
