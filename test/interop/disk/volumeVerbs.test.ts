import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { compare } from '../../../src-shared/contract/compare';
import type { DiskSummary } from '../../../src-shared/model/disks';
import type { ApplyReport } from '../../../src-shared/model/reports';
import type { EntryDetails } from '../../../src-shared/model/summaries';
import { createCompareHandlers } from '../../../src-main/app/compare/compareHandlers';
import { makeNtfsVolume, ntfsTools, reasonWithoutNtfs } from '../../fidelity/ntfsVolume';
import { tokenize, type DentryTokens } from '../../fidelity/tokenizer';
import { run, succeed, wimlib, wimsmith, wimsmithOutcome, wimsmithResult } from '../../support/cli';
import { jobControl, nodeHost } from '../../support/handlers';
import { describeWithTools, requireTool, temporaryDirectory } from '../../support/tools';

const MIB = 1 << 20;
/** The item of the volume's extended attribute: 11 bytes, "TES" = "abc". */
const EXTENDED_ATTRIBUTES = '020000000b0000000300030054455300616263';
/** Mounting takes root; the tools are asked for below. */
const reason = reasonWithoutNtfs();
const itMounted = it.skipIf(reason !== undefined);

/** What a WIM's first image says of each path, whatever the order and the numbers it gives. */
function entriesOf(wim: string): Map<string, unknown> {
  const [image] = tokenize(wim).images;
  const entries = new Map<string, unknown>();
  for (const entry of image.dentries) {
    const { securityId, link, streams, sha1, ...kept } = entry;
    entries.set(entry.path, {
      ...kept,
      // An empty list of children and none are the same.
      hasChildList: undefined,
      security: image.securityDescriptors[securityId] ?? 'none',
      // The last word says whether a link was fixed up: wimlib 1.13 says so of all links of a volume, 1.14.5 of none.
      link: entry.attributes & 0x400 ? link.slice(0, 12) : link !== '',
      // wimlib 1.13 does not read extended attributes of a volume.
      tagged: withoutAttributes(entry.tagged),
      streams: streamsOf({ ...entry, sha1, streams }),
    });
  }
  return entries;
}

/** Tagged items, as hex, without that of extended attributes, which comes last: tag 2, size, value. */
function withoutAttributes(tagged: string): string {
  const at = tagged.indexOf(EXTENDED_ATTRIBUTES);
  return at < 0 ? tagged : tagged.slice(0, at);
}

/** Streams with data, wherever the dentry has them: wimlib gives some entries an empty unnamed one beside the others. */
function streamsOf({ sha1, streams }: DentryTokens): string[] {
  const empty = '0'.repeat(40);
  return [{ name: '', sha1 }, ...streams]
    .filter((stream) => stream.sha1 !== empty || stream.name !== '')
    .map(({ name, sha1: hash }) => `${name}:${hash}`)
    .sort();
}

/** A copy of a partition of a disk file as a file of its own. */
function partitionFile(disk: string, number: number): string {
  const raw = `${disk}.raw`;
  succeed('qemu-img', 'convert', '-O', 'raw', disk, raw);
  const { partitions } = wimsmithResult<DiskSummary>('disk', 'info', raw);
  const found = partitions.find((partition) => partition.number === number);
  if (found === undefined) throw new Error(`no partition ${number}`);
  const volume = `${disk}.volume`;
  succeed(
    'dd',
    `if=${raw}`,
    `of=${volume}`,
    'bs=1M',
    'conv=sparse',
    'iflag=skip_bytes,count_bytes',
    `skip=${found.offset}`,
    `count=${found.size}`,
  );
  truncateSync(volume, found.size);
  return volume;
}

