import { FormatError } from '../../../../src-shared/errors/appError';

/** LCN of a run that lies nowhere. */
export const HOLE = -1;
/** Runs of one attribute: more do not fit in the records that an attribute list can name. */
const MAX_RUNS = 4_000_000;

/** Where the clusters of an attribute lie, in order from VCN 0. */
export class RunList {
  /** First cluster of each run, or {@link HOLE}. */
  readonly lcns: number[] = [];
  /** Clusters of each run. */
  readonly lengths: number[] = [];
  /** Clusters in all, holes included. */
  clusters = 0;
  /** Clusters that lie somewhere. */
  mapped = 0;

  /** @param volumeClusters clusters of the volume, inside which every run must lie */
  constructor(private readonly volumeClusters: number) {}

  /**
   * Adds the run list of one part of the attribute.
   * @param end of the bytes that it may use
   * @param lowestVcn, highestVcn the clusters that the part says it covers
   * @param device offset on the device of `view`'s first byte, for errors
   * @throws FormatError `volume/malformed`
   */
  add(
    view: DataView,
    start: number,
    end: number,
    lowestVcn: number,
    highestVcn: number,
    device: number,
  ): void {
    const fail = (at: number, problem: string): never => {
      throw new FormatError({ structure: 'run list', offset: device + at, problem }, 'volume/malformed');
    };
    if (lowestVcn !== this.clusters)
      fail(start, `it continues at cluster ${lowestVcn}, the part before it ends at ${this.clusters}`);
    let at = start;
    let lcn = 0;
    for (;;) {
      if (at >= end) fail(at, 'it has no end');
      const header = view.getUint8(at);
      if (header === 0) break;
      const lengthSize = header & 15;
      const offsetSize = header >> 4;
      if (lengthSize === 0 || lengthSize > 8 || offsetSize > 8)
        fail(at, `its header ${header} is impossible`);
      if (at + 1 + lengthSize + offsetSize > end) fail(at, 'it ends in the middle of a run');
      const length = signedNumber(view, at + 1, lengthSize);
      if (length <= 0 || length > Number.MAX_SAFE_INTEGER - this.clusters)
        fail(at, `a run of ${length} clusters`);
      let place = HOLE;
      if (offsetSize > 0) {
        lcn += signedNumber(view, at + 1 + lengthSize, offsetSize);
        if (lcn < 0 || lcn + length > this.volumeClusters) {
          fail(at, `${length} clusters from ${lcn} lie outside the volume, which has ${this.volumeClusters}`);
        }
        place = lcn;
        this.mapped += length;
        if (this.mapped > this.volumeClusters) fail(at, 'its clusters are more than the volume has');
      }
      this.push(place, length);
      if (this.lcns.length > MAX_RUNS) fail(at, 'it has too many runs');
      at += 1 + lengthSize + offsetSize;
    }
    if (this.clusters !== highestVcn + 1)
      fail(start, `it ends at cluster ${this.clusters - 1}, and says ${highestVcn}`);
  }

  /** Joins a run with the one before it where they touch. */
  private push(lcn: number, length: number): void {
    const last = this.lcns.length - 1;
    this.clusters += length;
    if (last >= 0) {
      const before = this.lcns[last];
      const touches = lcn === HOLE ? before === HOLE : before !== HOLE && before + this.lengths[last] === lcn;
      if (touches) {
        this.lengths[last] += length;
        return;
      }
    }
    this.lcns.push(lcn);
    this.lengths.push(length);
  }
}

/** A little-endian signed number of 1 to 8 bytes; exact up to 53 bits, which is more than any volume has. */
function signedNumber(view: DataView, at: number, size: number): number {
  let value = view.getInt8(at + size - 1);
  for (let i = size - 2; i >= 0; i--) value = value * 256 + view.getUint8(at + i);
  return value;
}
