/** Result of decoding a chunk; the wrapper gives each its words, in this order. */
export enum Status {
  Done,
  TooShort,
  OddSize,
  BadOffset,
  BadLength,
  BadDeltaOffset,
}
