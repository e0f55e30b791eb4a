/** Pieces of a stream: first cluster and count of each; first cluster {@link HOLE} for one that takes none. */
export type Runs = Float64Array;

export const HOLE = -1;

/** Bytes of a number as a run list has it: signed, as few as hold it. */
function signedBytes(value: number): number {
  let bytes = 1;
  for (let limit = 128; value >= limit || value < -limit; limit *= 256) bytes++;
  return bytes;
}

/** Bytes of the run list, the end mark included. */
export function runListSize(runs: Runs): number {
  let size = 1;
  let previous = 0;
  for (let i = 0; i < runs.length; i += 2) {
    size += 1 + signedBytes(runs[i + 1]);
    if (runs[i] === HOLE) continue;
    size += signedBytes(runs[i] - previous);
    previous = runs[i];
  }
  return size;
}

/** The most that the list of one run takes, the end mark included. @param clusters of the volume */
export function singleRunBound(count: number, clusters: number): number {
  return 2 + signedBytes(count) + signedBytes(clusters);
}

/** Writes the list; returns the offset behind its end mark. */
export function writeRunList(runs: Runs, bytes: Uint8Array, start: number): number {
  let at = start;
  let previous = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const header = at++;
    const countBytes = signedBytes(runs[i + 1]);
    at = writeNumber(runs[i + 1], countBytes, bytes, at);
    let placeBytes = 0;
    if (runs[i] !== HOLE) {
      placeBytes = signedBytes(runs[i] - previous);
      at = writeNumber(runs[i] - previous, placeBytes, bytes, at);
      previous = runs[i];
    }
    bytes[header] = (placeBytes << 4) | countBytes;
  }
  bytes[at] = 0;
  return at + 1;
}

function writeNumber(value: number, size: number, bytes: Uint8Array, start: number): number {
  let rest = value;
  for (let i = 0; i < size; i++) {
    const low = ((rest % 256) + 256) % 256;
    bytes[start + i] = low;
    rest = (rest - low) / 256;
  }
  return start + size;
}
