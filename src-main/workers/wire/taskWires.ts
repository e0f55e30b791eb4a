import type { Placement, TaskName, Tasks } from '../../engine/pipeline/tasks';
import { STATUS_FIELDS } from '../../engine/tree/directoryListing';
import { readList, readOutcomes, writeList, writeOutcomes, type TaskWire } from './lists';
import { ParcelReader, ParcelWriter, type Parcel } from './parcel';
import {
  readBytes,
  readLocation,
  readOutcome,
  readPlacement,
  RepeatedText,
  writeBytes,
  writeLocation,
  writeOutcome,
  writePlacement,
} from './parts';
import { packSolid, unpackSolid } from './solidWires';

const readBatch: TaskWire<'readBatch'> = {
  packIn({ slab, items }, to) {
    const file = new RepeatedText();
    to.other(slab);
    writeList(to, items, ({ location, offset, room }) => {
      writeLocation(to, location, file);
      to.number(offset);
      to.number(room);
    });
  },
  unpackIn(from) {
    const file = new RepeatedText();
    return {
      slab: from.other<SharedArrayBuffer>(),
      items: readList(from, () => ({
        location: readLocation(from, file),
        offset: from.number(),
        room: from.number(),
      })),
    };
  },
  packOut({ items, sha1 }, to) {
    writeBytes(to, sha1);
    writeList(to, items, (item) => writeOutcome(to, item));
  },
  unpackOut(from) {
    return { sha1: readBytes(from), items: readList(from, () => readOutcome(from)) };
  },
};

const listDirectories: TaskWire<'listDirectories'> = {
  packIn({ paths }, to) {
    writeList(to, paths, (path) => to.text(path));
  },
  unpackIn: (from) => ({ paths: readList(from, () => from.text()) }),
  packOut({ listings }, to) {
    let fields = 0;
    writeList(to, listings, (listing) => {
      to.number(listing === undefined ? 0 : 1);
      if (listing === undefined) return;
      writeList(to, listing.names, (name) => to.text(name));
      writeList(to, listing.undecodable, (name) => writeBytes(to, name));
      fields += listing.status.length;
    });
    // All in one array: most directories are small.
    const status = new BigInt64Array(fields);
    let at = 0;
    for (const listing of listings) {
      if (listing === undefined) continue;
      status.set(listing.status, at);
      at += listing.status.length;
    }
    to.other(status);
  },
  unpackOut(from) {
    const parts = readList(from, () =>
      from.number() === 0
        ? undefined
        : {
            names: readList(from, () => from.text()),
            undecodable: readList(from, () => readBytes(from)),
          },
    );
    const status = from.other<BigInt64Array>();
    let at = 0;
    return {
      listings: parts.map(
        (part) => part && { ...part, status: status.subarray(at, (at += part.names.length * STATUS_FIELDS)) },
      ),
    };
  },
};

const packBatch: TaskWire<'packBatch'> = {
  packIn({ input, output, compression, items }, to) {
    to.other({ input, output, compression });
    writeList(to, items, ({ offset, size, store }) => {
      to.number(offset);
      to.number(size);
      to.number(store ? 1 : 0);
    });
  },
  unpackIn(from) {
    return {
      ...from.other<Omit<Tasks['packBatch']['in'], 'items'>>(),
      items: readList(from, () => ({
        offset: from.number(),
        size: from.number(),
        store: from.number() === 1,
      })),
    };
  },
  packOut({ items }, to) {
    writeList(to, items, ({ storedSize, compressed }) => {
      to.number(storedSize);
      to.number(compressed ? 1 : 0);
    });
  },
  unpackOut(from) {
    return {
      items: readList(from, () => ({ storedSize: from.number(), compressed: from.number() === 1 })),
    };
  },
};

const unpackBatch: TaskWire<'unpackBatch'> = {
  packIn({ placements, ...rest }, to) {
    to.other(rest);
    to.number(placements === undefined ? 0 : 1);
    if (placements === undefined) return;
    const file = new RepeatedText();
    writeList(to, placements, (list) =>
      writeList(to, list, (placement) => writePlacement(to, placement, file)),
    );
  },
  unpackIn(from) {
    const rest = from.other<Omit<Tasks['unpackBatch']['in'], 'placements'>>();
    if (from.number() === 0) return rest;
    const file = new RepeatedText();
    return { ...rest, placements: readList(from, () => readList(from, () => readPlacement(from, file))) };
  },
  packOut: ({ items }, to) => writeOutcomes(to, items),
  unpackOut: (from) => ({ items: readOutcomes(from) }),
};

function placementsWire<N extends 'createEmpty' | 'finishFiles'>(): TaskWire<N> {
  return {
    packIn({ placements, ...rest }, to) {
      const file = new RepeatedText();
      to.other(rest);
      writeList<Placement>(to, placements, (placement) => writePlacement(to, placement, file));
    },
    unpackIn(from) {
      const file = new RepeatedText();
      return {
        ...from.other<Omit<Tasks[N]['in'], 'placements'>>(),
        placements: readList(from, () => readPlacement(from, file)),
      };
    },
    packOut: (output, to) => to.other(output),
    unpackOut: (from) => from.other<Tasks[N]['out']>(),
  };
}

/** The tasks of many small things; the others are cloned as they are. */
const wires: { readonly [N in TaskName]?: TaskWire<N> } = {
  listDirectories,
  readBatch,
  packBatch,
  unpackBatch,
  unpackSolid,
  packSolid,
  createEmpty: placementsWire<'createEmpty'>(),
  finishFiles: placementsWire<'finishFiles'>(),
};

function pack(fill: (to: ParcelWriter) => void): Parcel {
  const writer = new ParcelWriter();
  fill(writer);
  return writer.finish();
}

/** The order of a task in the form that travels: a parcel, or `undefined` where the order is sent as it is. */
export function packInput<N extends TaskName>(name: N, input: Tasks[N]['in']): Parcel | undefined {
  const wire = wires[name];
  return wire === undefined ? undefined : pack((to) => wire.packIn(input, to));
}

/** What {@link packInput} packed. @throws TypeError for a task that does not travel so */
export function unpackInput<N extends TaskName>(name: N, parcel: Parcel): Tasks[N]['in'] {
  return wireOf(name).unpackIn(new ParcelReader(parcel));
}

/** The result of a task in the form that travels; as {@link packInput}. */
export function packOutput<N extends TaskName>(name: N, output: Tasks[N]['out']): Parcel | undefined {
  const wire = wires[name];
  return wire === undefined ? undefined : pack((to) => wire.packOut(output, to));
}

/** What {@link packOutput} packed. */
export function unpackOutput<N extends TaskName>(name: N, parcel: Parcel): Tasks[N]['out'] {
  return wireOf(name).unpackOut(new ParcelReader(parcel));
}

function wireOf<N extends TaskName>(name: N): TaskWire<N> {
  const wire = wires[name];
  if (wire === undefined) throw new TypeError(`task ${name} does not travel as a parcel`);
  return wire;
}
