import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Extent } from '../../../src-main/engine/disk/blockDevice';
import { STATUS_FIELDS } from '../../../src-main/engine/tree/directoryListing';
import { resourceColumns } from '../../../src-main/engine/pipeline/resourceColumns';
import type {
  ExtentPlacement,
  FilePlacement,
  Placement,
  ReadOutcome,
  StreamLocation,
  TaskName,
  Tasks,
} from '../../../src-main/engine/pipeline/tasks';
import { buffersOf, type Parcel } from '../../../src-main/workers/wire/parcel';
import { packInput, packOutput, unpackInput, unpackOutput } from '../../../src-main/workers/wire/taskWires';

// Paths with what makes joining difficult: NUL, lone surrogates, nothing.
const paths = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', '\0', 'a\0b', '/x\ud800'),
);
const sizes = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const bytes = fc.uint8Array({ maxLength: 40 });
const hashes = fc.uint8Array({ minLength: 20, maxLength: 20 });
const times = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

const filePlacements: fc.Arbitrary<FilePlacement> = fc.record(
  {
    kind: fc.constant('file' as const),
    path: paths,
    temporary: paths,
    accessTime: times,
    writeTime: times,
    creationTime: times,
    mode: fc.nat({ max: 0o7777 }),
    owner: fc.record({ uid: fc.nat(), gid: fc.nat() }),
    xattrs: fc.array(fc.tuple(fc.string(), bytes), { maxLength: 2 }),
    sparse: fc.boolean(),
    attributes: fc.nat({ max: 0xffff_ffff }),
  },
  { requiredKeys: ['kind', 'path', 'accessTime', 'writeTime', 'creationTime', 'sparse', 'attributes'] },
);
const extentPlacements: fc.Arbitrary<ExtentPlacement> = fc.record({
  kind: fc.constant('extents' as const),
  path: paths,
  file: fc.oneof(paths, fc.constant('/same.vhdx')),
  extents: fc.array(fc.tuple(sizes, sizes), { maxLength: 3 }).map((list) => Float64Array.from(list.flat())),
});
const placements: fc.Arbitrary<Placement> = fc.oneof(filePlacements, extentPlacements);
const extents: fc.Arbitrary<Extent> = fc.oneof(
  fc.record({
    kind: fc.constant('file' as const),
    path: fc.oneof(paths, fc.constant('/same.vhdx')),
    offset: sizes,
    length: sizes,
  }),
  fc.record({ kind: fc.constantFrom('zero' as const, 'hole' as const), length: sizes }),
  fc.record({ kind: fc.constant('bytes' as const), bytes }),
);
const resources = fc.record({
  file: fc.oneof(paths, fc.constant('/same.wim')),
  offset: sizes,
  storedSize: sizes,
  size: sizes,
  format: fc.constantFrom('none' as const, 'xpress' as const, 'lzx' as const, 'lzms' as const),
  chunkSize: fc.constantFrom(4096, 32_768),
  pipable: fc.boolean(),
});
const locations: fc.Arbitrary<StreamLocation> = fc.oneof(
  fc.record({
    kind: fc.constant('file' as const),
    path: paths,
    size: sizes,
    modifiedMs: fc.double({ noNaN: true }),
  }),
  fc.record({ kind: fc.constant('bytes' as const), bytes }),
  fc.record({ kind: fc.constant('resource' as const), resource: resources, sha1: hashes }),
  fc.record({
    kind: fc.constant('extents' as const),
    size: sizes,
    validSize: sizes,
    extents: fc.array(extents, { maxLength: 3 }),
    encoding: fc.constantFrom(
      { kind: 'plain' as const },
      { kind: 'lznt1' as const, unit: 65_536 },
      { kind: 'wof' as const, format: 'xpress' as const, chunkSize: 4096, storedSize: 5000 },
    ),
  }),
);
const outcomes: fc.Arbitrary<ReadOutcome> = fc.record(
  {
    state: fc.constantFrom<ReadOutcome['state'][]>(
      'same',
      'changed',
      'torn',
      'vanished',
      'unreadable',
      'outgrown',
    ),
    size: sizes,
    modifiedMs: fc.double({ noNaN: true }),
    problem: fc.string(),
  },
  { requiredKeys: ['state', 'size', 'modifiedMs'] },
);
const failures = fc.record({ path: paths, problem: fc.string(), code: fc.constant('io/failed') });
const listings = fc
  .tuple(fc.array(paths, { maxLength: 4 }), fc.array(bytes, { maxLength: 2 }), fc.integer())
  .map(([names, undecodable, number]) => ({
    names,
    undecodable,
    status: new BigInt64Array(names.length * STATUS_FIELDS).fill(BigInt(number)),
  }));

