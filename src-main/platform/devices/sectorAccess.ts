/** Reads or writes whole sectors; returns the bytes that were. */
export type SectorTransfer = (offset: number, buffer: Uint8Array) => number;

/** Bytes that go in one call at most: some drivers refuse more. */
const MOST = 4 * 1024 * 1024;

/** Fills `target` from any offset out of whole sectors. Returns the bytes read: fewer only at the end of the disk. */
export function readSectors(
  read: SectorTransfer,
  sector: number,
  offset: number,
  target: Uint8Array,
): number {
  let done = 0;
  while (done < target.length) {
    const at = offset + done;
    const left = target.length - done;
    const before = at % sector;
    if (before === 0 && left >= sector) {
      const length = Math.min(MOST, left - (left % sector));
      const count = read(at, target.subarray(done, done + length));
      done += count;
      if (count < length) break;
      continue;
    }
    const whole = new Uint8Array(sector);
    const count = read(at - before, whole);
    const part = whole.subarray(before, Math.min(count, before + left));
    target.set(part, done);
    done += part.length;
    if (count < sector) break;
  }
  return done;
}

/** Writes at any offset in whole sectors; those that are written in part are read first. */
export function writeSectors(
  read: SectorTransfer,
  write: SectorTransfer,
  sector: number,
  offset: number,
  bytes: Uint8Array,
): void {
  let done = 0;
  while (done < bytes.length) {
    const at = offset + done;
    const left = bytes.length - done;
    const before = at % sector;
    if (before === 0 && left >= sector) {
      const length = Math.min(MOST, left - (left % sector));
      writeWhole(write, at, bytes.subarray(done, done + length));
      done += length;
      continue;
    }
    const whole = new Uint8Array(sector);
    if (read(at - before, whole) < sector) throw new RangeError(`no whole sector at ${at - before}`);
    const part = bytes.subarray(done, done + Math.min(left, sector - before));
    whole.set(part, before);
    writeWhole(write, at - before, whole);
    done += part.length;
  }
}

function writeWhole(write: SectorTransfer, offset: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    const count = write(offset + done, bytes.subarray(done));
    if (count <= 0) throw new RangeError(`nothing was written at ${offset + done}`);
    done += count;
  }
}
