import { closeSync, ftruncateSync, openSync, readFileSync, readSync, statSync, writeSync } from 'node:fs';
import type { BlockDevice, Extent } from '../../src-main/engine/disk/blockDevice';
import { AppError } from '../../src-shared/errors/appError';

const PAGE = 65536;

/** What was done to a device, in order. */
export type DeviceEvent =
  { readonly kind: 'write'; readonly offset: number; readonly length: number } | { readonly kind: 'flush' };

/** A disk in memory that takes room only where it was written. */
export interface MemoryDevice extends BlockDevice {
  readonly events: readonly DeviceEvent[];
  /** Bytes of memory in use. */
  readonly allocated: number;
  /** A copy of a range. */
  bytes(offset?: number, length?: number): Uint8Array<ArrayBuffer>;
  /** From now on the device is gone after so many more writes. */
  failAfterWrites(count: number): void;
  /** A second device with the same contents. */
  copy(): MemoryDevice;
  /** Writes the contents to a sparse file, for tools that read one; at `offset` into the file, which may exist. */
  save(path: string, offset?: number): void;
}

export interface MemoryDeviceOptions {
  readonly size: number;
  readonly sectorSize?: 512 | 4096;
  readonly physicalSectorSize?: 512 | 4096;
  readonly writable?: boolean;
  readonly name?: string;
  /** What the device holds from its first byte on. */
  readonly contents?: Uint8Array;
}

export function memoryDevice(options: MemoryDeviceOptions): MemoryDevice {
  const { size, sectorSize = 512, writable = true, name = 'memory' } = options;
  if (size % sectorSize !== 0) throw new RangeError(`${size} bytes are no whole sectors of ${sectorSize}`);
  const pages = new Map<number, Uint8Array<ArrayBuffer>>();
  const events: DeviceEvent[] = [];
  let writesLeft = Infinity;

  const eachPage = (
    offset: number,
    length: number,
    use: (page: number, at: number, count: number, done: number) => void,
  ) => {
    for (let done = 0; done < length;) {
      const page = Math.floor((offset + done) / PAGE);
      const at = (offset + done) % PAGE;
      const count = Math.min(PAGE - at, length - done);
      use(page, at, count, done);
      done += count;
    }
  };
  const store = (offset: number, bytes: Uint8Array) =>
    eachPage(offset, bytes.length, (page, at, count, done) => {
      let memory = pages.get(page);
      if (!memory) pages.set(page, (memory = new Uint8Array(PAGE)));
      memory.set(bytes.subarray(done, done + count), at);
    });
  const load = (offset: number, target: Uint8Array): number => {
    const length = Math.max(0, Math.min(target.length, size - offset));
    eachPage(offset, length, (page, at, count, done) => {
      const memory = pages.get(page);
      if (memory) target.set(memory.subarray(at, at + count), done);
      else target.fill(0, done, done + count);
    });
    return length;
  };
  if (options.contents) store(0, options.contents);

  const device: MemoryDevice = {
    name,
    size,
    sectorSize,
    physicalSectorSize: options.physicalSectorSize ?? sectorSize,
    writable,
    events,
    get allocated() {
      return pages.size * PAGE;
    },
    read: load,
    write(offset, bytes) {
      if (!writable) throw new AppError('io/read-only', `${name} is not writable`);
      if (offset < 0 || offset + bytes.length > size) {
        throw new AppError('io/failed', `${bytes.length} bytes at ${offset} end beyond ${name}`);
      }
      if (writesLeft-- <= 0) throw new AppError('disk/gone', `${name} is gone`);
      events.push({ kind: 'write', offset, length: bytes.length });
      store(offset, bytes);
    },
    flush() {
      if (writesLeft <= 0) throw new AppError('disk/gone', `${name} is gone`);
      events.push({ kind: 'flush' });
    },
    extents(offset, length) {
      const extents: Extent[] = [];
      eachPage(offset, length, (page, at, count) => {
        const memory = pages.get(page);
        const last = extents.at(-1);
        if (memory) extents.push({ kind: 'bytes', bytes: memory.slice(at, at + count) });
        else if (last?.kind === 'zero')
          extents[extents.length - 1] = { kind: 'zero', length: last.length + count };
        else extents.push({ kind: 'zero', length: count });
      });
      return extents;
    },
    allocate() {
      throw new Error(`${name} lies in no file: nothing can be written there through extents`);
    },
    close: () => undefined,
    bytes(offset = 0, length = size - offset) {
      const target = new Uint8Array(length);
      load(offset, target);
      return target;
    },
    failAfterWrites(count) {
      writesLeft = count;
    },
    copy() {
      const other = memoryDevice({ ...options, writable: true });
      for (const [page, memory] of pages) {
        other.write(page * PAGE, memory.subarray(0, Math.min(PAGE, size - page * PAGE)));
      }
      return other;
    },
    save(path, offset = 0) {
      const file = openSync(path, offset === 0 ? 'w' : 'r+');
      try {
        if (offset === 0) ftruncateSync(file, size);
        for (const [page, memory] of pages) {
          writeSync(file, memory, 0, Math.min(PAGE, size - page * PAGE), offset + page * PAGE);
        }
      } finally {
        closeSync(file);
      }
    },
  };
  return device;
}

/** A device that holds what a file holds, or a part of it; of a file's holes it keeps none. */
export function memoryDeviceOfFile(
  path: string,
  options: { sectorSize?: 512 | 4096; offset?: number; length?: number } = {},
): MemoryDevice {
  const { sectorSize = 512, offset = 0 } = options;
  const length = options.length ?? statSync(path).size - offset;
  const size = Math.ceil(length / sectorSize) * sectorSize;
  if (length <= PAGE && offset === 0) {
    return memoryDevice({ size, sectorSize, name: path, contents: readFileSync(path).subarray(0, length) });
  }
  const device = memoryDevice({ size, sectorSize, name: path });
  const file = openSync(path, 'r');
  try {
    const page = new Uint8Array(PAGE);
    const nothing = new Uint8Array(PAGE);
    for (let at = 0; at < length; at += PAGE) {
      const count = readSync(file, page, 0, Math.min(PAGE, length - at), offset + at);
      const part = page.subarray(0, count);
      if (Buffer.compare(part, nothing.subarray(0, count)) !== 0) device.write(at, part);
    }
  } finally {
    closeSync(file);
  }
  return device;
}
