// Bundles the program: dist/wimsmith.cjs, dist/worker.cjs, dist/kernels/*.wasm. Builds only what is older than its
// sources, unless it runs by itself (`npm run build`).
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildKernels } from './kernels.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Bundles: output below dist/, entry, and whether a shell starts it by name. */
const bundles = [
  { out: 'wimsmith.cjs', entry: 'src-main/entry/cli.ts', executable: true },
  { out: 'worker.cjs', entry: 'src-main/workers/worker.ts', executable: false },
  { out: 'engine.cjs', entry: 'src-main/entry/engineThread.ts', executable: false },
  { out: 'store.cjs', entry: 'src-main/entry/storeThread.ts', executable: false },
  { out: 'headless.cjs', entry: 'src-main/entry/headless.ts', executable: false },
  { out: 'electron.cjs', entry: 'src-main/entry/electron.ts', executable: false },
  { out: 'preload.cjs', entry: 'src-main/entry/preload.ts', executable: false },
];

/** What every bundle is made from; the lockfile stands for the packages. */
const sources = ['src-main', 'src-shared', 'package-lock.json', 'package.json', 'build/bundle.mjs'];
const rendererSources = [
  'src-renderer',
  'src-shared',
  'package-lock.json',
  'build/vite.config.mjs',
  'build/bundle.mjs',
];

/** A source that does not compile: the message holds the compiler's own lines. */
class BuildError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'BuildError';
  }
}

/**
 * @param {string} place file or folder
 * @returns {number} the latest change of it and of all below, in milliseconds; a folder's own time shows deletions
 */
function newest(place) {
  const status = statSync(place);
  if (!status.isDirectory()) return status.mtimeMs;
  return readdirSync(place).reduce(
    (time, name) => Math.max(time, newest(path.join(place, name))),
    status.mtimeMs,
  );
}

/** @param {{ out: string, entry: string, executable: boolean }} bundle */
async function bundleOne({ out, entry, executable }) {
  const { build, formatMessages } = await import('esbuild');
  const outfile = path.join(root, 'dist', out);
  const hasShebang = readFileSync(path.join(root, entry), 'utf8').startsWith('#!');
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    // Native code cannot be bundled; Electron's modules exist only inside Electron.
    external: ['koffi', 'node-sqlite3-wasm', 'electron', 'original-fs'],
    banner: executable && !hasShebang ? { js: '#!/usr/bin/env node' } : {},
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'silent',
  }).catch(async (failure) => {
    if (!Array.isArray(failure.errors)) throw failure;
    const lines = await formatMessages(failure.errors, { kind: 'error', terminalWidth: 110 });
    throw new BuildError(`${entry} does not build\n${lines.join('').trimEnd()}`);
  });
  for (const line of await formatMessages(result.warnings, { kind: 'warning', terminalWidth: 110 })) {
    process.stderr.write(line);
  }
  if (executable) chmodSync(outfile, 0o755);
}

/**
 * Builds the kernels and the bundles whose sources are newer than they are, or all with `force`.
 * @param {{ force?: boolean }} [options]
 * @returns {Promise<string[]>} what was built
 */
export async function buildAll({ force = false } = {}) {
  const built = await buildKernels({ force }).catch((failure) => {
    throw new BuildError(failure instanceof Error ? failure.message : String(failure));
  });
  const changed = Math.max(...sources.map((source) => newest(path.join(root, source))));
  for (const bundle of bundles) {
    const out = path.join(root, 'dist', bundle.out);
    if (!force && existsSync(out) && statSync(out).mtimeMs > changed) continue;
    await bundleOne(bundle);
    built.push(`dist/${bundle.out}`);
  }
  const page = path.join(root, 'dist/renderer/index.html');
  const rendererChanged = Math.max(...rendererSources.map((source) => newest(path.join(root, source))));
  if (force || !existsSync(page) || statSync(page).mtimeMs <= rendererChanged) {
    await buildRenderer();
    built.push('dist/renderer');
  }
  return built;
}

/** The workbench's page, by vite: always the one that is shipped, also when a test runner asks for it. */
async function buildRenderer() {
  const { build } = await import('vite');
  const before = process.env.NODE_ENV;
  // It decides whether React is bundled as it is developed with: half as much again, and slower.
  process.env.NODE_ENV = 'production';
  try {
    await build({ configFile: path.join(root, 'build/vite.config.mjs'), logLevel: 'warn' });
  } catch (failure) {
    throw new BuildError(
      `the renderer does not build\n${failure instanceof Error ? failure.message : failure}`,
    );
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    for (const built of await buildAll({ force: true })) process.stdout.write(`built ${built}\n`);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
