import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openNtfs } from '../../src-main/engine/ntfs/read/openNtfs';
import { createVolumeSource } from '../../src-main/engine/ntfs/read/volumeSource';
import { FileAttribute, ReparseTag } from '../../src-main/engine/tree/attributes';
import { parseLinkData } from '../../src-main/engine/tree/symlinkReparse';
import { NONE, StreamKind, type Tree } from '../../src-main/engine/tree/tree';
import { openWim, loadImage } from '../../src-main/engine/wim/openWim';
import { createNodeHost } from '../../src-main/workers/nodeHost';
import { addRuns } from '../../src-main/engine/ntfs/read/attributeValue';
import { RunList } from '../../src-main/engine/ntfs/read/runList';
import { undoSequence } from '../../src-main/engine/ntfs/read/sequenceNumbers';
import { AttributeType } from '../../src-main/engine/ntfs/records/attribute';
import { attributeIn } from '../support/damagedVolumes';
import { memoryDevice } from '../support/memoryDevice';
import {
  factsOf,
  hasher,
  readByUs,
  readBySleuthKit,
  scanImage,
  type ReadVolume,
} from '../support/ntfsVolumes';
import { builtKernels, handlers } from '../support/pipeline';
import { describeWithFixtures, fixtures, requireTool, temporaryDirectory } from '../support/tools';

let hash: ReturnType<typeof hasher>;
const host = createNodeHost({ appDirectory: path.resolve('dist') });
beforeAll(async () => {
  const { hashStream } = handlers(await builtKernels());
  hash = hasher((input) => hashStream(input));
});
afterAll(() => host.close());

/**
 * Unpacks a fixture to a sparse file.
 * @param held bytes that hold something to read; the rest is left out, up to `size`
 */
function unpacked(name: string, held = 2 ** 40, size = 0): string {
  const file = path.join(temporaryDirectory(), 'volume.raw');
  const source = fixtures(...name.split('/'));
  if (name.endsWith('.qcow2')) {
    requireTool('qemu-img');
    execFileSync('qemu-img', ['convert', '-O', 'raw', source, file]);
  } else if (name.endsWith('.tar.gz')) {
    execFileSync('tar', ['-S', '-xzf', source, '-C', path.dirname(file), '--transform=s/.*/volume.raw/']);
  } else {
    const reader = name.endsWith('.xz') ? 'xz' : 'gzip';
    const script = `${reader} -dc "$1" | head -c "$3" | dd of="$2" bs=64k conv=sparse iflag=fullblock; truncate -s "$4" "$2"`;
    execFileSync('sh', ['-c', script, 'sh', source, file, String(held), size === 0 ? '+0' : String(size)], {
      stdio: 'ignore',
    });
  }
  return file;
}

/** SHA-1 of a file's data as icat reads it. */
function readByIcat(image: string, sector: number, record: number): string {
  const data = execFileSync('icat', ['-o', String(sector), image, String(record)], { maxBuffer: 1 << 28 });
  return createHash('sha1').update(data).digest('hex');
}

interface Expected {
  readonly file: string;
  /** Sector where the volume begins. */
  readonly sector: number;
  readonly label: string;
  readonly clusterSize: number;
  /** Some of what is on it. */
  readonly paths: readonly string[];
  readonly entries: number;
}

const volumes: readonly Expected[] = [
  {
    file: 'ntfs/dfir_ntfs/ntfs_index.raw.gz',
    sector: 128,
    label: 'Test index',
    clusterSize: 2048,
    paths: ['/test_dir'],
    entries: 35,
  },
  {
    file: 'ntfs/dfir_ntfs/ntfs3.raw.gz',
    sector: 0,
    label: '',
    clusterSize: 4096,
    paths: ['/test/1.txt', '/test/2.txt', '/test/3.txt'],
    entries: 5,
  },
  {
    file: 'ntfs/dfir_ntfs/vss_1_vol.tar.gz',
    sector: 67584,
    label: '1',
    clusterSize: 4096,
    paths: ['/test.txt'],
    entries: 7,
  },
  {
    file: 'ntfs/ntfs-samples/ntfs-ptrn.raw.gz',
    sector: 128,
    label: 'Slack',
    clusterSize: 4096,
    paths: ['/1.txt', '/2.txt'],
    entries: 10,
  },
  {
    file: 'ntfs/ntfs-samples/ntfs-lastaccess.raw.gz',
    sector: 128,
    label: 'Last access',
    clusterSize: 4096,
    paths: ['/test/1.txt'],
    entries: 9,
  },
  {
    file: 'ntfs/dfvfs/windows_volume.qcow2',
    sector: 0,
    label: '',
    clusterSize: 4096,
    paths: ['/Windows/System32/config'],
    entries: 5,
  },
  {
    file: 'ntfs/forensics-samples/fs.multiple.xz',
    sector: 391168,
    label: '',
    clusterSize: 4096,
    paths: [],
    entries: 3,
  },
];

