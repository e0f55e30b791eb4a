import { AppError } from '../../../../src-shared/errors/appError';
import { readExactly } from '../../binary/byteSource';
import type { DirectoryEntry, FileSystem } from '../../os';
import type { ContainerFile, PackageContainer } from './packageContainer';
import { RemarkList } from './remarkList';

/** Folders deeper than this are not entered. */
const DEEPEST = 128;
/** Bytes of one piece. */
const PIECE = 1 << 20;
/** Folders that hold no drivers of a person, whatever they hold. */
const systemFolders = new Set(['$RECYCLE.BIN', 'SYSTEM VOLUME INFORMATION']);

/** What a folder holds itself, by key. */
interface Listing {
  readonly files: ReadonlyMap<string, FolderFile>;
  readonly folders: ReadonlyMap<string, string>;
}

class FolderFile implements ContainerFile {
  private known: number | undefined;

  constructor(
    private readonly files: FileSystem,
    private readonly root: string,
    readonly path: string,
  ) {}

  get source(): string {
    return this.files.join(this.root, this.path);
  }

  get size(): number {
    this.known ??= this.files.status(this.source)?.size ?? NaN;
    return this.known;
  }
}

/** A folder, which can be walked in steps. */
export interface FolderContainer extends PackageContainer {
  /** Lists everything; each step lists one folder and tells whether that was the last. */
  walk(): { step(): boolean };
}

/**
 * A folder. Each folder in it is listed when it is first needed and remembered; links are not followed.
 * @param root absolute path of a directory
 * @throws AppError `io/...` when the folder itself cannot be listed
 */
export function openFolder(files: FileSystem, root: string): FolderContainer {
  const remarks = new RemarkList(root);
  const listings = new Map<string, Listing>();
  let all: readonly ContainerFile[] | undefined;
  let links = 0;

  /** @param path of the folder from the root, as spelled there */
  function listingOf(path: string): Listing {
    const known = listings.get(path);
    if (known !== undefined) return known;
    const found = sorted(files.entries(path === '' ? root : files.join(root, path)));
    const inside = new Map<string, FolderFile>();
    const folders = new Map<string, string>();
    for (const { name, kind } of found) {
      const below = path === '' ? name : `${path}/${name}`;
      const key = name.toUpperCase();
      if (kind === 'file') {
        if (!inside.has(key)) inside.set(key, new FolderFile(files, root, below));
      } else if (kind === 'directory') {
        if (name.startsWith('.') || systemFolders.has(key)) {
          skipped(below, 'a hidden folder, which is not looked into', 'note');
        } else if (!folders.has(key)) folders.set(key, name);
      } else if (kind === 'link' && links++ === 0) {
        skipped(below, 'a symbolic link, which is not followed; others in this folder are not named', 'note');
      }
    }
    const listing = { files: inside, folders };
    listings.set(path, listing);
    return listing;
  }

  function skipped(path: string, problem: string, severity: 'note' | 'warning'): void {
    remarks.add({ severity, code: 'unreadable', file: files.join(root, path), problem });
  }

  /** As {@link listingOf}, a folder that cannot be read being empty. */
  function readable(path: string): Listing {
    try {
      return listingOf(path);
    } catch (error) {
      if (path === '' || !(error instanceof AppError)) throw error;
      skipped(path, error.message, 'warning');
      const none = { files: new Map<string, FolderFile>(), folders: new Map<string, string>() };
      listings.set(path, none);
      return none;
    }
  }

  function walk(): { step(): boolean } {
    const found: ContainerFile[] = [];
    const waiting = [{ path: '', depth: 0 }];
    return {
      step() {
        const next = waiting.pop();
        if (next === undefined) return true;
        const { path, depth } = next;
        const { files: inside, folders } = readable(path);
        for (const file of inside.values()) found.push(file);
        if (depth < DEEPEST) {
          for (const name of [...folders.values()].reverse()) {
            waiting.push({ path: path === '' ? name : `${path}/${name}`, depth: depth + 1 });
          }
        } else if (folders.size > 0) {
          skipped(path, `folders deeper than ${DEEPEST} are not looked into`, 'warning');
        }
        if (waiting.length > 0) return false;
        all = found;
        return true;
      },
    };
  }

  function listAll(): readonly ContainerFile[] {
    if (all !== undefined) return all;
    const walking = walk();
    while (!walking.step());
    return all ?? [];
  }

  function find(path: string): FolderFile | undefined {
    const names = path.split(/[/\\]/).filter((name) => name !== '' && name !== '.');
    const last = names.pop();
    if (last === undefined || names.length > DEEPEST) return undefined;
    let folder = '';
    for (const name of names) {
      const spelled = readable(folder).folders.get(name.toUpperCase());
      if (spelled === undefined) return undefined;
      folder = folder === '' ? spelled : `${folder}/${spelled}`;
    }
    return readable(folder).files.get(last.toUpperCase());
  }

  function needed(path: string): FolderFile {
    const file = find(path);
    if (file !== undefined) return file;
    throw new AppError('io/not-found', `${files.join(root, path)} is not there`, { path });
  }

  listingOf('');
  return {
    label: root,
    kind: 'folder',
    get remarks() {
      return remarks.list();
    },
    list: listAll,
    walk,
    find,
    read(path, limit) {
      const { source } = needed(path);
      const open = files.openRead(source);
      try {
        if (open.size > limit) throw tooLarge(source, open.size, limit);
        return readExactly(open, 0, open.size, 'file', 'source/changed');
      } finally {
        open.close();
      }
    },
    *pieces(path) {
      const open = files.openRead(needed(path).source);
      try {
        const piece = new Uint8Array(Math.min(PIECE, Math.max(open.size, 1)));
        for (let at = 0; ;) {
          const count = open.read(at, piece);
          if (count === 0) return;
          at += count;
          yield piece.subarray(0, count);
        }
      } finally {
        open.close();
      }
    },
    sourcePath: (path) => find(path)?.source,
    placeOf: (path) => files.join(root, path),
    close() {
      listings.clear();
      all = undefined;
    },
  };
}

/** Files by name; the system gives them in any order. */
function sorted(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  return [...entries].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The error of a file that is larger than the caller takes. */
export function tooLarge(place: string, size: number, limit: number): AppError {
  return new AppError('offline/too-large', `${place} has ${size} bytes; at most ${limit} are read`, {
    path: place,
    size,
    limit,
  });
}
