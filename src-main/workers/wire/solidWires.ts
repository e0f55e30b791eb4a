import type { SolidBlob, Tasks } from '../../engine/pipeline/tasks';
import { readList, readOutcomes, writeList, writeOutcomes, type TaskWire } from './lists';
import type { ParcelReader, ParcelWriter } from './parcel';
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

type UnpackInput = Tasks['unpackSolid']['in'];

function writeBlobs(to: ParcelWriter, blobs: readonly SolidBlob[]): void {
  const file = new RepeatedText();
  const sha1 = new Uint8Array(20 * blobs.length);
  blobs.forEach((blob, i) => sha1.set(blob.sha1, 20 * i));
  writeBytes(to, sha1);
  writeList(to, blobs, ({ start, size, placements }) => {
    to.number(start);
    to.number(size);
    writeList(to, placements, (placement) => writePlacement(to, placement, file));
  });
}

function readBlobs(from: ParcelReader): SolidBlob[] {
  const file = new RepeatedText();
  const sha1 = readBytes(from);
  let at = 0;
  return readList(from, () => ({
    start: from.number(),
    size: from.number(),
    sha1: sha1.subarray(at, (at += 20)),
    placements: readList(from, () => readPlacement(from, file)),
  }));
}

export const unpackSolid: TaskWire<'unpackSolid'> = {
  packIn({ blobs, ...rest }, to) {
    to.other(rest);
    writeBlobs(to, blobs);
  },
  unpackIn: (from) => ({ ...from.other<Omit<UnpackInput, 'blobs'>>(), blobs: readBlobs(from) }),
  packOut: ({ outcomes }, to) => writeOutcomes(to, outcomes),
  unpackOut: (from) => ({ outcomes: readOutcomes(from) }),
};

export const packSolid: TaskWire<'packSolid'> = {
  packIn({ pieces, ...rest }, to) {
    const file = new RepeatedText();
    to.other(rest);
    writeList(to, pieces, ({ location, offset, size, at, isWhole }) => {
      writeLocation(to, location, file);
      to.number(offset);
      to.number(size);
      to.number(at);
      to.number(isWhole ? 1 : 0);
    });
  },
  unpackIn(from) {
    const file = new RepeatedText();
    return {
      ...from.other<Omit<Tasks['packSolid']['in'], 'pieces'>>(),
      pieces: readList(from, () => ({
        location: readLocation(from, file),
        offset: from.number(),
        size: from.number(),
        at: from.number(),
        isWhole: from.number() === 1,
      })),
    };
  },
  packOut({ pieces, ...rest }, to) {
    to.other(rest);
    writeList(to, pieces, (piece) => writeOutcome(to, piece));
  },
  unpackOut: (from) => ({
    ...from.other<Omit<Tasks['packSolid']['out'], 'pieces'>>(),
    pieces: readList(from, () => readOutcome(from)),
  }),
};