/** Names and data are those that Sleuth Kit reads. */
function expectSame({ tree, source }: ReadVolume, image: string, sector: number): void {
  const records = new Map(
    readBySleuthKit(image, sector).map((line) => [line.replace(/^\d+ /, '/'), Number(line.split(' ')[0])]),
  );
  const found = Array.from(tree.preorder(), (entry) => tree.path(entry)).slice(1);
  expect(found.sort()).toEqual([...records.keys()].sort());
  for (const entry of tree.preorder()) {
    const stream = tree.findStream(tree.inode[entry], StreamKind.DATA);
    if (stream === NONE || tree.streamSize[stream] === 0) continue;
    const data = readByIcat(image, sector, records.get(tree.path(entry)) ?? -1);
    expect(hash(source.locate(tree, stream)), tree.path(entry)).toBe(data);
  }
}

describeWithFixtures('volumes of Windows and others', () => {
  it.each(volumes)('$file', async ({ file, sector, label, clusterSize, paths, entries }) => {
    requireTool('fls');
    // This one is 1 GiB of a pattern behind its files.
    const image = file.includes('ptrn') ? unpacked(file, 380 << 20, 1 << 30) : unpacked(file);
    const read = await scanImage(image, {}, sector * 512);
    expect(read.volume.warnings).toEqual([]);
    expect(read.scan.notKept).toEqual([]);
    expect(read.scan.damaged).toEqual([]);
    expect(read.volume).toMatchObject({ label, clusterSize, version: '3.1' });
    const found = Array.from(read.tree.preorder(), (entry) => read.tree.path(entry));
    expect(found).toEqual(expect.arrayContaining([...paths]));
    // The index of the directory of ntfs3.raw has lost a file that $FILE_NAME still names.
    const lost = file.includes('ntfs3') ? 1 : 0;
    expect(readByUs(read).length).toBe(read.tree.entryCount - 1 - lost);
    expect(read.tree.entryCount).toBe(entries);
    expectSame(read, image, sector);
  });

  it('ntfs/ntfs-samples/ntfs-2m.raw.gz, which only ntfs-3g reads, too', async () => {
    requireTool('wimlib-imagex');
    const image = path.join(temporaryDirectory(), 'volume.img');
    const script = `gzip -dc "$1" | tail -c +65537 | dd of="$2" bs=64k conv=sparse iflag=fullblock`;
    execFileSync('sh', ['-c', script, 'sh', fixtures('ntfs/ntfs-samples/ntfs-2m.raw.gz'), image], {
      stdio: 'ignore',
    });
    const read = await scanImage(image);
    expect(read.volume).toMatchObject({ label: '2M', clusterSize: 2 << 20 });
    const wim = `${image}.wim`;
    execFileSync('wimlib-imagex', ['capture', image, wim, '--no-acls', '--config=/dev/null'], {
      stdio: 'ignore',
    });
    const opened = await openWim(host, wim);
    try {
      const tree: Tree = loadImage(host, opened, 1);
      const wanted = factsOf(tree, (stream) =>
        Buffer.from(opened.blobs.sha1(tree.streamBlob[stream])).toString('hex'),
      );
      const scan = await scanImage(image, { securityDescriptors: 'none' });
      expect(factsOf(scan.tree, (stream) => hash(scan.source.locate(scan.tree, stream)))).toEqual(wanted);
    } finally {
      opened.close();
    }
  });
});

