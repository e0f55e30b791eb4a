/** Codecs that have a WebAssembly kernel. */
export type KernelName = 'xpress' | 'lzx' | 'lzms';

/**
 * The compiled kernels. The platform reads a .wasm file and compiles it when it is first asked for, so that a job pays
 * for the codec that it uses; every thread makes its own instances. The engine never touches the files.
 */
export interface Kernels {
  /** The compiled kernel of a codec: the same module at every call. */
  kernel(name: KernelName): WebAssembly.Module;
}
