/** Compression formats of a WIM, by the names its tools use. */
export type CompressionFormat = 'none' | 'xpress' | 'lzx' | 'lzms';

/** Compresses one chunk at a time. An instance is used by one thread and keeps its tables between chunks. */
export interface ChunkCompressor {
  /**
   * Compresses `input` (1 to the maximum chunk size) into `output`.
   * @returns bytes written, or 0 when the result does not fit in `output`: the caller stores the chunk instead.
   */
  compress(input: Uint8Array, output: Uint8Array): number;
}

/** Decompresses one chunk at a time. An instance is used by one thread. */
export interface ChunkDecompressor {
  /**
   * Decompresses `input` into exactly `output.length` bytes.
   * @throws FormatError when the data is not a valid stream of exactly that size. What `output` then holds is undefined.
   */
  decompress(input: Uint8Array, output: Uint8Array): void;
  /**
   * The same without a copy, where the codec has it: a view of the kernel's own memory, valid until its next call.
   * @param size bytes that it decompresses to
   */
  decompressInPlace?(input: Uint8Array, size: number): Uint8Array;
}

/** What a compressor is made for. */
export interface CompressorOptions {
  /** Largest chunk it will be given, in bytes. */
  readonly maxChunkSize: number;
  /** Effort, 1 to 100 on wimlib's scale, 50 by default: below 35 fast, 35 and above near-optimal. */
  readonly level: number;
}
