/**
 * All that the engine may use beyond the language itself, each with the part of its interface that the engine needs.
 * The engine is compiled without Node's and without browser types, so `process`, `Buffer` or `node:fs` do not compile
 * here; what the engine needs from an operating system comes in through os.ts.
 */

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: ArrayBuffer | Uint8Array, options?: { stream?: boolean }): string;
}
