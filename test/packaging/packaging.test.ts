import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../support/tools';
import { makeProject, packageJson, root, runPackager, windowBundles } from './project';
import { type fuseNames, makeStandInRuntime, readFuses, readWindowsResources } from './standIn';

/** Electron's archive format, from the package that electron-builder writes it with. */
interface Asar {
  listPackage(archive: string, options: { isPack: boolean }): string[];
  statFile(archive: string, file: string): { unpacked?: boolean; integrity?: { algorithm: string } };
  extractFile(archive: string, file: string): Buffer;
  extractAll(archive: string, directory: string): void;
  getRawHeader(archive: string): { headerString: string };
}
const asar = createRequire(__filename)('@electron/asar') as Asar;

const fuses: Record<(typeof fuseNames)[number], boolean> = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
};

/** All that the two production dependencies bring along. */
const dependencyFiles = [
  'node_modules/koffi/LICENSE.txt',
  'node_modules/koffi/index.cjs',
  'node_modules/koffi/index.js',
  'node_modules/koffi/package.json',
  'node_modules/koffi/src/koffi/index.cjs',
  'node_modules/koffi/src/koffi/index.js',
  'node_modules/koffi/src/koffi/src/static.cjs',
  'node_modules/koffi/src/koffi/src/static.js',
  'node_modules/koffi/src/koffi/src/trampolines.cjs',
  'node_modules/node-sqlite3-wasm/LICENSE',
  'node_modules/node-sqlite3-wasm/dist/node-sqlite3-wasm.js',
  'node_modules/node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm',
  'node_modules/node-sqlite3-wasm/package.json',
];

