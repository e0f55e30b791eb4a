import { copyFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { succeed, wimlib, wimsmith } from '../support/cli';
import { fixtures, reasonWithoutTools, requireTool, temporaryDirectory } from '../support/tools';
import { addUnixEntries, makeRichTree } from '../support/trees';
import { makeNtfsVolume, ntfsTools, reasonWithoutNtfs } from './ntfsVolume';
import { fillUnusedFields } from './patchedWim';
import { rewrites, type Rewrite } from './rewrites';
import { tokenize, type DentryTokens, type WimTokens } from './tokenizer';

/** The images' elements in order, without what a rewrite has to set: when it was made, and how large the whole is. */
function imageXml(xml: string): string[] {
  return [...xml.matchAll(/<IMAGE\b[^]*?<\/IMAGE>/g)].map(([element]) =>
    element
      .replace(/^<IMAGE INDEX="\d+">/, '<IMAGE>')
      .replace(/<LASTMODIFICATIONTIME>[^]*?<\/LASTMODIFICATIONTIME>/, '')
      .replace(/>\s+</g, '><'),
  );
}

/** What must be equal before and after. @param first where the images of the source begin */
function comparable(wim: WimTokens, rewrite: Rewrite, first: number, images: number): unknown {
  const { flags, chunkSize, guid, bootIndex } = wim.header;
  const blobsCopied = rewrite.recompressed !== true;
  const metadataCopied = blobsCopied && rewrite.laidOut !== true;
  const blobs = wim.blobs.map(
    ({ sha1, size, references, part, storedSize, stored, flags: resourceFlags }) => ({
      ...{ sha1, size, references, part },
      ...(blobsCopied ? { storedSize, stored, flags: resourceFlags } : {}),
    }),
  );
  const end = first + images;
  return {
    // The fields left out here are compared below, or with the images.
    header: { ...wim.header, flags: 0, chunkSize: 0, guid: '', bootIndex: 0, imageCount: 0 },
    // 7-Zip gives uncompressed files a chunk size of 0.
    compression: blobsCopied ? [Number(flags) & 0xe0002, rewrite.before === 1 || chunkSize] : 'another',
    otherFlags: rewrite.before === 1 ? 'of the other file' : Number(flags) & ~0xe0002,
    guid: rewrite.newFile === true ? 'new' : guid,
    bootIndex: rewrite.newFile === true || rewrite.name.includes('--boot') ? 'chosen' : bootIndex,
    blobs,
    xml: imageXml(wim.xml).slice(first, end),
    metadata: metadataCopied
      ? wim.metadata.slice(first, end).map(({ offset: _, ...resource }) => resource)
      : images,
    images: wim.images
      .slice(first, end)
      .map((image) => (metadataCopied ? image : { ...image, dentries: image.dentries.map(canonical) })),
  };
}

/**
 * Where streams stand: wimlib 1.13 gives a directory an empty unnamed stream beside its named ones or its reparse data,
 * which Microsoft's readers do not take; written anew, a directory has none, and a lone stream's hash is the dentry's.
 */
function canonical(entry: DentryTokens): DentryTokens {
  if ((entry.attributes & 0x10) === 0) return entry;
  const empty = '0'.repeat(40);
  const streams = entry.streams.filter(({ name, sha1 }) => name !== '' || sha1 !== empty);
  const [first] = streams;
  if (streams.length !== 1 || first.name !== '') return { ...entry, streams };
  return { ...entry, sha1: first.sha1, streams: [] };
}

function expectFaithful(source: string, rewrite: Rewrite): void {
  const work = temporaryDirectory();
  const wim = path.join(work, path.basename(source));
  copyFileSync(source, wim);
  const before = tokenize(wim);
  const rewritten = rewrite.run(wim, work);
  const after = tokenize(rewritten);
  if (reasonWithoutTools(['wimlib-imagex']) === undefined) wimlib('verify', rewritten);

  const images = before.images.length;
  const expected =
    rewrite.expectXml === undefined ? before : { ...before, xml: rewrite.expectXml(before.xml) };
  const known = new Set(before.blobs.map((blob) => blob.sha1));
  const rest = { ...after, blobs: after.blobs.filter((blob) => known.has(blob.sha1)) };
  expect(comparable(rest, rewrite, rewrite.before ?? 0, images)).toEqual(
    comparable(expected, rewrite, 0, images),
  );

  const added = rewrite.added ?? 0;
  const bootIndex = Number(after.header.bootIndex);
  // An exported file is a new one: as with wimlib it has an integrity table only when that is asked for.
  const kept = before.integrity === 'ok' && !rewrite.name.startsWith('export');
  const checked = rewrite.name.includes('--check') || kept;
  expect({
    images: [after.header.imageCount, after.images.length],
    indexes: [...after.xml.matchAll(/<IMAGE INDEX="(\d+)"/g)].map((match) => Number(match[1])),
    newBlobs: after.blobs.length - rest.blobs.length,
    integrity: after.integrity,
    boot: bootIndex === 0 ? 0 : after.bootMetadata.offset,
  }).toEqual({
    images: [images + added, images + added],
    indexes: Array.from({ length: images + added }, (_, i) => i + 1),
    newBlobs: added,
    integrity: checked ? 'ok' : 'absent',
    boot: bootIndex === 0 ? 0 : after.metadata[bootIndex - 1].offset,
  });
}

/** Files of other makers, with what they hold that a writer may lose. */
const made: readonly (readonly [file: string, holds: string])[] = [
  [
    'microsoft-ppkg/setupspecialize.ppkg',
    'foreign XML elements, stale short names, a FILECOUNT above the real count',
  ],
  ['microsoft-ppkg/mOSD.ppkg', 'the same, of another version'],
  ['7zip-made/DiscUtils-TestData.wim', 'TOTALBYTES first, no HARDLINKBYTES, no creation times'],
  ['pebakery/LZX.wim', 'security descriptors, short names, an object ID'],
  ['pebakery/XPRESS.wim', 'the same in XPRESS'],
  ['pebakery/BootLZX.wim', 'a boot index, object IDs'],
  ['pebakery/VerifySuccess.wim', 'an integrity table'],
  ['wimlib-tests/empty_dacl.wim', 'a descriptor with an empty DACL'],
  ['wimlib-tests/longpaths.wim', 'a path above MAX_PATH, a hard link'],
];

describe.each(rewrites)('$name keeps', (rewrite) => {
  it.each(made)('%s (%s)', (file) => {
    expectFaithful(fixtures('wim', ...file.split('/')), rewrite);
  });
});

describe('rewriting WIMs made for it', () => {
  const wims: Record<string, string> = {};
  beforeAll(() => {
    if (reasonWithoutTools(['wimlib-imagex']) !== undefined) return;
    const work = temporaryDirectory();
    const tree = path.join(work, 'tree');
    makeRichTree(tree, 4096);
    addUnixEntries(tree);
    const wim = (name: string): string => (wims[name] = path.join(work, `${name}.wim`));
    wimlib('capture', tree, wim('unix'), '--unix-data', '--compress=xpress', '--check', '--boot');
    rmSync(path.join(tree, 'docs/deep'), { recursive: true });
    wimlib('append', tree, wims.unix, 'second', '--unix-data');
    wimlib('capture', tree, wim('patched'), '--unix-data', '--compress=none', '--norpfix');
    fillUnusedFields(wims.patched);
    if (reasonWithoutNtfs() !== undefined) return;
    const volume = makeNtfsVolume();
    wimlib('capture', volume, wim('ntfs'), '--compress=lzx');
    wimlib('append', volume, wims.ntfs, 'again');
  });

  it.each(rewrites)('$name keeps two images with UNIX data', (rewrite) => {
    requireTool('wimlib-imagex');
    expectFaithful(wims.unix, rewrite);
  });

  it.each(rewrites)('$name keeps unused fields and unknown tagged items', (rewrite) => {
    requireTool('wimlib-imagex');
    expectFaithful(wims.patched, rewrite);
  });

  it.for(rewrites)('$name keeps what an NTFS volume holds', (rewrite, { skip }) => {
    requireTool(...ntfsTools);
    const reason = reasonWithoutNtfs();
    if (reason !== undefined) skip(reason);
    expectFaithful(wims.ntfs, rewrite);
  });
});

describe('what an NTFS volume holds', () => {
  it('comes back to one when wimlib applies what was written anew', ({ skip }) => {
    requireTool(...ntfsTools);
    const reason = reasonWithoutNtfs();
    if (reason !== undefined) skip(reason);
    const work = temporaryDirectory();
    const [wim, again, volume] = ['a.wim', 'again.wim', 'volume.img'].map((name) => path.join(work, name));
    wimlib('capture', makeNtfsVolume(), wim, '--compress=lzx');
    const before = tokenize(wim).images[0];
    wimsmith('optimize', wim, '--recompress', '--compress=xpress');
    writeFileSync(volume, '');
    truncateSync(volume, 24 << 20);
    succeed('mkntfs', '-F', '-q', volume);
    wimlib('apply', wim, '1', volume);
    wimlib('capture', volume, again, '--compress=none');
    const after = tokenize(again).images[0];
    // Reading a file moves its access time.
    const described = (image: typeof after): unknown =>
      image.dentries.map(({ securityId, times, ...entry }) => ({
        ...entry,
        times: [times[0], times[2]],
        descriptor: image.securityDescriptors[securityId],
      }));
    expect(described(after)).toEqual(described(before));
  });
});

describe('the tokenizer', () => {
  it('sees what it is there to see', ({ skip }) => {
    requireTool(...ntfsTools);
    const reason = reasonWithoutNtfs();
    if (reason !== undefined) skip(reason);
    const wim = path.join(temporaryDirectory(), 'ntfs.wim');
    wimlib('capture', makeNtfsVolume(), wim, '--compress=xpress');
    const { securityDescriptors, dentries } = tokenize(wim).images[0];
    const of = (name: string) => dentries.find((entry) => entry.path === name);
    expect({
      descriptors: securityDescriptors.length > 2,
      streams: of('/file')?.streams.map((stream) => stream.name),
      links: dentries
        .filter((entry) => entry.link === of('/file')?.link)
        .map((entry) => entry.path)
        .sort(),
      shortName: of('/long file name.txt')?.shortName,
      junction: of('/junction')?.link,
      objectId: of('/dir')?.tagged.slice(0, 24),
    }).toEqual({
      descriptors: true,
      streams: ['', 'stream', 'Zweiter'],
      links: ['/dir/hard link', '/file', '/hard link'],
      shortName: 'LONGFI~1.TXT',
      junction: '030000a000000000',
      objectId: '010000004000000010111213',
    });
  });
});