/** As it arrives in another thread. */
function travel(parcel: Parcel | undefined): Parcel {
  if (parcel === undefined) throw new Error('this task has no wire');
  return structuredClone(parcel, { transfer: buffersOf(parcel) });
}

function there<N extends TaskName>(name: N, inputs: fc.Arbitrary<Tasks[N]['in']>): void {
  fc.assert(
    fc.property(inputs, (input) => {
      expect(unpackInput(name, travel(packInput(name, input)))).toEqual(input);
    }),
  );
}

function back<N extends TaskName>(name: N, outputs: fc.Arbitrary<Tasks[N]['out']>): void {
  fc.assert(
    fc.property(outputs, (output) => {
      expect(unpackOutput(name, travel(packOutput(name, output)))).toEqual(output);
    }),
  );
}

describe('what travels between threads arrives as it was sent', () => {
  const slab = new SharedArrayBuffer(16);

  it('orders', () => {
    there('listDirectories', fc.record({ paths: fc.array(paths) }));
    there(
      'readBatch',
      fc.record({
        slab: fc.constant(slab),
        items: fc.array(fc.record({ location: locations, offset: sizes, room: sizes })),
      }),
    );
    there(
      'packBatch',
      fc.record({
        input: fc.constant(slab),
        output: fc.constant(slab),
        compression: fc.constant({ format: 'lzx' as const, chunkSize: 32_768, level: 50 }),
        items: fc.array(fc.record({ offset: sizes, size: sizes, store: fc.boolean() })),
      }),
    );
    const columns = fc.array(fc.record({ resource: resources, sha1: hashes })).map(resourceColumns);
    there('unpackBatch', fc.record({ resources: columns, keepCorrupt: fc.boolean() }));
    there(
      'unpackBatch',
      fc.record({
        resources: columns,
        placements: fc.array(fc.array(placements, { maxLength: 3 })),
        keepCorrupt: fc.boolean(),
      }),
    );
    there('createEmpty', fc.record({ placements: fc.array(placements), dataFollows: fc.boolean() }));
    there('finishFiles', fc.record({ placements: fc.array(placements) }));
  });

  it('results', () => {
    back(
      'listDirectories',
      fc.record({ listings: fc.array(fc.option(listings, { nil: undefined }), { maxLength: 4 }) }),
    );
    back('readBatch', fc.record({ items: fc.array(outcomes), sha1: bytes }));
    back(
      'packBatch',
      fc.record({ items: fc.array(fc.record({ storedSize: sizes, compressed: fc.boolean() })) }),
    );
    const damaged = fc.record(
      {
        state: fc.constantFrom('mismatch' as const, 'damaged' as const),
        problem: fc.string(),
        failures: fc.array(failures),
      },
      { requiredKeys: ['state'] },
    );
    const fine = fc.oneof(
      fc.constant({ state: 'ok' as const }),
      fc.record({ state: fc.constant('ok' as const), failures: fc.array(failures, { minLength: 1 }) }),
    );
    back('unpackBatch', fc.record({ items: fc.array(fc.oneof({ weight: 4, arbitrary: fine }, damaged)) }));
    back('createEmpty', fc.record({ failures: fc.array(failures) }));
  });
});
