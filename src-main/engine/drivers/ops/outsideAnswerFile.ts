import { toHex } from '../../binary/hex';
import { AppError } from '../../../../src-shared/errors/appError';
import type { DriversAddRequest, OfflineWindows } from '../../../../src-shared/model/drivers';
import { createAnswerFile, mergeDriverPaths, type DriverPathSet } from '../../answer/mergeDriverPaths';
import { MOST_ANSWER_BYTES } from '../../answer/answerFile';
import { readExactly } from '../../binary/byteSource';
import type { EngineHost, FileSystem } from '../../os';

/** An answer file of this machine that gets the folders of the drivers, too. */
export interface OutsideAnswerFile {
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
  /** Changes when the file does. */
  readonly digest: string;
  /** Writes the new content beside the file, to be put in its place when all else is done. */
  write(): { complete(): void; discard(): void };
}

/**
 * What is done to the answer file that a request names; a new one is made where none is.
 * @throws FormatError `answer/malformed`, AppError `io/...`
 */
export function planAnswerFile(
  host: EngineHost,
  { answerFile }: Pick<DriversAddRequest, 'answerFile'>,
  { target: { architecture } }: OfflineWindows,
  sets: readonly DriverPathSet[],
): OutsideAnswerFile | undefined {
  if (answerFile === undefined) return undefined;
  const { files } = host;
  const path = files.absolute(answerFile);
  const old = readAnswerFile(files, path);
  const merged = old === undefined ? undefined : mergeDriverPaths(old, answerFile, architecture, sets);
  const bytes = merged === undefined ? createAnswerFile(architecture, sets) : merged.bytes;
  const count = sets.reduce((sum, { paths }) => sum + paths.length, 0);
  const what = count === 1 ? '1 driver path' : `${count} driver paths`;
  const digest = host.crypto.digest('sha256', old ?? new Uint8Array());
  return {
    steps: [
      old === undefined
        ? `Make the answer file ${path} with ${what}`
        : `Put ${what} into the answer file ${path}`,
    ],
    warnings: merged?.warnings ?? [],
    digest: toHex(digest),
    write: () => writeBeside(host, path, bytes),
  };
}

function readAnswerFile(files: FileSystem, path: string): Uint8Array | undefined {
  if (files.status(path) === undefined) return undefined;
  const file = files.openRead(path);
  try {
    if (file.size > MOST_ANSWER_BYTES) {
      throw new AppError('answer/malformed', `${path} is too large for an answer file`, { path });
    }
    return readExactly(file, 0, file.size, 'answer file', 'io/failed');
  } finally {
    file.close();
  }
}

function writeBeside(
  host: EngineHost,
  path: string,
  bytes: Uint8Array,
): ReturnType<OutsideAnswerFile['write']> {
  const { files } = host;
  const temporary = `${path}.${host.processId}.new`;
  files.remove(temporary);
  const file = files.create(temporary);
  try {
    file.write(0, bytes);
    file.flush();
  } finally {
    file.close();
  }
  if (files.status(path) !== undefined) files.copyPermissions(path, temporary);
  return {
    complete() {
      files.rename(temporary, path);
      files.syncDirectory(files.directoryName(path));
    },
    discard: () => files.remove(temporary),
  };
}
