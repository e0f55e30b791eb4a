import type { OfflineWindows } from '../../../../src-shared/model/drivers';
import type { DriverPathSet } from '../../answer/mergeDriverPaths';

/** Longest path that Windows' setup functions take, with the drive. */
export const MOST_PATH = 259;

/** Below the Windows directory; see docs/decisions/0016. */
const TOP = 'Drivers/Wimsmith';

/** Folder of the image that holds a folder for each staged package: '/Windows/Drivers/Wimsmith'. */
export function stagingFolder(windows: Pick<OfflineWindows, 'systemRoot'>): string {
  return `${imagePath(windows.systemRoot)}/${TOP}`;
}

export function manifestPath(windows: Pick<OfflineWindows, 'systemRoot'>): string {
  return `${stagingFolder(windows)}/wimsmith-drivers.json`;
}

/** The staging folder as the registry and scripts of that Windows name it. */
export const stagingVariable = `%SystemRoot%\\${TOP.replaceAll('/', '\\')}`;

/**
 * The staging folder as that Windows sees it when it runs. A Windows that was set up is always on C:, and Windows PE on
 * X:; answer files are not known to expand variables in DriverPaths.
 */
export function stagingWindowsPath(windows: Pick<OfflineWindows, 'systemRoot' | 'installation'>): string {
  const drive = windows.installation === 'windows' ? 'C:' : 'X:';
  return drive + stagingFolder(windows).replaceAll('/', '\\');
}

/** What an answer file in the image, or one beside it, is to name. */
export function driverPathSets(
  windows: Pick<OfflineWindows, 'systemRoot' | 'installation'>,
): DriverPathSet[] {
  const paths = [stagingWindowsPath(windows)];
  if (windows.installation !== 'windows') return [{ pass: 'windowsPE', paths }];
  return [
    { pass: 'offlineServicing', paths },
    { pass: 'auditSystem', paths },
  ];
}

/** '/' between names, one before the first. */
export function imagePath(path: string): string {
  return `/${path
    .split(/[/\\]+/)
    .filter((name) => name !== '')
    .join('/')}`;
}

const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;
const FORBIDDEN = '\\/:*?"<>|';

/** Whether a relative path, '/' between names, is one that Windows takes and that stays below its folder. */
export function isSafePath(path: string): boolean {
  return path.split('/').every(isSafeName);
}

function isSafeName(name: string): boolean {
  if (name === '' || name.length > 255 || RESERVED.test(name)) return false;
  if (name.endsWith('.') || name.endsWith(' ')) return false;
  return [...name].every((character) => character >= ' ' && !FORBIDDEN.includes(character));
}
