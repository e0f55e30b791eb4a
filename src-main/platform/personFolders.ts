import os from 'node:os';
import path from 'node:path';
import { pathFacts } from './pathFacts';
import { readSmallFile } from './smallFiles';

/** Folders that a desktop gives its person; absent where there is none. */
export interface PersonFolders {
  readonly home: string;
  readonly desktop?: string;
  readonly documents?: string;
  readonly downloads?: string;
}

const kinds = { desktop: 'Desktop', documents: 'Documents', downloads: 'Downloads' } as const;
const xdgNames = { desktop: 'DESKTOP', documents: 'DOCUMENTS', downloads: 'DOWNLOAD' } as const;

/** The person's folders that exist, in their language where the desktop keeps a list of them (XDG user-dirs). */
export async function personFolders(home = os.homedir()): Promise<PersonFolders> {
  const config = process.env['XDG_CONFIG_HOME'] ?? path.join(home, '.config');
  const list =
    process.platform === 'linux'
      ? await readSmallFile(path.join(config, 'user-dirs.dirs'), 65_536)
      : undefined;
  const named = parseUserDirs(list?.toString('utf8') ?? '', home);
  const found: { -readonly [K in keyof PersonFolders]: PersonFolders[K] } = { home };
  for (const kind of ['desktop', 'documents', 'downloads'] as const) {
    const place = named.get(xdgNames[kind]) ?? path.join(home, kinds[kind]);
    // A desktop without such a folder names the home directory in its place.
    if (place !== home && (await pathFacts(place)).kind === 'directory') found[kind] = place;
  }
  return found;
}

/** Lines XDG_NAME_DIR="$HOME/Place" or "/place" of a user-dirs.dirs. */
export function parseUserDirs(text: string, home: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/^[ \t]*XDG_([A-Z]+)_DIR="((?:[^"\\\n]|\\.)*)"/gm)) {
    const place = value.replace(/\\(.)/g, '$1').replace(/^\$HOME(?=\/|$)/, () => home);
    if (path.isAbsolute(place)) found.set(name, path.resolve(place));
  }
  return found;
}

/** Names of the person as they stand in paths: the account's and the home directory's. */
export function personNames(home = os.homedir()): string[] {
  return [accountName(), path.basename(home)].filter((name) => name !== '');
}

function accountName(): string {
  try {
    return os.userInfo().username;
  } catch (error) {
    // An account that the system has no entry for, as containers have.
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return process.env['USER'] ?? process.env['USERNAME'] ?? '';
  }
}