/** Puts a $MFT where its record 0 says that it is, on a volume that has nothing else. */
function volumeOfTable(table: Uint8Array) {
  const clusterSize = 4096;
  const clusters = 15587583;
  const record = Uint8Array.from(table.subarray(0, 1024));
  const view = new DataView(record.buffer);
  undoSequence(view, 0, 1024, view.getUint16(4, true), view.getUint16(6, true), 'record', 0);
  const runs = new RunList(clusters);
  addRuns(runs, attributeIn(view, AttributeType.DATA), view, 0);
  const boot = Buffer.from(readFileSync(fixtures('ntfs/dfir_ntfs/4k.boot')));
  boot.writeBigUInt64LE(BigInt(runs.lcns[0]), 0x30);
  const device = memoryDevice({ size: (clusters + 1) * clusterSize, contents: boot });
  let done = 0;
  runs.lcns.forEach((lcn, i) => {
    device.write(lcn * clusterSize, table.subarray(done, done + runs.lengths[i] * clusterSize));
    done += runs.lengths[i] * clusterSize;
  });
  return device;
}

async function scanTable(table: Uint8Array) {
  const volume = openNtfs(volumeOfTable(table), { skipState: true });
  const source = createVolumeSource(volume, 'table');
  const scan = await source.scan({ securityDescriptors: 'none' });
  return { source, ...scan };
}

/** A table in which a record takes the place of one of the root's files. */
function tableWith(record: Uint8Array): Uint8Array {
  const table = readFileSync(fixtures('ntfs/dfir_ntfs/compressed_sparse.mft'));
  const changed = Buffer.from(record);
  const name = attributeIn(new DataView(changed.buffer, changed.byteOffset, 1024), AttributeType.FILE_NAME);
  changed.writeBigUInt64LE(5n | (5n << 48n), name.valueAt);
  table.set(changed, 200 * 1024);
  return table;
}

describeWithFixtures('records of Windows without their volume', () => {
  it('compressed_sparse.mft: one compressed file of 22,308 bytes, and sparse ones', async () => {
    const { source, tree } = await scanTable(readFileSync(fixtures('ntfs/dfir_ntfs/compressed_sparse.mft')));
    const compressed = [...tree.preorder()].filter((entry) => tree.name(entry) === 'compressed.txt');
    expect(compressed.length).toBe(1);
    const stream = tree.findStream(tree.inode[compressed[0]], StreamKind.DATA);
    expect(source.locate(tree, stream)).toMatchObject({
      size: 22308,
      encoding: { kind: 'lznt1', unit: 65536 },
    });
    const sparse = [...tree.preorder()].find((entry) => tree.path(entry) === '/sparse') ?? NONE;
    expect(tree.attributes[tree.inode[sparse]] & FileAttribute.SPARSE_FILE).not.toBe(0);
    const place = source.locate(tree, tree.findStream(tree.inode[sparse], StreamKind.DATA));
    expect(place).toMatchObject({ kind: 'extents', encoding: { kind: 'plain' } });
  });

  it('rp.bin: a relative symbolic link', async () => {
    const { tree, source } = await scanTable(tableWith(readFileSync(fixtures('ntfs/dfir_ntfs/rp.bin'))));
    const inode = [...tree.extras].find(([, extras]) => extras.reparseTag !== undefined)?.[0] ?? NONE;
    expect(tree.extras.get(inode)).toMatchObject({
      reparseTag: ReparseTag.SYMLINK,
      reparseReserved: 0,
      reparseFlags: 1,
    });
    const place = source.locate(tree, tree.findStream(inode, StreamKind.REPARSE));
    const data = place.kind === 'bytes' ? place.bytes : new Uint8Array();
    expect(parseLinkData(ReparseTag.SYMLINK, data)).toEqual({
      path: 'target.txt',
      relative: true,
      substitute: 'target.txt',
    });
  });

  it('frs_ea.bin: extended attributes of 149 bytes, packed', async () => {
    const { tree } = await scanTable(tableWith(readFileSync(fixtures('ntfs/dfir_ntfs/frs_ea.bin'))));
    const items = [...tree.extras.values()]
      .flatMap(({ tagged = [] }) => tagged)
      .filter(({ tag }) => tag === 2);
    expect(items.map(({ data }) => data.length)).toEqual([149]);
  });
});
