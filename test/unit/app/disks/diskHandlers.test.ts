import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDiskHandlers } from '../../../../src-main/app/disks/diskHandlers';
import { createImagingService } from '../../../../src-main/app/imagingService';
import type { EngineHost } from '../../../../src-main/engine/os';
import { DiskShape, PlannedPartitionShape } from '../../../../src-shared/contract/diskShapes';
import { inlineHost } from '../../../support/kill';
import { temporaryDirectory } from '../../../support/tools';

const GB = 2 ** 30;
const control = { name: 'job', signal: new AbortController().signal, report: () => undefined };

describe('the channel of disks', () => {
  const shared: { host: EngineHost; folder: string; disk: string } = {
    host: undefined as unknown as EngineHost,
    folder: '',
    disk: '',
  };
  const handlers = () => createDiskHandlers(shared.host);
  const listing = (session: string, directory: string, more: object = {}) =>
    handlersOf(session).folder({
      session,
      path: directory,
      offset: 0,
      limit: 100,
      sort: 'name',
      descending: false,
      directoriesOnly: false,
      ...more,
    });
  const open = new Map<string, ReturnType<typeof createDiskHandlers>>();
  const handlersOf = (session: string): ReturnType<typeof createDiskHandlers> => open.get(session)!;
  const openVolume = async (volume: string) => {
    const own = handlers();
    const opened = await own.openVolume({ disk: shared.disk, volume }, control);
    open.set(opened.session, own);
    return opened;
  };

  beforeAll(async () => {
    shared.host = await inlineHost();
    shared.folder = temporaryDirectory();
    const source = path.join(shared.folder, 'pc');
    mkdirSync(path.join(source, 'Windows/System32'), { recursive: true });
    mkdirSync(path.join(source, 'Users/Ada'), { recursive: true });
    for (let i = 0; i < 150; i++)
      writeFileSync(path.join(source, 'Users/Ada', `note ${i}.txt`), 'x'.repeat(i));
    const service = createImagingService(shared.host);
    const wim = path.join(shared.folder, 'pc.wim');
    await service.capture({ source, wim, name: 'PC' }, {});
    shared.disk = path.join(shared.folder, 'pc.vhdx');
    const prepare = { layout: 'uefi' as const, size: 4 * GB, format: 'vhdx' as const };
    await service.apply({ wim, image: 1, target: shared.disk, prepare }, {});
  });

  it('says what is on a disk, as the contract has it', async () => {
    const disk = await handlers().info({ disk: shared.disk });
    expect(DiskShape.parse(disk)).toEqual(disk);
    expect(disk).toMatchObject({ format: 'vhdx', kind: 'dynamic', size: 4 * GB, table: 'gpt' });
    expect(disk.partitions.map(({ role, fileSystem }) => [role, fileSystem])).toEqual([
      ['efi', 'fat32'],
      ['msr', 'none'],
      ['windows', 'ntfs'],
      ['recovery', 'ntfs'],
    ]);
    expect(disk.partitions[2]).toMatchObject({
      hasWindows: true,
      found: expect.arrayContaining(['Windows']) as unknown,
    });
  });

  it('plans a layout, also one of a window, which is checked like one from a file', async () => {
    const own = handlers();
    const planned = await own.plan({ layout: 'uefi', size: 64 * GB, sectorSize: 4096 });
    for (const partition of planned) expect(PlannedPartitionShape.parse(partition)).toEqual(partition);
    expect(planned.map(({ bytes }) => bytes / 2 ** 20)).toEqual([260, 16, 64_234, 1024]);
    expect((await own.layouts({})).map(({ name }) => name)).toEqual(['uefi', 'bios', 'data']);
    const two = { role: 'efi', size: '300MB', fileSystem: 'fat32' } as const;
    const plan = () =>
      own.plan({ layout: { table: 'gpt', partitions: [two, two] }, size: GB, sectorSize: 512 });
    expect(plan).toThrow(/only one partition has the role "efi"/);
    expect(() => own.plan({ layout: 'uefi', size: GB, sectorSize: 512 })).toThrow(
      expect.objectContaining({ code: 'disk/too-small' }),
    );
  });

  it.each([
    ['{"table":"gpt"', 'layout/invalid'],
    ['{"table":"gpt","partitions":[{"role":"data","size":"9XB","fileSystem":"ntfs"}]}', 'layout/invalid'],
    [' '.repeat(2 ** 20 + 1), 'layout/invalid'],
  ])('refuses the layout %#', (text, code) => {
    const file = path.join(shared.folder, 'layout.json');
    writeFileSync(file, text);
    expect(() => handlers().readLayout({ path: file })).toThrow(expect.objectContaining({ code }));
  });

  it('lists the folders of a volume in pages, and leaves the disk closed', async () => {
    const opened = await openVolume('auto');
    expect(opened).toMatchObject({ label: 'Windows', files: 150, directories: 4 });
    const root = await listing(opened.session, '/');
    expect(root.rows.map(({ name, kind }) => [name, kind])).toEqual([
      ['Users', 'directory'],
      ['Windows', 'directory'],
    ]);
    const page = await listing(opened.session, '/Users/Ada', { offset: 100, limit: 20, sort: 'size' });
    expect(page.total).toBe(150);
    expect(page.rows.map(({ size }) => size)).toEqual(Array.from({ length: 20 }, (_, i) => 100 + i));
    const folders = await listing(opened.session, '/Windows', { directoriesOnly: true });
    expect(folders.rows.map(({ path: where }) => where)).toEqual(['/Windows/System32']);
    expect(() => listing(opened.session, '/Nowhere')).toThrow(
      expect.objectContaining({ code: 'wim/no-such-path' }),
    );
  });

  it('ends a session whose disk changed', async () => {
    const opened = await openVolume('3');
    const { mtimeMs } = statSync(shared.disk);
    utimesSync(shared.disk, new Date(), new Date(mtimeMs + 5000));
    expect(() => listing(opened.session, '/')).toThrow(expect.objectContaining({ code: 'session/closed' }));
    const again = await openVolume('3');
    await handlersOf(again.session).closeVolume({ session: again.session });
    expect(() => listing(again.session, '/')).toThrow(expect.objectContaining({ code: 'session/closed' }));
  });

  it('says of a volume that it cannot be read', async () => {
    await expect(openVolume('1')).rejects.toMatchObject({
      code: expect.stringMatching(/^(volume|disk)\//) as string,
    });
    await expect(openVolume('9')).rejects.toMatchObject({ code: 'disk/no-such-volume' });
    await expect(
      handlers().openVolume({ disk: path.join(shared.folder, 'pc.wim'), volume: 'auto' }, control),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^disk\//) as string });
  });
});
