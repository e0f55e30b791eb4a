import { AppError } from '../../../../src-shared/errors/appError';
import type { ArchiveIndex } from './archiveIndex';
import { tooLarge } from './folderContainer';
import type { PackageContainer } from './packageContainer';

/** What an archive of one format brings along. */
export interface ArchiveFormat<E> {
  readonly label: string;
  readonly kind: 'zip' | 'cab';
  readonly index: ArchiveIndex<E>;
  /** The data of a file; bounded by the size that the index tells. */
  pieces(entry: E): Iterable<Uint8Array>;
  close(): void;
}

/** The container of an archive. */
export function archiveContainer<E>(archive: ArchiveFormat<E>): PackageContainer {
  const { label, kind, index } = archive;
  const placeOf = (path: string): string => `${label} > ${path}`;
  const piecesOf = (path: string): Iterable<Uint8Array> => {
    const entry = index.entryOf(path);
    if (entry === undefined) throw new AppError('io/not-found', `${placeOf(path)} is not there`, { path });
    return placed(placeOf(path), archive.pieces(entry));
  };
  return {
    label,
    kind,
    remarks: index.remarks,
    list: () => index.files,
    find: (path) => index.find(path),
    read(path, limit) {
      const pieces = piecesOf(path);
      const size = index.find(path)?.size ?? 0;
      if (size > limit) throw tooLarge(placeOf(path), size, limit);
      // Made when the first piece is there: the size may be a lie that the data tells at once.
      let bytes = new Uint8Array(0);
      let at = 0;
      for (const piece of pieces) {
        if (at === 0) bytes = new Uint8Array(size);
        bytes.set(piece, at);
        at += piece.length;
      }
      return bytes;
    },
    pieces: piecesOf,
    sourcePath: () => undefined,
    placeOf,
    close: () => archive.close(),
  };
}

/** Pieces whose errors name the archive and the file. */
function* placed(place: string, pieces: Iterable<Uint8Array>): Generator<Uint8Array, void, undefined> {
  try {
    yield* pieces;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, `${place}: ${error.message}`, error.facts, error);
  }
}
