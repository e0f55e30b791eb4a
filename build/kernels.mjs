// Compiles the codecs' AssemblyScript kernels to dist/kernels/<name>.wasm.
// A kernel lives in src-main/engine/codec/<name>/kernel/index.ts and exports plain functions over its own memory.
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const codecRoot = path.join(root, 'src-main/engine/codec');
const outRoot = path.join(root, 'dist/kernels');

/** @param {string} directory */
function newest(directory) {
  let time = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) time = Math.max(time, statSync(path.join(entry.parentPath, entry.name)).mtimeMs);
  }
  return time;
}

/**
 * Compiles every kernel whose sources are newer than its output.
 * @param {{ force?: boolean, names?: string[] }} [options] `force` compiles all; `names` limits it to some
 * @returns {Promise<string[]>} what was compiled
 */
export async function buildKernels({ force = false, names = [] } = {}) {
  /** @type {string[]} */
  const built = [];
  mkdirSync(outRoot, { recursive: true });
  const shared = path.join(codecRoot, 'kernel');
  const self = statSync(fileURLToPath(import.meta.url)).mtimeMs;
  for (const name of readdirSync(codecRoot)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const entry = path.join(codecRoot, name, 'kernel/index.ts');
    if (!existsSync(entry)) continue;
    const out = path.join(outRoot, `${name}.wasm`);
    const sources = Math.max(newest(path.dirname(entry)), existsSync(shared) ? newest(shared) : 0, self);
    if (!force && existsSync(out) && statSync(out).mtimeMs > sources) continue;
    // The compiler takes a good part of a second to load: only when there is work for it.
    const { default: asc } = await import('assemblyscript/asc');
    const { error, stderr } = await asc.main([
      path.relative(root, entry),
      '--outFile',
      path.relative(root, out),
      '--runtime',
      'stub',
      '--optimizeLevel',
      '3',
      '--converge',
      '--noAssert',
      '--enable',
      'simd',
      '--enable',
      'bulk-memory',
      '--debug',
      '--baseDir',
      root,
    ]);
    if (error) throw new Error(`kernel ${name} does not compile\n${stderr.toString()}`);
    built.push(path.relative(root, out));
  }
  return built;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildKernels({ force: true, names: process.argv.slice(2) });
}
