import { FormatError } from '../../../../src-shared/errors/appError';
import type { OfflineWindows } from '../../../../src-shared/model/drivers';
import type { AnswerAddition } from '../../answer/mergeDriverPaths';
import type { OfflineTree } from '../../offline/offlineTree';
import type { BootRecord } from '../bootRegistration/bootRegistration';
import type { DevicePathRecord } from './devicePath';
import { manifestPath } from './stagingPaths';
import type { StagedPackage } from './stagingModel';
import { readManifestText } from './manifestText';

/** A file that was made or changed besides the packages' own. */
export interface ScriptRecord {
  /** In the image. */
  readonly path: string;
  /** It was not there before. */
  readonly created: boolean;
  /** SHA-256 of the file as it was written: one that was made goes as a whole as long as it is that. */
  readonly sha256: string;
  readonly inserted: string;
}

export interface AnswerRecord {
  readonly path: string;
  readonly created: boolean;
  readonly sha256: string;
  readonly additions: readonly AnswerAddition[];
}

/** What was added to an image, as it lies in the image: all that an undo needs. */
export interface StagingManifest {
  readonly format: 1;
  readonly packages: readonly StagedPackage[];
  /** Directories that were not there before, outermost first. */
  readonly folders: readonly string[];
  readonly devicePath?: DevicePathRecord;
  readonly answers: readonly AnswerRecord[];
  /** SetupComplete.cmd, startnet.cmd. */
  readonly scripts: readonly ScriptRecord[];
  readonly boot: readonly BootRecord[];
}

export const emptyManifest: StagingManifest = {
  format: 1,
  packages: [],
  folders: [],
  answers: [],
  scripts: [],
  boot: [],
};

/** Ten thousand packages of a hundred files. Bytes. */
const MOST_BYTES = 128 * 1024 * 1024;

/**
 * What was added to an image before; nothing where there is no manifest.
 * @throws FormatError `offline/too-large`, or `answer/malformed` for a manifest that this program did not write
 */
export function readManifest(
  tree: OfflineTree,
  windows: Pick<OfflineWindows, 'systemRoot'>,
): StagingManifest {
  const entry = tree.find(manifestPath(windows));
  if (entry?.kind !== 'file') return emptyManifest;
  const label = `${tree.label}: ${entry.path}`;
  const manifest = readManifestText(tree.read(entry.path, MOST_BYTES), windows);
  if (manifest !== undefined) return manifest;
  throw new FormatError(
    { structure: label, offset: 0, problem: 'it is no list of staged drivers that this program knows' },
    'answer/malformed',
  );
}

export function writeManifest(manifest: StagingManifest): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(manifest, undefined, 1)}\n`);
}
