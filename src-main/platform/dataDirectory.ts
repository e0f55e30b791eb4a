import path from 'node:path';

/** What the place of the data directory depends on. */
export interface DataDirectoryFacts {
  readonly platform: string;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Where the workbench keeps settings, history and logs, as an absolute path: $WIMSMITH_DATA, else the system's own place
 * for such data. Nothing is made.
 */
export function dataDirectory({ platform, home, environment }: DataDirectoryFacts): string {
  const windows = platform === 'win32';
  const paths = windows ? path.win32 : path.posix;
  const set = environment.WIMSMITH_DATA;
  if (set !== undefined && set !== '') return paths.resolve(set);
  if (windows)
    return paths.join(absolute(environment.APPDATA, paths) ?? `${home}\\AppData\\Roaming`, 'Wimsmith');
  if (platform === 'darwin') return paths.join(home, 'Library/Application Support/Wimsmith');
  return paths.join(absolute(environment.XDG_DATA_HOME, paths) ?? `${home}/.local/share`, 'wimsmith');
}

/** The XDG rules: a path that is relative does not count. */
function absolute(value: string | undefined, paths: path.PlatformPath): string | undefined {
  return value !== undefined && paths.isAbsolute(value) ? value : undefined;
}
