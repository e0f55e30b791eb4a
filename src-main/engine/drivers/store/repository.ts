import { bytesEqual } from '../../binary/bytesEqual';
import { parseInf } from '../../inf/parseInf';
import type { InfFile } from '../../inf/infFile';
import { FormatError } from '../../../../src-shared/errors/appError';
import type { OfflineEntry, OfflineTree } from '../../offline/offlineTree';
import { infName } from './driverDatabase';

/** Larger than any INF. Bytes. */
const MOST_INF_BYTES = 32 * 1024 * 1024;

/** The folders of a driver store, and the INFs that were published. */
export interface Repository {
  /** Folder of a package, by its name in lower case. */
  readonly folders: ReadonlyMap<string, OfflineEntry>;
  /** `oem*.inf` in \Windows\INF, by name in lower case. */
  readonly published: ReadonlyMap<string, OfflineEntry>;
}

export function readRepository(tree: OfflineTree, systemRoot: string): Repository {
  const folders = tree
    .list(`${systemRoot}/System32/DriverStore/FileRepository`)
    .filter((entry) => entry.kind === 'directory');
  const published = tree
    .list(`${systemRoot}/INF`)
    .filter((entry) => entry.kind === 'file' && /^oem\d{1,6}\.inf$/i.test(entry.name));
  const byName = (entries: readonly OfflineEntry[]): Map<string, OfflineEntry> =>
    new Map(entries.map((entry) => [entry.name.toLowerCase(), entry]));
  return { folders: byName(folders), published: byName(published) };
}

/** What a published INF says, and the folder whose INF is the same, byte for byte. */
export interface PublishedInf {
  readonly inf: InfFile | undefined;
  /** Why it could not be read. */
  readonly problem?: string;
  readonly folder: OfflineEntry | undefined;
}

/**
 * Looks at an INF that no registry tells of, as in Windows 7, whose driver store keeps no list in a hive.
 * @param candidates folders that no other INF has
 */
export function readPublished(
  tree: OfflineTree,
  entry: OfflineEntry,
  candidates: readonly OfflineEntry[],
): PublishedInf {
  if (entry.size > MOST_INF_BYTES) return { inf: undefined, problem: 'it is too large', folder: undefined };
  const bytes = tree.read(entry.path, MOST_INF_BYTES);
  const folder = candidates.find((one) => {
    const inf = tree.find(`${one.path}/${infName(one.name)}`);
    return (
      inf?.kind === 'file' &&
      inf.size === bytes.length &&
      bytesEqual(tree.read(inf.path, MOST_INF_BYTES), bytes)
    );
  });
  try {
    return { inf: parseInf(bytes, entry.path), folder };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { inf: undefined, problem: error.message, folder };
  }
}
