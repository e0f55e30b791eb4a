import { AppError } from '../../../src-shared/errors/appError';
import { readExactly } from '../binary/byteSource';
import type { DirectoryEntry, FileSystem } from '../os';
import { pathNames } from '../tree/imagePath';
import { sameNameIgnoringCase } from '../tree/nameOrder';
import type { OfflineEntry, OfflineTree } from './offlineTree';
import { assertSize } from './treeLookup';

/** A folder that holds an offline Windows: an applied image, a mounted volume. */
export interface FolderTree extends OfflineTree {
  readonly kind: 'folder';
  /** Absolute path of the folder. */
  readonly root: string;
  /** The path of this machine that an image's path means: names that are there as they are spelled, others as given. */
  nativePath(path: string): string;
  /** Forgets what directories held: they are listed anew. Called around changes. */
  forget(): void;
}

/**
 * Opens a folder as an offline Windows.
 * @throws AppError `io/not-found`, `io/not-a-directory`
 */
export function openFolderTree(files: FileSystem, folder: string): FolderTree {
  const root = files.absolute(folder);
  const kind = files.status(root)?.kind;
  if (kind === undefined) throw new AppError('io/not-found', `${folder} is not there`, { path: folder });
  if (kind !== 'directory') {
    throw new AppError('io/not-a-directory', `${folder} is not a folder`, { path: folder });
  }
  const finder = new FolderFinder(files, root);
  return {
    kind: 'folder',
    label: root,
    root,
    readOnly: undefined,
    find: (path) => finder.find(path),
    list: (path) => finder.list(path),
    nativePath: (path) => finder.nativePath(path),
    forget: () => finder.forget(),
    read(path, limit) {
      const entry = finder.find(path);
      if (entry?.kind !== 'file') {
        throw new AppError('io/not-found', `${root} has no file ${path}`, { path });
      }
      assertSize(entry.size, limit, path, root);
      const file = files.openRead(finder.nativePath(path));
      try {
        assertSize(file.size, limit, path, root);
        return readExactly(file, 0, file.size, path, 'io/failed');
      } finally {
        file.close();
      }
    },
    close: () => undefined,
  };
}

interface Found {
  readonly native: string;
  readonly path: string;
  readonly entry: DirectoryEntry;
}

/** Directories whose entries are kept. */
const KEPT_LISTINGS = 64;

class FolderFinder {
  private readonly listings = new Map<string, ReadonlyMap<string, DirectoryEntry>>();

  constructor(
    private readonly files: FileSystem,
    private readonly root: string,
  ) {}

  find(path: string): OfflineEntry | undefined {
    const found = this.walk(pathNames(path));
    return found === undefined ? undefined : this.describe(found);
  }

  list(path: string): OfflineEntry[] {
    const found = this.walk(pathNames(path));
    if (found?.entry.kind !== 'directory') return [];
    return this.files.entries(found.native).flatMap((entry) => {
      const at = found.path === '/' ? `/${entry.name}` : `${found.path}/${entry.name}`;
      const described = this.describe({ native: this.files.join(found.native, entry.name), path: at, entry });
      return described === undefined ? [] : [described];
    });
  }

  nativePath(path: string): string {
    const names = pathNames(path);
    for (const name of names) {
      if (name === '.' || name === '..') {
        throw new AppError('offline/not-windows', `${path} leads out of the folder`, { path });
      }
    }
    for (let known = names.length; known >= 0; known--) {
      const found = this.walk(names.slice(0, known));
      if (found === undefined) continue;
      // Never through a link: what is made there would lie outside.
      if (known < names.length && found.entry.kind !== 'directory') {
        throw new AppError('io/not-a-directory', `${found.native} is not a folder`, { path: found.native });
      }
      return this.files.join(found.native, ...names.slice(known));
    }
    throw new AppError('internal/bug', 'the root of a folder is always found');
  }

  private walk(names: readonly string[]): Found | undefined {
    let found: Found = { native: this.root, path: '/', entry: { name: '', kind: 'directory' } };
    for (const name of names) {
      if (found.entry.kind !== 'directory') return undefined;
      const entries = this.entries(found.native);
      const entry =
        entries.get(name) ?? [...entries.values()].find((one) => sameNameIgnoringCase(one.name, name));
      if (entry === undefined) return undefined;
      const path = found.path === '/' ? `/${entry.name}` : `${found.path}/${entry.name}`;
      found = { native: this.files.join(found.native, entry.name), path, entry };
    }
    return found;
  }

  forget(): void {
    this.listings.clear();
  }

  /** Entries of a directory by name. */
  private entries(directory: string): ReadonlyMap<string, DirectoryEntry> {
    let entries = this.listings.get(directory);
    if (entries === undefined) {
      entries = new Map(this.files.entries(directory).map((entry) => [entry.name, entry]));
      if (this.listings.size >= KEPT_LISTINGS) this.listings.clear();
      this.listings.set(directory, entries);
    }
    return entries;
  }

  /** Devices and pipes are nothing that Windows has. */
  private describe({ native, path, entry }: Found): OfflineEntry | undefined {
    if (entry.kind === 'other') return undefined;
    const size = entry.kind === 'file' ? (this.files.status(native)?.size ?? 0) : 0;
    return { name: entry.name, path, kind: entry.kind, size };
  }
}