describeWithTools([...ntfsTools, 'qemu-img', 'sgdisk', 'mcopy', 'fsck.vfat'], 'verbs on volumes', () => {
  let volume = '';
  /** wimlib's capture of it. */
  let reference = '';

  beforeAll(() => {
    if (reason !== undefined) {
      requireTool(...ntfsTools);
      return;
    }
    volume = makeNtfsVolume();
    reference = path.join(temporaryDirectory(), 'reference.wim');
    wimlib('capture', volume, reference, '--compress=none');
  });

  itMounted('capture and append take a volume for what wimlib-imagex takes it for', () => {
    const wim = path.join(temporaryDirectory(), 'ours.wim');
    wimsmith('capture', volume, wim, '--compress=none');
    expect(entriesOf(wim)).toEqual(entriesOf(reference));
    const tagged = tokenize(wim).images[0].dentries.find(({ path: name }) => name === '/file')?.tagged;
    expect(tagged).toContain(EXTENDED_ATTRIBUTES);
    wimlib('verify', wim);
    const before = statSync(wim).size;
    wimsmith('append', volume, wim, 'again');
    // Nothing but metadata is new.
    expect(statSync(wim).size - before).toBeLessThan(20_000);
  });

  itMounted.each([
    ['vhdx', 'uefi', 3],
    ['vhd', 'bios', 2],
    ['raw', 'data', 2],
  ] as const)('apply makes a %s with the layout %s and the image in it', (format, layout, number) => {
    const directory = temporaryDirectory();
    const disk = path.join(directory, `pc.${format === 'raw' ? 'img' : format}`);
    const report = wimsmithResult<ApplyReport>(
      'apply',
      reference,
      '1',
      disk,
      `--prepare=${layout}`,
      '--size=1500M',
    );
    expect(report.notKept).toEqual([]);
    expect(readdirSync(directory)).toEqual([path.basename(disk)]);
    const inside = partitionFile(disk, number);
    expect(succeed('ntfsfix', '-n', inside)).toContain('was processed successfully');
    if (layout !== 'bios') expect(succeed('sgdisk', '-v', `${disk}.raw`)).toContain('No problems found');

    const theirs = path.join(directory, 'theirs.wim');
    wimlib('capture', inside, theirs, '--compress=none');
    expect(entriesOf(theirs)).toEqual(entriesOf(reference));
    const ours = path.join(directory, 'ours.wim');
    wimsmith('capture', disk, ours, '--compress=none', `--volume=${number}`);
    expect(entriesOf(ours)).toEqual(entriesOf(reference));
  });

  itMounted(
    'apply formats a volume of a disk anew, when that is allowed, and leaves the others as they are',
    () => {
      const directory = temporaryDirectory();
      const disk = path.join(directory, 'pc.vhdx');
      wimsmith('disk', 'create', disk, '--size=1500M', '--layout=uefi');
      const before = wimsmithResult<DiskSummary>('disk', 'info', disk);
      wimsmith('apply', reference, '1', disk);
      const refused = wimsmithOutcome('apply', reference, '1', disk);
      expect(refused.status).toBe(4);
      expect(refused.stderr).toMatch(/volume 3 is not empty.*--overwrite/s);
      const untouched = readFileSync(disk);
      const plan = wimsmithResult<ApplyReport>('apply', reference, '1', disk, '--overwrite', '--dry-run');
      expect(plan.disk?.plan?.erases).toMatchObject([
        { found: expect.arrayContaining(['dir', 'file']) as unknown },
      ]);
      expect(readFileSync(disk).equals(untouched)).toBe(true);
      wimsmith('apply', reference, '1', disk, '--volume=windows', '--overwrite');
      const after = wimsmithResult<DiskSummary>('disk', 'info', disk);
      const others = ({ partitions }: DiskSummary): unknown => partitions.filter((_, i) => i !== 2);
      expect(others(after)).toEqual(others(before));
      expect(after.diskId).toBe(before.diskId);
      expect(entriesOfDisk(disk, 3)).toEqual(entriesOf(reference));
    },
  );

  function entriesOfDisk(disk: string, number: number): Map<string, unknown> {
    const wim = path.join(temporaryDirectory(), 'of.wim');
    wimlib('capture', partitionFile(disk, number), wim, '--compress=none');
    return entriesOf(wim);
  }

  itMounted('apply fills a FAT32 volume with what that keeps, and says what it does not', () => {
    const directory = temporaryDirectory();
    const disk = path.join(directory, 'pc.img');
    wimsmith('disk', 'create', disk, '--size=1500M', '--layout=uefi');
    const report = wimsmithResult<ApplyReport>('apply', reference, '1', disk, '--volume=1');
    expect(report.notKept.map(({ path: name }) => name)).toEqual(
      expect.arrayContaining(['/junction', '/hard link']),
    );
    expect(succeed('mcopy', '-i', `${disk}@@1M`, '::long file name.txt', '-')).toBe(
      'content of long file name.txt',
    );
    const esp = `${disk}.esp`;
    succeed('dd', `if=${disk}`, `of=${esp}`, 'bs=1M', 'skip=1', 'count=260');
    succeed('fsck.vfat', '-n', esp);
    const source = wimsmithOutcome('dir', disk, '--volume=1');
    expect(source.status).toBe(8);
    expect(source.stderr).toMatch(/volume 1 is FAT32/);
  });

  itMounted.each(['xpress8k', 'lzx'])('apply --compact=%s keeps files compressed on the volume', (format) => {
    const directory = temporaryDirectory();
    const tree = path.join(directory, 'tree');
    mkdirSync(path.join(tree, 'Windows/System32'), { recursive: true });
    const text = Buffer.from('a line of text that is like the next one\n'.repeat(20_000));
    for (const name of ['one.dll', 'two.dll', 'three.txt'])
      writeFileSync(path.join(tree, 'Windows/System32', name), text.subarray(0, text.length - name.length));
    const wim = path.join(directory, 'tree.wim');
    wimlib('capture', tree, wim);
    const usedBy = (...options: string[]): { disk: string; used: number } => {
      const disk = path.join(directory, `disk${options.length}.img`);
      wimsmith('apply', wim, '1', disk, '--prepare=data', '--size=100M', ...options);
      return { disk, used: wimsmithResult<DiskSummary>('disk', 'info', disk).partitions[1].used ?? 0 };
    };
    const plain = usedBy();
    const compact = usedBy(`--compact=${format}`);
    expect(plain.used - compact.used).toBeGreaterThan(1.5 * text.length);
    const inside = partitionFile(compact.disk, 2);
    expect(succeed('ntfsfix', '-n', inside)).toContain('was processed successfully');
    const info = succeed('ntfsinfo', '-F', '/Windows/System32/one.dll', inside);
    expect(info).toContain('WofCompressedData');
    const out = path.join(directory, 'out');
    wimsmith('extract', compact.disk, '--volume=2', `--dest-dir=${out}`);
    expect(run('diff', ['-r', out, tree])).toMatchObject({ status: 0, stdout: '' });
  });

  itMounted('dir tells what dir of a captured image tells', () => {
    const paths = wimsmith('dir', volume).split('\n');
    expect(paths).toEqual(wimsmith('dir', reference, '1').split('\n'));
    const details = (...of: string[]): unknown[] =>
      wimsmithResult<EntryDetails[]>('dir', ...of, '--detailed').map(
        ({ streams, hardLinkGroup, ...entry }) => ({
          ...entry,
          linked: hardLinkGroup !== '0',
          streams: streams
            .filter(({ size }) => size > 0)
            .map(({ kind, name, size }) => `${kind} ${name} ${size}`)
            .sort(),
        }),
      );
    expect(details(volume, '--volume=0')).toEqual(details(reference, '1'));
  });

  itMounted('extract writes files and data as from an image', () => {
    const directory = temporaryDirectory();
    const [fromVolume, fromImage] = ['volume', 'image'].map((name) => path.join(directory, name));
    wimsmith('extract', volume, '/file', '/dir', `--dest-dir=${fromVolume}`);
    wimsmith('extract', reference, '1', '/file', '/dir', `--dest-dir=${fromImage}`);
    expect(run('diff', ['-r', fromVolume, fromImage])).toMatchObject({ status: 0, stdout: '' });
    expect(statSync(path.join(fromVolume, 'file')).mtimeMs).toBe(
      statSync(path.join(fromImage, 'file')).mtimeMs,
    );
    expect(wimsmith('extract', volume, '/dir/hard link', '--to-stdout')).toBe('content of file');
    const missing = wimsmithOutcome(
      'extract',
      volume,
      '/nothing',
      '--no-globs',
      `--dest-dir=${directory}/none`,
    );
    expect(missing.status).toBe(4);
    expect(existsSync(path.join(directory, 'none'))).toBe(false);
  });

  itMounted(
    'compare finds no difference between a volume and its image, and finds one where there is one',
    async () => {
      const handlers = createCompareHandlers(await nodeHost());
      const left = { kind: 'image', wim: reference, image: 1 } as const;
      const right = { kind: 'volume', disk: volume, volume: 'auto' } as const;
      const same = await handlers.run({ left, right, ignoreTimes: false }, jobControl());
      expect(compare.members.run.out.parse(same)).toEqual(same);
      expect(same.counts).toMatchObject({ added: 0, removed: 0, changed: 0, metadata: 0 });

      const changed = path.join(temporaryDirectory(), 'changed.wim');
      succeed('cp', reference, changed);
      const file = path.join(path.dirname(changed), 'file');
      writeFileSync(file, 'content of FILE');
      wimsmith('update', changed, '1', `--command=add ${file} /file`);
      const differs = await handlers.run(
        { left: { ...left, wim: changed }, right, ignoreTimes: true },
        jobControl(),
      );
      expect(differs.counts.changed).toBeGreaterThan(0);
    },
  );

  itMounted('say which volume is meant when there are several, and which there are', () => {
    const directory = temporaryDirectory();
    const disk = path.join(directory, 'two.vhdx');
    const layout = path.join(directory, 'two.json');
    const data = (label: string): object => ({ role: 'data', size: '50MB', fileSystem: 'ntfs', label });
    writeFileSync(layout, JSON.stringify({ table: 'gpt', partitions: [data('one'), data('two')] }));
    wimsmith('disk', 'create', disk, '--size=200M', `--layout=${layout}`);
    const ambiguous = wimsmithOutcome('dir', disk);
    expect(ambiguous.status).toBe(4);
    expect(ambiguous.stderr).toMatch(/several NTFS volumes.*1 \(ntfs "one".*2 \(ntfs "two"/s);
    wimsmith('apply', reference, '1', disk, '--volume=two');
    expect(wimsmith('dir', disk, '--volume=2')).toContain('/long file name.txt');
    expect(wimsmith('dir', disk, '--volume=one').trim()).toBe('/');
    const none = wimsmithOutcome('dir', disk, '--volume=three');
    expect(none.status).toBe(4);
    expect(none.stderr).toMatch(/no volume "three"/);
  });

  itMounted('refuse what cannot be, before anything is written', () => {
    const directory = temporaryDirectory();
    const disk = path.join(directory, 'pc.vhdx');
    const fails = (status: number, message: RegExp, ...args: string[]): void => {
      const outcome = wimsmithOutcome(...args);
      expect(outcome.stderr).toMatch(message);
      expect(outcome.status).toBe(status);
    };
    fails(4, /not there.*--prepare/s, 'apply', reference, '1', disk);
    fails(6, /does not fit/, 'apply', reference, '1', disk, '--prepare=data', '--size=8M');
    fails(3, /pipe/, 'apply', '-', '1', disk, '--prepare=uefi', '--size=1500M');
    fails(3, /leave out --volume/, 'apply', reference, '1', disk, '--prepare=uefi', '--volume=3');
    fails(3, /belongs to --prepare/, 'apply', reference, '1', disk, '--size=1500M');
    fails(4, /no image/, 'apply', reference, '7', disk, '--prepare=uefi', '--size=1500M');
    expect(readdirSync(directory)).toEqual([]);
    const full = path.join(directory, 'small.img');
    writeFileSync(full, '');
    truncateSync(full, 20 * MIB);
    mkdirSync(path.join(directory, 'big'));
    writeFileSync(path.join(directory, 'big/noise'), Buffer.alloc(30 * MIB, 1));
    const big = path.join(directory, 'big.wim');
    wimsmith('capture', path.join(directory, 'big'), big, '--compress=fast');
    fails(6, /needs/, 'apply', big, '1', full, '--volume=0', '--overwrite');
    expect(readFileSync(full).every((byte) => byte === 0)).toBe(true);
    // What a wrong order of names would replace.
    const disk2 = path.join(directory, 'q.vhdx');
    wimsmith('disk', 'create', disk2, '--size=60M', '--layout=data');
    const before = readFileSync(disk2);
    fails(4, /is the disk that is captured/, 'capture', disk2, disk2);
    fails(4, /is a disk file/, 'capture', path.join(directory, 'big'), disk2);
    fails(2, /not a WIM/, 'export', reference, '1', disk2, '--rebuild');
    expect(readFileSync(disk2).equals(before)).toBe(true);
    const device = path.join(directory, 'null');
    succeed('mknod', device, 'c', '1', '3');
    fails(4, /is a device/, 'capture', path.join(directory, 'big'), device);
    fails(4, /is a device/, 'split', reference, device, '1');
    expect(statSync(device).isCharacterDevice()).toBe(true);
    // The image itself, whose name is that of a disk.
    const own = path.join(directory, 'own.img');
    succeed('cp', reference, own);
    fails(5, /refused/, 'apply', own, '1', own, '--prepare=data', '--overwrite');
    expect(readFileSync(own).equals(readFileSync(reference))).toBe(true);
  });
});
