import type {
  ExtentLocation,
  ExtentPlacement,
  FilePlacement,
  Placement,
  ReadOutcome,
  ReadState,
  ResourceLocation,
  StreamLocation,
} from '../../engine/pipeline/tasks';
import type { CompressionFormat } from '../../engine/codec/codec';
import type { ParcelReader, ParcelWriter } from './parcel';

// What tasks are made of, value by value. Each pair below writes and reads the same values in the same order.

const formats: readonly CompressionFormat[] = ['none', 'xpress', 'lzx', 'lzms'];
const readStates: readonly ReadState[] = ['same', 'changed', 'torn', 'vanished', 'unreadable', 'outgrown'];
const locationKinds: readonly StreamLocation['kind'][] = ['file', 'bytes', 'resource', 'shared', 'extents'];

/** Texts that neighbours share are told once. */
export class RepeatedText {
  private last: string | undefined;

  write(to: ParcelWriter, text: string): void {
    to.number(text === this.last ? 1 : 0);
    if (text !== this.last) to.text(text);
    this.last = text;
  }

  read(from: ParcelReader): string {
    if (from.number() === 1 && this.last !== undefined) return this.last;
    return (this.last = from.text());
  }
}

export function writeResource(to: ParcelWriter, resource: ResourceLocation, file: RepeatedText): void {
  file.write(to, resource.file);
  to.number(resource.offset);
  to.number(resource.storedSize);
  to.number(resource.size);
  to.number(formats.indexOf(resource.format));
  to.number(resource.chunkSize);
  to.number(resource.pipable ? 1 : resource.solid === undefined ? 0 : 2);
  if (resource.solid === undefined) return;
  to.number(resource.solid.start);
  to.number(resource.solid.size);
}

export function readResource(from: ParcelReader, file: RepeatedText): ResourceLocation {
  const resource = {
    file: file.read(from),
    offset: from.number(),
    storedSize: from.number(),
    size: from.number(),
    format: formats[from.number()],
    chunkSize: from.number(),
  };
  const form = from.number();
  if (form !== 2) return { ...resource, pipable: form === 1 };
  return { ...resource, pipable: false, solid: { start: from.number(), size: from.number() } };
}

export function writeBytes(to: ParcelWriter, bytes: Uint8Array): void {
  // A view of a larger buffer would take all of that along.
  to.other(bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice());
}

export function readBytes(from: ParcelReader): Uint8Array {
  return from.other<Uint8Array>();
}

/** Bits that tell which of a placement's optional parts follow. */
const Part = { TEMPORARY: 1, MODE: 2, OWNER: 4, XATTRS: 8, SPARSE: 16, EXTENTS: 32 } as const;

export function writePlacement(to: ParcelWriter, placement: Placement, file: RepeatedText): void {
  if (placement.kind === 'extents') {
    to.number(Part.EXTENTS);
    writeExtentPlacement(to, placement, file);
    return;
  }
  const { temporary, mode, owner, xattrs } = placement;
  to.number(
    (temporary === undefined ? 0 : Part.TEMPORARY) |
      (mode === undefined ? 0 : Part.MODE) |
      (owner === undefined ? 0 : Part.OWNER) |
      (xattrs === undefined ? 0 : Part.XATTRS) |
      (placement.sparse ? Part.SPARSE : 0),
  );
  to.text(placement.path);
  if (temporary !== undefined) to.text(temporary);
  if (mode !== undefined) to.number(mode);
  if (owner !== undefined) {
    to.number(owner.uid);
    to.number(owner.gid);
  }
  if (xattrs !== undefined) to.other(xattrs);
  to.number(placement.attributes);
  to.time(placement.accessTime);
  to.time(placement.writeTime);
  to.time(placement.creationTime);
}

function writeExtentPlacement(
  to: ParcelWriter,
  { path, file, extents }: ExtentPlacement,
  known: RepeatedText,
): void {
  to.text(path);
  known.write(to, file);
  to.number(extents.length);
  for (const number of extents) to.number(number);
}

