import path from 'node:path';
import type { KernelName, Kernels } from '../engine/codec/kernel';
import { readProgramFileSync } from './programFiles';

/**
 * The kernels in `directory` (`xpress.wasm`, `lzx.wasm`, `lzms.wasm`), each read and compiled when it is first used.
 * Compiling takes under a millisecond; the runtime keeps the machine code for all threads.
 */
export function loadKernels(directory: string): Kernels {
  const modules = new Map<KernelName, WebAssembly.Module>();
  return {
    kernel(name) {
      let module = modules.get(name);
      if (module === undefined) {
        // A copy, because the compiler takes no view that might be of shared memory.
        const bytes = new Uint8Array(readProgramFileSync(path.join(directory, `${name}.wasm`)));
        module = new WebAssembly.Module(bytes);
        modules.set(name, module);
      }
      return module;
    },
  };
}
