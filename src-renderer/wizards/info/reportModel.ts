import type { LibraryRow } from '../../../src-shared/contract/library';
import type { WimSummary } from '../../../src-shared/model/summaries';

/** Everything that a report on a WIM says, as data: what is saved as JSON. Sizes in bytes, times in UTC. */
export interface WimReport {
  readonly madeAt: string;
  readonly wim: WimSummary;
  /** For each image the stored bytes that no other image names; null when that was not found out. */
  readonly onlyInImages: readonly number[] | null;
  /** The last verification of the file as it is; null: never. */
  readonly verified: LibraryRow['verified'];
  /** Bytes of all files of all images, hard links once. */
  readonly logicalBytes: number;
  /** {@link logicalBytes} less the size of the file; never below 0. */
  readonly savedBytes: number;
}

export function makeReport(
  wim: WimSummary,
  found: { readonly onlyInImages: readonly number[] | null; readonly verified: LibraryRow['verified'] },
  madeAt: string,
): WimReport {
  const logicalBytes = wim.images.reduce(
    (sum, { totalBytes, hardLinkBytes }) => sum + Math.max(0, totalBytes - hardLinkBytes),
    0,
  );
  return { madeAt, wim, ...found, logicalBytes, savedBytes: Math.max(0, logicalBytes - wim.fileSize) };
}

/** Names and values under a heading. */
export interface ReportSection {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
}
