import type { LibraryRow } from '../../../src-shared/contract/library';
import type { WimSummary } from '../../../src-shared/model/summaries';
import type { PathRules } from '../files/pathRules';
import type { StoredRow } from './libraryStore';

/** A row for a file that nobody has looked into yet. */
export function newRow(path: string, origin: LibraryRow['origin'], now: string, rules: PathRules): StoredRow {
  return {
    path,
    name: rules.name(path),
    folder: rules.parent(path) ?? path,
    state: 'missing',
    problem: '',
    origin,
    imageCount: 0,
    imageNames: [],
    compression: 'none',
    solid: false,
    partNumber: 1,
    totalParts: 1,
    size: 0,
    saved: 0,
    changedAt: now,
    addedAt: now,
    verified: null,
    revision: '',
    verifiedRevision: '',
    dismissed: false,
  };
}

/** Names of images that a row keeps, and characters of each: all rows go to a window in one message. */
const NAMES = 300;
const NAME_LENGTH = 120;

/** The row with what its file holds now. */
export function withSummary(
  row: StoredRow,
  summary: WimSummary,
  file: { readonly revision: string; readonly changedAt: string },
): StoredRow {
  const bytes = summary.images.reduce((sum, image) => sum + image.totalBytes, 0);
  return {
    ...row,
    ...file,
    state: 'ok',
    problem: '',
    imageCount: summary.imageCount,
    imageNames: summary.images
      .slice(0, NAMES)
      .map((image) => (image.displayName || image.name).slice(0, NAME_LENGTH)),
    compression: summary.compression,
    solid: summary.attributes.solid,
    partNumber: summary.partNumber,
    totalParts: summary.totalParts,
    size: summary.fileSize,
    saved: Math.max(0, bytes - summary.fileSize),
  };
}

/** The row as windows get it: a verification counts for the file that was verified. */
export function shownRow({ revision, verifiedRevision, dismissed: _, ...row }: StoredRow): LibraryRow {
  const verified =
    row.state === 'ok' && revision !== '' && revision === verifiedRevision ? row.verified : null;
  return { ...row, verified };
}
