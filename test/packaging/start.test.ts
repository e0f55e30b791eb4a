import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { version } from '../../package.json';
import { temporaryDirectory } from '../support/tools';
import { root } from './project';

/** Node as Electron: see test/support/fakeElectron/runtime.ts. */
async function bundleRuntime(place: string): Promise<string> {
  const outfile = path.join(place, 'runtime.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: ['test/support/fakeElectron/runtime.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  return outfile;
}

describe('the built program under Electron', () => {
  it('opens its window, works through IPC, and finds its own files in the archive', async () => {
    const place = temporaryDirectory();
    const resources = path.join(place, 'resources/app.asar');
    for (const name of [
      'dist',
      'package.json',
      'node_modules/koffi',
      'node_modules/@koromix',
      'node_modules/node-sqlite3-wasm',
    ]) {
      cpSync(path.join(root, name), path.join(resources, name), { recursive: true });
    }
    const source = path.join(place, 'reference');
    mkdirSync(path.join(source, 'Windows'), { recursive: true });
    writeFileSync(path.join(source, 'Windows/notepad.exe'), 'a program '.repeat(20_000));
    // What a real installation holds: rawFs must take it for the file that it is.
    writeFileSync(path.join(source, 'other.asar'), 'an archive of another program');
    const wim = path.join(place, 'lab.wim');

    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--require', await bundleRuntime(place), path.join(resources, 'dist/electron.cjs'), '--practice'],
      {
        encoding: 'utf8',
        timeout: 30_000,
        env: {
          ...process.env,
          WIMSMITH_DATA: path.join(place, 'data'),
          CAPTURE_SOURCE: source,
          CAPTURE_WIM: wim,
        },
      },
    );

    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { what: string; value: unknown });
    expect([stderr, status]).toEqual(['', 0]);
    expect(Object.fromEntries(lines.map(({ what, value }) => [what, value]))).toEqual({
      page: [200, 'text/html; charset=utf-8'],
      info: { version, shell: 'electron', nativeDialogs: true, start: { practice: true, open: null } },
      captured: { verb: 'capture', image: 1 },
      bar: -1,
      ended: { destroyed: true, threads: [], errors: [] },
    });
    expect(readFileSync(wim).subarray(0, 8).toString('latin1')).toBe('MSWIM\0\0\0');
    expect(existsSync(path.join(place, 'data/window.json'))).toBe(true);
  });
});
