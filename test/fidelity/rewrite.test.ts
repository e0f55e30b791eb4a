import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { wimlib, wimsmith } from '../support/cli';
import { fixtures, reasonWithoutTools, requireTool, temporaryDirectory } from '../support/tools';
import { addUnixEntries, makeRichTree } from '../support/trees';
import { makeNtfsVolume, ntfsTools, reasonWithoutNtfs } from './ntfsVolume';
import { fillUnusedFields } from './patchedWim';
import { tokenize, type DentryTokens, type WimTokens } from './tokenizer';

interface Rewrite {
  readonly name: string;
  /** Rewrites `wim`. @returns the file to compare, `wim` itself when it was changed in place */
  readonly run: (wim: string, work: string) => string;
  /** Compressed anew: chunk sizes, stored sizes and stored bytes may differ. */
  readonly recompressed?: boolean;
  /** A new file: its GUID is its own, no image boots. */
  readonly newFile?: boolean;
  /** What the rewrite was asked to change in the XML data. */
  readonly expectXml?: (xml: string) => string;
  /** Images that the rewrite adds behind. */
  readonly added?: number;
}

const inPlace =
  (...args: string[]): Rewrite['run'] =>
  (wim) => {
    wimsmith(args[0], wim, ...args.slice(1));
    return wim;
  };

const rewrites: readonly Rewrite[] = [
  { name: 'optimize', run: inPlace('optimize') },
  ...(['none', 'xpress', 'lzx'] as const).map((format) => ({
    name: `optimize --recompress --compress=${format}`,
    run: inPlace('optimize', '--recompress', `--compress=${format}`),
    recompressed: true,
  })),
  {
    name: 'export all',
    run: (wim, work) => {
      const exported = path.join(work, 'exported.wim');
      wimsmith('export', wim, 'all', exported);
      return exported;
    },
    newFile: true,
  },
  {
    name: 'export to a file of another compression',
    run: (wim, work) => {
      const exported = path.join(work, 'exported.wim');
      const format = tokenize(wim).header.chunkSize === 0 ? 'lzx' : 'none';
      wimsmith('export', wim, 'all', exported, `--compress=${format}`, '--recompress');
      return exported;
    },
    newFile: true,
    recompressed: true,
  },
  {
    name: 'append',
    run: (wim, work) => {
      const tree = path.join(work, 'more');
      mkdirSync(tree);
      writeFileSync(path.join(tree, 'more'), 'data that no other image has');
      wimsmith('append', tree, wim, 'one more');
      return wim;
    },
    added: 1,
  },
  { name: 'append, then delete', run: appendAndDelete },
  {
    name: 'info with a new name',
    run: inPlace('info', '1', 'renamed & <kept>'),
    expectXml: (xml) => withElement(xml, 'NAME', 'renamed &amp; &lt;kept&gt;'),
  },
  { name: 'info --boot', run: inPlace('info', '1', '--boot') },
  { name: 'info --boot --check', run: inPlace('info', '1', '--boot', '--check') },
];

function appendAndDelete(wim: string, work: string): string {
  const tree = path.join(work, 'more');
  mkdirSync(tree);
  writeFileSync(path.join(tree, 'more'), 'data that no other image has');
  wimsmith('append', tree, wim, 'one more');
  wimsmith('delete', wim, 'one more');
  return wim;
}

/** The first image's element set, made when it is not there. */
function withElement(xml: string, name: string, text: string): string {
  const element = `<${name}>${text}</${name}>`;
  const pattern = new RegExp(`<${name}>[^<]*</${name}>`);
  return pattern.test(xml) ? xml.replace(pattern, element) : xml.replace('</IMAGE>', `${element}</IMAGE>`);
}

/** The images' elements in order, without what a rewrite has to set: when it was made, and how large the whole is. */
function imageXml(xml: string): string[] {
  return [...xml.matchAll(/<IMAGE\b[^]*?<\/IMAGE>/g)].map(([element]) =>
    element.replace(/<LASTMODIFICATIONTIME>[^]*?<\/LASTMODIFICATIONTIME>/, '').replace(/>\s+</g, '><'),
  );
}

/** What must be equal before and after. */
function comparable(wim: WimTokens, rewrite: Rewrite, images: number): unknown {
  const { flags, chunkSize, guid, bootIndex, imageCount, ...header } = wim.header;
  const kept = rewrite.recompressed !== true;
  const blobs = wim.blobs.map(
    ({ sha1, size, references, part, storedSize, stored, flags: resourceFlags }) => ({
      ...{ sha1, size, references, part },
      ...(kept ? { storedSize, stored, flags: resourceFlags } : {}),
    }),
  );
  return {
    header,
    compression: kept ? [Number(flags) & 0xe0002, chunkSize] : 'another',
    otherFlags: Number(flags) & ~0xe0002,
    guid: rewrite.newFile === true ? 'new' : guid,
    bootIndex: rewrite.newFile === true || rewrite.name.includes('--boot') ? 'chosen' : bootIndex,
    imageCount: Number(imageCount) - (rewrite.added ?? 0),
    blobs,
    xml: imageXml(wim.xml).slice(0, images),
    // Metadata that need not be compressed anew is copied byte for byte.
    metadata: kept ? wim.metadata.slice(0, images).map(({ offset: _, ...resource }) => resource) : images,
    images: wim.images
      .slice(0, images)
      .map((image) => (kept ? image : { ...image, dentries: image.dentries.map(canonical) })),
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
  const after = tokenize(rewrite.run(wim, work));
  const images = before.images.length;
  const expected =
    rewrite.expectXml === undefined ? before : { ...before, xml: rewrite.expectXml(before.xml) };
  const added = new Set(after.blobs.filter((blob) => !before.blobs.some(({ sha1 }) => sha1 === blob.sha1)));
  expect(added.size).toBe(rewrite.added ?? 0);
  const rest = { ...after, blobs: after.blobs.filter((blob) => !added.has(blob)) };
  expect(comparable(rest, { ...rewrite }, images)).toEqual(
    comparable(expected, { ...rewrite, added: 0 }, images),
  );
  expect({
    integrity: after.integrity,
    boot: after.header.bootIndex === 0 ? 0 : after.bootMetadata.offset,
    total: /^\uFEFF<WIM>/.test(after.xml),
  }).toEqual({
    integrity: rewrite.name.includes('--check') || before.integrity === 'ok' ? 'ok' : 'absent',
    boot: after.header.bootIndex === 0 ? 0 : after.metadata[Number(after.header.bootIndex) - 1].offset,
    total: true,
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
