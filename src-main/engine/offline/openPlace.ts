import { AppError } from '../../../src-shared/errors/appError';
import type { OfflinePlace } from '../../../src-shared/model/drivers';
import type { WriteReport } from '../../../src-shared/model/reports';
import type { WriteChoices } from '../../../src-shared/model/requests';
import { openDisk } from '../disk/openDisk';
import type { EngineHost } from '../os';
import type { VerbContext } from '../wim/ops/common';
import { PIPABLE_MAGIC, WIM_MAGIC } from '../wim/records/wimHeader';
import { commitToFolder, recoverFolder } from './commitFolder';
import { commitToImage } from './commitImage';
import { openFolderTree } from './folderTree';
import { openImageTree } from './imageTree';
import type { OfflineEdit, OfflineTree } from './offlineTree';
import { openVolumeTree } from './volumeTree';
import { lockFolder, staleWorkFolders } from './workFolder';

/** An offline Windows that is open, and how its changes are made. */
export interface OpenPlace {
  readonly tree: OfflineTree;
  /** Directory of this machine where a job may put what it needs: on the volume that is written to. */
  readonly workplace: string;
  /** What was noticed when it was opened. */
  readonly warnings: readonly string[];
  /** Changes when anyone changes the WIM, or one of the files at these paths of a folder. */
  revision(paths: readonly string[]): string;
  /**
   * Makes all edits, or none.
   * @returns what was written, for an image
   * @throws AppError `offline/read-only`
   */
  commit(
    edits: readonly OfflineEdit[],
    choices: WriteChoices & { readonly verifyIntegrity?: boolean },
    context: VerbContext,
  ): Promise<WriteReport | undefined>;
}

type Place = OfflinePlace & { readonly verifyIntegrity?: boolean };

/**
 * Opens an offline Windows: an image where the path is a WIM, else a folder, else a volume of a disk.
 * @param changing it will be written to: what a program left half done in a folder is taken back first
 * @throws AppError `io/not-found`, `usage/invalid`, and what opening a WIM or a volume throws
 */
export async function openPlace(
  host: EngineHost,
  place: Place,
  changing: boolean,
  context: VerbContext,
): Promise<OpenPlace> {
  if (place.path === '') throw new AppError('usage/invalid', 'the path of the image is empty');
  const path = host.files.absolute(place.path);
  const isDevice = host.devices?.isDevice(place.path) === true;
  const kind = isDevice ? 'file' : host.files.status(path)?.kind;
  if (kind === undefined) throw new AppError('io/not-found', `${place.path} is not there`, { path });
  if (kind === 'directory') return openFolder(host, place, path, changing);
  if (!isDevice && place.volume === undefined && isWim(host, path))
    return openImage(host, place, path, context);
  return openVolume(host, place, context);
}

function openFolder(host: EngineHost, place: Place, path: string, changing: boolean): OpenPlace {
  if (place.image !== undefined) {
    throw new AppError('usage/invalid', `${place.path} is a folder, and has no image "${place.image}"`);
  }
  if (place.volume !== undefined && place.volume !== 'auto') {
    throw new AppError('usage/invalid', `${place.path} is a folder, and has no volume "${place.volume}"`);
  }
  const { files } = host;
  const unlock = changing ? lockFolder(files, path) : () => undefined;
  try {
    const warnings = changing
      ? recoverFolder(files, path)
      : staleWorkFolders(files, path).map((left) => `${left} was left by a program that was cut off`);
    return folderPlace(host, path, warnings, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** @param unlock called when the tree is closed */
function folderPlace(
  host: EngineHost,
  path: string,
  warnings: readonly string[],
  unlock: () => void,
): OpenPlace {
  const tree = openFolderTree(host.files, path);
  return {
    tree: { ...tree, close: unlock },
    workplace: path,
    warnings,
    revision: (paths) => paths.map((at) => `${at}\t${statusText(host, tree.nativePath(at))}`).join('\n'),
    async commit(edits, _choices, context) {
      await commitToFolder(host, tree, edits, context);
      return undefined;
    },
  };
}

async function openImage(
  host: EngineHost,
  place: Place,
  path: string,
  context: VerbContext,
): Promise<OpenPlace> {
  const { files } = host;
  const opened = statusText(host, path);
  const tree = await openImageTree(host, path, place.image, place, context);
  return {
    tree,
    workplace: files.directoryName(path),
    warnings: [],
    revision: () => `${path}\t${statusText(host, path)}`,
    commit(edits, choices, committing) {
      if (statusText(host, path) !== opened) {
        throw new AppError('plan/stale', `${path} was changed by another program meanwhile`, { path });
      }
      return commitToImage(host, tree, edits, choices, committing);
    },
  };
}

async function openVolume(host: EngineHost, place: Place, context: VerbContext): Promise<OpenPlace> {
  if (place.image !== undefined) {
    throw new AppError('usage/invalid', `${place.path} is a disk, and has no image "${place.image}"`);
  }
  // Said before its whole volume is read: what is no disk at all.
  openDisk(host, place.path, 'read').close();
  const tree = await openVolumeTree(host, place.path, place.volume, context);
  const { readOnly = '' } = tree;
  return {
    tree,
    workplace: host.files.directoryName(host.files.absolute(place.path)),
    warnings: [],
    revision: () => statusText(host, host.files.absolute(place.path)),
    commit() {
      throw new AppError('offline/read-only', readOnly, { path: place.path });
    },
  };
}

function statusText({ files }: EngineHost, path: string): string {
  const status = files.status(path);
  return status === undefined ? 'nothing' : `${status.size}-${status.modifiedMs}-${status.identity}`;
}

/** Whether a file begins as a WIM does. */
function isWim({ files }: EngineHost, path: string): boolean {
  const file = files.openRead(path);
  try {
    const magic = new Uint8Array(8);
    if (file.read(0, magic) < magic.length) return false;
    const value = new DataView(magic.buffer).getBigUint64(0, true);
    return value === WIM_MAGIC || value === PIPABLE_MAGIC;
  } finally {
    file.close();
  }
}