function readExtentPlacement(from: ParcelReader, known: RepeatedText): ExtentPlacement {
  const path = from.text();
  const file = known.read(from);
  const extents = new Float64Array(from.number());
  for (let i = 0; i < extents.length; i++) extents[i] = from.number();
  return { kind: 'extents', path, file, extents };
}

export function readPlacement(from: ParcelReader, file: RepeatedText): Placement {
  const parts = from.number();
  if (parts === Part.EXTENTS) return readExtentPlacement(from, file);
  const path = from.text();
  const rare = (parts & ~Part.SPARSE) === 0 ? undefined : readRareParts(from, parts);
  const plain = {
    kind: 'file' as const,
    path,
    attributes: from.number(),
    accessTime: from.time(),
    writeTime: from.time(),
    creationTime: from.time(),
    sparse: (parts & Part.SPARSE) !== 0,
  };
  return rare === undefined ? plain : { ...plain, ...rare };
}

function readRareParts(from: ParcelReader, parts: number): Partial<FilePlacement> {
  return {
    ...((parts & Part.TEMPORARY) === 0 ? {} : { temporary: from.text() }),
    ...((parts & Part.MODE) === 0 ? {} : { mode: from.number() }),
    ...((parts & Part.OWNER) === 0 ? {} : { owner: { uid: from.number(), gid: from.number() } }),
    ...((parts & Part.XATTRS) === 0 ? {} : { xattrs: from.other<NonNullable<FilePlacement['xattrs']>>() }),
  };
}

export function writeLocation(to: ParcelWriter, location: StreamLocation, file: RepeatedText): void {
  to.number(locationKinds.indexOf(location.kind));
  switch (location.kind) {
    case 'file':
      to.text(location.path);
      to.number(location.size);
      to.number(location.modifiedMs);
      break;
    case 'bytes':
      writeBytes(to, location.bytes);
      break;
    case 'resource':
      writeResource(to, location.resource, file);
      writeBytes(to, location.sha1);
      break;
    case 'shared':
      to.other(location);
      break;
    case 'extents':
      writeExtents(to, location, file);
      break;
  }
}

/** Most streams lie in one run of one file, as they are: that takes no clone of an object. */
function writeExtents(to: ParcelWriter, location: ExtentLocation, file: RepeatedText): void {
  const [first] = location.extents;
  const isPlainRun =
    location.encoding.kind === 'plain' && location.extents.length === 1 && first.kind === 'file';
  to.number(isPlainRun ? 1 : 0);
  if (!isPlainRun) {
    to.other(location);
    return;
  }
  to.number(location.size);
  to.number(location.validSize);
  file.write(to, first.path);
  to.number(first.offset);
  to.number(first.length);
}

function readExtents(from: ParcelReader, file: RepeatedText): ExtentLocation {
  if (from.number() === 0) return from.other<ExtentLocation>();
  const sizes = { size: from.number(), validSize: from.number() };
  const run = { kind: 'file', path: file.read(from), offset: from.number(), length: from.number() } as const;
  return { kind: 'extents', ...sizes, extents: [run], encoding: { kind: 'plain' } };
}

export function readLocation(from: ParcelReader, file: RepeatedText): StreamLocation {
  const kind = locationKinds[from.number()];
  switch (kind) {
    case 'file':
      return { kind, path: from.text(), size: from.number(), modifiedMs: from.number() };
    case 'bytes':
      return { kind, bytes: readBytes(from) };
    case 'resource':
      return { kind, resource: readResource(from, file), sha1: readBytes(from) };
    case 'shared':
      return from.other<StreamLocation>();
    case 'extents':
      return readExtents(from, file);
  }
}

export function writeOutcome(to: ParcelWriter, { state, size, modifiedMs, problem }: ReadOutcome): void {
  to.number(readStates.indexOf(state) + (problem === undefined ? 0 : readStates.length));
  to.number(size);
  to.number(modifiedMs);
  if (problem !== undefined) to.text(problem);
}

export function readOutcome(from: ParcelReader): ReadOutcome {
  const word = from.number();
  const outcome = {
    state: readStates[word % readStates.length],
    size: from.number(),
    modifiedMs: from.number(),
  };
  return word < readStates.length ? outcome : { ...outcome, problem: from.text() };
}
