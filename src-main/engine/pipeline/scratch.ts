/** Memory that stays with a worker between tasks; what one task needed beyond it is given back. */
const KEPT = 4 * 1024 * 1024;

/** A buffer that a thread reuses, so that a small file costs no allocation. What it holds is undefined at first. */
export class Scratch {
  private buffer = new Uint8Array(0);

  /** `length` bytes. They overlap what was handed out before, and keep its content as far as that reaches. */
  take(length: number): Uint8Array {
    if (length > this.buffer.length) {
      const larger = new Uint8Array(Math.max(length, Math.min(KEPT, 2 * this.buffer.length)));
      larger.set(this.buffer);
      this.buffer = larger;
    }
    return this.buffer.subarray(0, length);
  }

  /** Gives an unusually large buffer back. */
  trim(): void {
    if (this.buffer.length > KEPT) this.buffer = new Uint8Array(0);
  }
}
