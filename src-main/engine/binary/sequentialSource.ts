/** Bytes that come one after the other and are there only once: a pipe. Reads are synchronous. */
export interface SequentialSource {
  /** What a message calls it. */
  readonly name: string;
  /** Fills `target` as far as bytes are at hand, at least one; returns their number, 0 only at the end. */
  read(target: Uint8Array): number;
}
