import { HOLE, runListSize, type Runs } from './runList';

/** A row of units that are zero. */
interface ZeroRow {
  readonly start: number;
  readonly end: number;
}

/** Adds a run; one that goes on where the last ended is joined to it. */
function push(runs: number[], start: number, count: number): void {
  const last = runs.length - 2;
  const goesOn =
    last >= 0 &&
    (start === HOLE ? runs[last] === HOLE : runs[last] !== HOLE && runs[last] + runs[last + 1] === start);
  if (goesOn) runs[last + 1] += count;
  else runs.push(start, count);
}

function zeroRows(isZero: Uint8Array): ZeroRow[] {
  const rows: ZeroRow[] = [];
  for (let i = 0; i < isZero.length;) {
    let end = i;
    while (end < isZero.length && isZero[end] === isZero[i]) end++;
    if (isZero[i] === 1) rows.push({ start: i, end });
    i = end;
  }
  return rows;
}

/** The runs with holes. @param unit clusters of a unit; @param length units of the stream */
function punch(runs: Runs, unit: number, length: number, holes: readonly ZeroRow[]): Runs {
  const isHole = new Uint8Array(length);
  for (const { start, end } of holes) isHole.fill(1, start, end);
  const result: number[] = [];
  let vcn = 0;
  for (let i = 0; i < runs.length; i += 2) {
    for (let done = 0; done < runs[i + 1];) {
      const number = Math.floor(vcn / unit);
      const count = Math.min((number + 1) * unit - vcn, runs[i + 1] - done);
      push(result, isHole[number] === 1 ? HOLE : runs[i] + done, count);
      done += count;
      vcn += count;
    }
  }
  return Float64Array.from(result);
}

/**
 * The runs of a stream with holes where it is zero: the largest ones, as many as its run list has room for.
 * @param unit clusters of a unit
 * @param isZero whether a unit holds only zeroes, by its number
 * @param room bytes for the run list
 */
export function sparseRuns(runs: Runs, unit: number, isZero: Uint8Array, room: number): Runs {
  const rows = zeroRows(isZero).sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
  const punched = (count: number): Runs => punch(runs, unit, isZero.length, rows.slice(0, count));
  let fits = 0;
  let tooMany = rows.length + 1;
  while (tooMany - fits > 1) {
    // All of them first: they mostly fit.
    const count = tooMany > rows.length ? rows.length : Math.floor((fits + tooMany) / 2);
    if (runListSize(punched(count)) <= room) fits = count;
    else tooMany = count;
  }
  return fits === 0 ? runs : punched(fits);
}
