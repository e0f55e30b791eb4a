/** Result of a decoding step; the wrapper gives each its words, in this order. */
export enum Status {
  Done,
  Truncated,
  BadBlockType,
  BadBlockSize,
  BadPrecode,
  BadLengths,
  BadMainCode,
  BadLengthCode,
  BadAlignedCode,
  BadOffset,
  BadLength,
  ZeroOffset,
}
