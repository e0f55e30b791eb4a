import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(__dirname, '../..');

/** Bundles that the window runs. */
export const windowBundles = [
  'electron.cjs',
  'preload.cjs',
  'engine.cjs',
  'store.cjs',
  'worker.cjs',
] as const;

interface PackageJson {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export const packageJson = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as PackageJson;

/**
 * A copy of what the packager works on: the built program, its production dependencies, and things that must not get
 * into the package. The packager lists the installed packages; among a few it is quick.
 */
export function makeProject(project: string, platform: 'linux' | 'win32'): void {
  for (const built of [...windowBundles, 'kernels', 'renderer/index.html']) {
    if (!existsSync(path.join(root, 'dist', built))) {
      throw new Error(`dist/${built} is missing; make it with: npm run build`);
    }
  }
  cpSync(path.join(root, 'dist'), path.join(project, 'dist'), { recursive: true });
  for (const name of ['package.json', 'electron-builder.yml', 'LICENSE', 'README.md']) {
    cpSync(path.join(root, name), path.join(project, name));
  }
  symlinkSync(path.join(root, 'build'), path.join(project, 'build'));

  const packages = [
    'koffi',
    'node-sqlite3-wasm',
    ...(platform === 'linux' ? ['@koromix/koffi-linux-x64'] : []),
  ];
  for (const name of packages) {
    cpSync(path.join(root, 'node_modules', name), path.join(project, 'node_modules', name), {
      recursive: true,
    });
  }
  if (platform === 'win32') standInForWindowsKoffi(project);

  write(project, 'src-main/secret.ts', 'source');
  write(project, 'src-renderer/secret.tsx', 'source');
  write(project, 'test/secret.test.ts', 'test');
  write(project, 'docs/secret.md', 'text');
  write(project, 'dist/extra.cjs.map', '{}');
  write(project, 'node_modules/react/package.json', '{"name":"react","version":"19.3.1"}');
  write(project, 'node_modules/react/index.js', 'development only');
}

/** npm installs koffi's module for its own system only; the one for Windows is not there on another. */
function standInForWindowsKoffi(project: string): void {
  const name = '@koromix/koffi-win32-x64';
  const { optionalDependencies } = JSON.parse(
    readFileSync(path.join(root, 'node_modules/koffi/package.json'), 'utf8'),
  ) as { optionalDependencies: Record<string, string> };
  write(
    project,
    `node_modules/${name}/package.json`,
    JSON.stringify({ name, version: optionalDependencies[name], main: './index.js' }),
  );
  write(project, `node_modules/${name}/index.js`, "module.exports = require('./win32_x64/koffi.node');");
  write(project, `node_modules/${name}/win32_x64/koffi.node`, 'MZ');
  // Another system's, as on a machine that packages for several.
  const other = '@koromix/koffi-linux-x64';
  cpSync(path.join(root, 'node_modules', other), path.join(project, 'node_modules', other), {
    recursive: true,
  });
}

function write(project: string, file: string, text: string): void {
  mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
  writeFileSync(path.join(project, file), text);
}

/** Runs the packager for the system's unpacked form, with a stand-in runtime and no network. @returns its output */
export function runPackager(project: string, options: readonly string[]): string {
  const cli = path.join(root, 'node_modules/electron-builder/cli.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...options, '--publish', 'never'], {
    cwd: project,
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      ...process.env,
      // An address that answers nothing: a download fails at once, and with it the test.
      ELECTRON_MIRROR: 'http://127.0.0.1:9/',
      ELECTRON_BUILDER_BINARIES_MIRROR: 'http://127.0.0.1:9/',
      ELECTRON_BUILDER_BINARIES_ALLOW_HTTP: 'true',
      ELECTRON_BUILDER_OFFLINE: 'true',
      ELECTRON_BUILDER_CACHE: path.join(project, 'cache'),
      npm_config_offline: 'true',
      CSC_IDENTITY_AUTO_DISCOVERY: 'false',
      FORCE_COLOR: '0',
    },
  });
  if (status !== 0) throw new Error(`electron-builder ended with ${status}\n${stdout}\n${stderr}`);
  return stdout;
}
