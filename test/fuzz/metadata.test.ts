import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlobTable } from '../../src-main/engine/wim/blobTable';
import { parseMetadata } from '../../src-main/engine/wim/metadata/parseMetadata';
import { serializeMetadata } from '../../src-main/engine/wim/metadata/serializeMetadata';
import { FormatError } from '../../src-shared/errors/appError';
import { fuzzMilliseconds } from '../support/fuzz';
import { damaged, DIRECTORY, flatMetadata, MetadataBuilder, mutations, sha1Of } from '../support/hostileWim';

const parse = (metadata: Uint8Array) => parseMetadata(metadata, new BlobTable());

/** Parses, expecting a FormatError whose structure is named. */
function refused(metadata: Uint8Array): FormatError {
  let error: unknown;
  try {
    parse(metadata);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(FormatError);
  const fault = error as FormatError;
  expect(fault.structure).not.toBe('');
  expect(fault.offset).toBeGreaterThanOrEqual(0);
  return fault;
}

/** A chain of directories, each in the one before it. */
function chain(depth: number, name = 'd'): Uint8Array {
  const builder = new MetadataBuilder().security();
  let parent = builder.dentry({ attributes: DIRECTORY });
  builder.end();
  for (let level = 0; level < depth; level++) {
    builder.setChildren(parent, builder.position);
    parent = builder.dentry({ name, attributes: DIRECTORY });
    builder.end();
  }
  return builder.build();
}

describe('directories', () => {
  it('refuses a directory that holds itself', () => {
    const builder = new MetadataBuilder().security();
    const root = builder.dentry({ attributes: DIRECTORY });
    builder.end();
    const list = builder.position;
    builder.setChildren(root, list);
    builder.dentry({ name: 'again', attributes: DIRECTORY, children: list });
    builder.end();
    expect(refused(builder.build()).structure).toBe('dentry');
  });

  it('refuses a child list that leads back to the root dentry', () => {
    const builder = new MetadataBuilder().security();
    const root = builder.dentry({ attributes: DIRECTORY });
    builder.end();
    builder.setChildren(root, root);
    refused(builder.build());
  });

  it('refuses a child list that two directories share', () => {
    const builder = new MetadataBuilder().security();
    const root = builder.dentry({ attributes: DIRECTORY });
    builder.end();
    builder.setChildren(root, builder.position);
    const first = builder.dentry({ name: 'a', attributes: DIRECTORY });
    const second = builder.dentry({ name: 'b', attributes: DIRECTORY });
    builder.end();
    builder.setChildren(first, builder.position);
    builder.setChildren(second, builder.position);
    builder.dentry({ name: 'file' });
    builder.end();
    refused(builder.build());
  });

  it('refuses lists that begin in the middle of others: their entries would multiply', () => {
    const builder = new MetadataBuilder().security();
    const root = builder.dentry({ attributes: DIRECTORY });
    builder.end();
    const places: number[] = [];
    for (let i = 0; i < 20_000; i++) places.push(builder.dentry({ name: `n${i}`, attributes: DIRECTORY }));
    builder.end();
    builder.setChildren(root, places[0]);
    places.forEach((place, i) => builder.setChildren(place, places[i + 1] ?? 0));
    expect(refused(builder.build()).message).toMatch(/share|overlap/);
  });

  it('refuses dentries that have the same 65,535 stream entries', () => {
    const builder = new MetadataBuilder().security();
    const root = builder.dentry({ attributes: DIRECTORY });
    builder.end();
    const places: number[] = [];
    for (let i = 0; i < 2000; i++) {
      places.push(builder.dentry({ name: `n${i}`, attributes: DIRECTORY, streamCount: 65_535 }));
    }
    const streams = builder.position;
    for (let i = 0; i < 65_535; i++) builder.stream({ name: 's' });
    builder.end();
    builder.setChildren(root, places[0]);
    places.forEach((place, i) => {
      builder.setLength(place, streams - place);
      builder.setChildren(place, places[i + 1] ?? 0);
    });
    refused(builder.build());
  });

  it('reads one dentry with 65,535 stream entries', () => {
    const streams = Array.from({ length: 65_535 }, (_, i) => ({ name: `s${i}` }));
    const { tree } = parse(flatMetadata([{ name: 'many', streams }]));
    expect(tree.streamCount).toBe(65_535);
  });

  it('reads a chain of 16,000 directories and refuses one of 20,000', () => {
    const { tree } = parse(chain(16_000));
    expect(tree.entryCount).toBe(16_001);
    expect(serializeMetadata(tree, new BlobTable()).counts.directories).toBe(16_000);
    expect(refused(chain(20_000)).message).toContain('deep');
  });

  it('leaves out names that no file system holds and says so', () => {
    const { tree, warnings } = parse(
      flatMetadata([
        { name: '..' },
        { name: '.' },
        { name: 'a/b' },
        { name: 'a\\b' },
        { name: 'nul\0x' },
        { name: 'twice' },
        { name: 'twice' },
        { name: 'good' },
      ]),
    );
    expect([...tree.children(0)].map((entry) => tree.name(entry))).toEqual(['a\\b', 'twice', 'good']);
    expect(warnings).toHaveLength(5);
  });

  it('keeps its warnings few and short whatever the number of faults', () => {
    const builder = new MetadataBuilder().security();
    let parent = builder.dentry({ attributes: DIRECTORY });
    builder.end();
    for (let level = 0; level < 16_000; level++) {
      builder.setChildren(parent, builder.position);
      parent = builder.dentry({ name: 'directory', attributes: DIRECTORY });
      builder.end();
    }
    builder.setChildren(parent, builder.position);
    for (let i = 0; i < 20_000; i++)
      builder.dentry({ name: 'twice', attributes: i % 2 === 0 ? DIRECTORY : 0 });
    for (let i = 0; i < 20_000; i++) builder.dentry({ name: '..' });
    for (let i = 0; i < 20_000; i++) builder.dentry({ name: `f${i}`, children: 8 });
    builder.end();
    const { warnings } = parse(builder.build());
    const length = warnings.reduce((sum, warning) => sum + warning.length, 0);
    expect(length).toBeLessThan(1_000_000);
  });
});

describe('length fields', () => {
  it.each([
    ['a dentry that ends beyond the resource', { length: 1 << 20 }],
    ['a dentry below the minimum', { length: 64 }],
    ['a length of 2^63', { length: 2 ** 63 }],
    ['a name that ends beyond its dentry', { nameSize: 0xfffe }],
    ['a name of half a character', { nameSize: 3 }],
    ['a short name that ends beyond its dentry', { shortNameSize: 0xfffe }],
    ['stream entries that are not there', { streamCount: 65_535 }],
    ['a stream entry of no length', { streams: [{ length: 0 }] }],
    ['a stream entry that ends beyond the resource', { streams: [{ length: 2 ** 40 }] }],
    ['a stream name beyond its entry', { streams: [{ name: 'x', nameSize: 0xfffe }] }],
  ])('refuses %s', (_, dentry) => {
    refused(flatMetadata([{ name: 'file', ...dentry }]));
  });

  it.each([2 ** 31, 2 ** 40, 2 ** 53, 4, 12])('refuses a child list at %d', (children) => {
    const builder = new MetadataBuilder().security();
    builder.dentry({ attributes: DIRECTORY, children });
    builder.end();
    refused(builder.build());
  });

  it.each([
    ['a total beyond the resource', 0xffff_ffff, 0, []],
    ['a count that does not fit', 16, 0x1fff_ffff, []],
    ['a count that overflows 32 bits with its sizes', 24, 0x2000_0001, []],
    ['a descriptor larger than the table', 24, 2, [8n, 0xffff_ffff_ffff_fff0n]],
    ['descriptors whose sum overflows', 24, 2, [0x8000_0000_0000_0000n, 0x8000_0000_0000_0000n]],
  ] as const)('refuses security data with %s', (_, total, count, sizes) => {
    const builder = new MetadataBuilder().security(total, count, sizes);
    builder.dentry({ attributes: DIRECTORY });
    builder.end();
    expect(refused(builder.build()).structure).toBe('security data');
  });

  it('refuses every truncation, or reads what is whole', () => {
    const whole = flatMetadata([
      { name: 'one', sha1: sha1Of(Buffer.from('one')) },
      { name: 'two', streams: [{ sha1: sha1Of(Buffer.from('two')) }, { name: 'stream' }] },
    ]);
    for (let length = 0; length < whole.length; length++) {
      try {
        parse(whole.subarray(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    }
  });
});

it('reads or refuses random damage, and writes back what it read', () => {
  const base = [
    chain(6),
    flatMetadata([
      { name: 'plain', sha1: sha1Of(Buffer.from('1')), link: 7n },
      { name: 'linked', sha1: sha1Of(Buffer.from('1')), link: 7n },
      {
        name: 'reparse',
        attributes: 0x420,
        link: 0xa000_000cn,
        streams: [{ sha1: sha1Of(Buffer.from('r')) }, {}],
      },
      { name: 'streams', streams: [{}, { name: 'a', sha1: sha1Of(Buffer.from('a')) }, { name: 'b' }] },
    ]),
  ];
  fc.assert(
    fc.property(fc.nat(base.length - 1), mutations, fc.constantFrom(1, 2, 8), (which, changes, align) => {
      const blobs = new BlobTable();
      let read;
      try {
        read = parseMetadata(damaged(base[which], changes, align), blobs);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        return;
      }
      const again = Buffer.concat(
        [...serializeMetadata(read.tree, blobs).pieces()].map((piece) => Buffer.from(piece)),
      );
      const { tree } = parseMetadata(new Uint8Array(again), blobs);
      expect([...tree.preorder()].length).toBe([...read.tree.preorder()].length);
    }),
    { interruptAfterTimeLimit: fuzzMilliseconds(), numRuns: Number.MAX_SAFE_INTEGER },
  );
});
