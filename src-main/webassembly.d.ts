/**
 * The part of the WebAssembly interface that the program uses. Every runtime has it, but its declarations come with
 * browser types only, which this side of the program must not see.
 */
declare namespace WebAssembly {
  type ImportValue = Memory | number | ((...values: number[]) => unknown);
  type Imports = Record<string, Record<string, ImportValue>>;
  type Exports = Record<string, unknown>;

  class Module {
    constructor(bytes: ArrayBuffer | Uint8Array);
    private readonly compiled: never;
  }

  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }

  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
    /** @returns the size before, in pages of 64 KiB. */
    grow(pages: number): number;
  }

  class RuntimeError extends Error {}

  function compile(bytes: ArrayBuffer | Uint8Array): Promise<Module>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
}
