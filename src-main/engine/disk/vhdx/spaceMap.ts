import { malformed } from '../diskFaults';

/** Which MiB of a VHDX file something lies in already: nothing may lie where something else does. */
export class SpaceMap {
  private bits = new Uint8Array(1024);
  /** MiB behind the last that is taken. */
  end = 0;

  /** @param at where the claim stands in the file, for the error @throws FormatError `disk/malformed` */
  claim(first: number, count: number, structure: string, at: number): void {
    const end = first + count;
    if (end > this.bits.length * 8) {
      const larger = new Uint8Array(Math.max(this.bits.length * 2, Math.ceil(end / 8)));
      larger.set(this.bits);
      this.bits = larger;
    }
    for (let unit = first; unit < end; unit++) {
      const bit = 1 << (unit & 7);
      if ((this.bits[unit >>> 3] & bit) !== 0) {
        throw malformed(structure, at, `what it places at MiB ${unit} of the file lies on something else`);
      }
      this.bits[unit >>> 3] |= bit;
    }
    this.end = Math.max(this.end, end);
  }
}