/** Files below a directory, with forward slashes, in order. */
function filesBelow(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

/** What of dist belongs into the window's program. */
function wantedBuilt(): string[] {
  return filesBelow(path.join(root, 'dist'))
    .filter((file) => !file.endsWith('.map') && file !== 'wimsmith.cjs' && file !== 'headless.cjs')
    .map((file) => `dist/${file}`);
}

function filesOf(archive: string): string[] {
  return asar
    .listPackage(archive, { isPack: false })
    .map((file) => file.replaceAll('\\', '/').replace(/^\//, ''))
    .filter((file) => !('files' in asar.statFile(archive, file)))
    .sort();
}

function packagedManifest(archive: string): Record<string, unknown> {
  return JSON.parse(asar.extractFile(archive, 'package.json').toString()) as Record<string, unknown>;
}

interface Packed {
  readonly directory: string;
  readonly archive: string;
}

function pack(platform: 'linux' | 'win32', folder: string, ...options: string[]): Packed {
  const place = temporaryDirectory();
  const project = path.join(place, 'project');
  const runtime = path.join(place, 'runtime');
  makeStandInRuntime(runtime, platform);
  makeProject(project, platform);
  runPackager(project, [
    platform === 'linux' ? '--linux' : '--win',
    'dir',
    '--x64',
    `-c.electronDist=${runtime}`,
    ...options,
  ]);
  const directory = path.join(project, 'out', folder);
  return { directory, archive: path.join(directory, 'resources/app.asar') };
}

function requiresOf(bundle: string): string[] {
  const text = readFileSync(path.join(root, 'dist', bundle), 'utf8');
  return [...new Set([...text.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name]) => name))].sort();
}

describe('the bundles', () => {
  it('have a preload script that needs nothing but electron', () => {
    expect(requiresOf('preload.cjs')).toEqual(['electron']);
    expect(readFileSync(path.join(root, 'dist/preload.cjs'), 'utf8')).not.toMatch(/\bimport\(/);
  });

  it.each(windowBundles.filter((name) => name !== 'preload.cjs'))(
    '%s needs nothing but Node, Electron and the production dependencies',
    (bundle) => {
      const allowed = ['electron', 'original-fs', ...Object.keys(packageJson.dependencies)];
      expect(requiresOf(bundle).filter((name) => !isBuiltin(name) && !allowed.includes(name))).toEqual([]);
    },
  );

  it('need two packages at run time', () => {
    expect(Object.keys(packageJson.dependencies).sort()).toEqual(['koffi', 'node-sqlite3-wasm']);
  });
});

describe('the package for Linux', () => {
  let packed: Packed;
  beforeAll(() => {
    packed = pack('linux', 'linux-unpacked');
  });

  it('holds the built program and its two dependencies, and nothing else', () => {
    const koffi = ['index.js', 'linux_x64/koffi.node', 'package.json'].map(
      (file) => `node_modules/@koromix/koffi-linux-x64/${file}`,
    );
    expect(filesOf(packed.archive)).toEqual(
      [...wantedBuilt(), ...dependencyFiles, ...koffi, 'package.json'].sort(),
    );
  });

  it('leaves only native code outside the archive', () => {
    expect(filesBelow(`${packed.archive}.unpacked`)).toEqual([
      'node_modules/@koromix/koffi-linux-x64/linux_x64/koffi.node',
    ]);
    const resources = readdirSync(path.join(packed.directory, 'resources')).sort();
    expect(resources).toEqual(['app.asar', 'app.asar.unpacked']);
  });

  it('starts the window, under its own name', () => {
    const manifest = packagedManifest(packed.archive);
    expect(manifest).toMatchObject({
      name: 'wimsmith',
      productName: 'Wimsmith',
      main: 'dist/electron.cjs',
      desktopName: 'wimsmith.desktop',
    });
    expect(manifest).not.toHaveProperty('devDependencies');
    expect(manifest).not.toHaveProperty('scripts');
    expect(statSync(path.join(packed.directory, 'wimsmith')).mode & 0o111).toBe(0o111);
  });

  it('has its fuses set', () => {
    expect(readFuses(readFileSync(path.join(packed.directory, 'wimsmith')))).toEqual(fuses);
  });

  it('can check each file of the archive', () => {
    for (const file of filesOf(packed.archive)) {
      expect([file, asar.statFile(packed.archive, file).integrity?.algorithm]).toEqual([file, 'SHA256']);
    }
  });

  it('keeps the languages of the program and the licences of the runtime', () => {
    expect(readdirSync(path.join(packed.directory, 'locales')).sort()).toEqual(['de.pak', 'en-US.pak']);
    const files = readdirSync(packed.directory);
    expect(files).toContain('LICENSE.electron.txt');
    expect(files).toContain('LICENSES.chromium.html');
  });

  it('has dependencies that are whole: they load and work', () => {
    const directory = temporaryDirectory();
    asar.extractAll(packed.archive, directory);
    const script = `
      const koffi = require('koffi');
      const size = koffi.sizeof('int64_t');
      const { Database } = require('node-sqlite3-wasm');
      const database = new Database();
      process.stdout.write(JSON.stringify([size, database.get('select 6 * 7 as answer')]));
      database.close();`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
      cwd: directory,
      encoding: 'utf8',
    });
    expect([stdout, stderr]).toEqual(['[8,{"answer":42}]', '']);
  });
});

describe('the package for Windows', () => {
  let packed: Packed;
  beforeAll(() => {
    packed = pack('win32', 'win-unpacked');
  });

  it('holds the built program and its two dependencies, and nothing else', () => {
    const koffi = ['index.js', 'package.json', 'win32_x64/koffi.node'].map(
      (file) => `node_modules/@koromix/koffi-win32-x64/${file}`,
    );
    expect(filesOf(packed.archive)).toEqual(
      [...wantedBuilt(), ...dependencyFiles, ...koffi, 'package.json'].sort(),
    );
    expect(filesBelow(`${packed.archive}.unpacked`)).toEqual([
      'node_modules/@koromix/koffi-win32-x64/win32_x64/koffi.node',
    ]);
  });

  it('has its fuses set', () => {
    expect(readFuses(readFileSync(path.join(packed.directory, 'Wimsmith.exe')))).toEqual(fuses);
  });

  it('has its name, its icon and the archive’s hash in the program', () => {
    const { strings, icons, integrity } = readWindowsResources(
      readFileSync(path.join(packed.directory, 'Wimsmith.exe')),
    );
    expect(strings).toMatchObject({
      ProductName: 'Wimsmith',
      FileDescription: 'Wimsmith',
      CompanyName: 'Wimsmith contributors',
    });
    expect(icons).toBe(6);
    const { headerString } = asar.getRawHeader(packed.archive);
    expect(integrity).toEqual([
      {
        file: 'resources\\app.asar',
        alg: 'SHA256',
        value: createHash('sha256').update(headerString).digest('hex'),
      },
    ]);
  });
});
