import { AppError, CancelledError } from '../../../src-shared/errors/appError';
import type { EngineHost, FileSystem } from '../os';
import type { VerbContext } from '../wim/ops/common';
import { openFolderTree, type FolderTree } from './folderTree';
import type { OfflineEdit } from './offlineTree';
import { makeWorkFolder, removeTree, staleWorkFolders, type WorkFolder } from './workFolder';

const JOURNAL = 'journal.json';
const PIECE = 1 << 20;
const LARGEST_JOURNAL = 64 << 20;

/** One thing that is done, and how it is taken back. Paths are relative to the folder. */
type Step =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'new'; readonly path: string }
  /** Its data as it was lies in the work folder under that name. */
  | { readonly kind: 'changed'; readonly path: string; readonly backup: string }
  /** It is deleted by being moved into the work folder, under that name. */
  | { readonly kind: 'moved'; readonly path: string; readonly backup: string }
  /** A directory that is deleted if it is empty by then. */
  | { readonly kind: 'removed'; readonly path: string };

/**
 * Makes all edits in a folder, or none. Files that are there are written in place, so that they keep what the file
 * system knows of them (owner, access list, streams); what they held is kept in a work folder with a journal until all is
 * done. After a failure it is put back at once, after a power cut or a kill by {@link recoverFolder}.
 * @throws AppError; the folder is as it was
 */
export function commitToFolder(
  host: Pick<EngineHost, 'files' | 'randomBytes' | 'breathe'>,
  folder: FolderTree,
  edits: readonly OfflineEdit[],
  context: VerbContext,
): Promise<void> {
  return new FolderCommit(host, folder, context).run(edits);
}

/**
 * Puts back what a program that was cut off left half done in a folder.
 * @returns sentences about it
 */
export function recoverFolder(files: FileSystem, root: string): string[] {
  const told: string[] = [];
  for (const work of staleWorkFolders(files, root)) {
    const journal = files.join(work, JOURNAL);
    if (files.status(journal) !== undefined) {
      takeBack(files, root, work, readJournal(files, journal));
      told.push(`${root}: changes that a program left half done were taken back`);
    }
    removeTree(files, work);
  }
  return told;
}

class FolderCommit {
  private readonly steps: Step[] = [];
  private readonly directories = new Set<string>();

  constructor(
    private readonly host: Pick<EngineHost, 'files' | 'randomBytes' | 'breathe'>,
    private readonly folder: FolderTree,
    private readonly context: VerbContext,
  ) {}

  async run(edits: readonly OfflineEdit[]): Promise<void> {
    const { files } = this.host;
    const { root } = this.folder;
    this.folder.forget();
    const work = makeWorkFolder(this.host, root);
    try {
      const planned = edits.flatMap((edit) => this.plan(edit, work.path));
      // Before the first change: from here on a program that is cut off can be undone.
      writeFile(files, files.join(work.path, JOURNAL), new TextEncoder().encode(JSON.stringify(this.steps)));
      files.syncDirectory(work.path);
      try {
        for (const act of planned) {
          if (this.context.signal?.aborted === true) throw new CancelledError();
          act();
          await this.host.breathe();
        }
      } catch (error) {
        takeBack(files, root, work.path, this.steps);
        throw error;
      }
      // From here on nothing is undone any more.
      files.remove(files.join(work.path, JOURNAL));
    } finally {
      this.folder.forget();
      this.cleanUp(work);
    }
  }

  /** What cannot be removed changes nothing of what was done; the next run removes it. */
  private cleanUp(work: WorkFolder): void {
    try {
      work.close();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.context.onWarning?.(`${work.path} is left: ${error.message}`);
    }
  }

  /** Writes down how an edit is undone. @returns what does it */
  private plan(edit: OfflineEdit, work: string): (() => void)[] {
    const { files } = this.host;
    const native = this.folder.nativePath(edit.path);
    if (edit.kind === 'delete') return this.planDeletion(edit.path, native, work);
    const acts = this.makeParents(files.directoryName(native));
    const path = this.relative(native);
    const existing = this.folder.find(edit.path);
    if (existing === undefined) {
      this.steps.push({ kind: 'new', path });
      return [...acts, () => this.fill(edit, native, true)];
    }
    if (existing.kind !== 'file') {
      throw new AppError('io/exists', `${native} is there and is no plain file`, { path: native });
    }
    const backup = `old-${this.steps.length}`;
    copyFile(files, native, files.join(work, backup));
    this.steps.push({ kind: 'changed', path, backup });
    return [...acts, () => this.fill(edit, native, false)];
  }

  private makeParents(directory: string): (() => void)[] {
    const { files } = this.host;
    if (this.directories.has(directory) || files.status(directory) !== undefined) return [];
    const acts = this.makeParents(files.directoryName(directory));
    this.directories.add(directory);
    this.steps.push({ kind: 'directory', path: this.relative(directory) });
    return [...acts, () => files.makeDirectory(directory)];
  }

  private fill(edit: Exclude<OfflineEdit, { kind: 'delete' }>, native: string, isNew: boolean): void {
    const { files } = this.host;
    if (edit.kind === 'write') {
      writeFile(files, native, edit.bytes, isNew);
      return;
    }
    if (!isNew) files.remove(native);
    const size = copyFile(files, edit.source, native);
    if (size !== edit.size) {
      throw new AppError('plan/stale', `${edit.source} changed while it was copied`, {
        path: edit.source,
      });
    }
  }

  private planDeletion(path: string, native: string, work: string): (() => void)[] {
    const { files } = this.host;
    const found = this.folder.find(path);
    if (found === undefined) return [];
    if (found.kind === 'directory') {
      this.steps.push({ kind: 'removed', path: this.relative(native) });
      return [
        () => {
          if (files.entries(native).length === 0) files.removeDirectory(native);
        },
      ];
    }
    const backup = `old-${this.steps.length}`;
    this.steps.push({ kind: 'moved', path: this.relative(native), backup });
    return [() => files.rename(native, files.join(work, backup))];
  }

  private relative(native: string): string {
    return native.slice(this.folder.root.length).replace(/^[\\/]+/, '');
  }
}

/** Undoes steps, the last one first. What was never done is passed over. */
function takeBack(files: FileSystem, root: string, work: string, steps: readonly Step[]): void {
  const folder = openFolderTree(files, root);
  for (const step of [...steps].reverse()) {
    const native = folder.nativePath(step.path);
    if (step.kind !== 'changed') folder.forget();
    const isThere = files.status(native) !== undefined;
    switch (step.kind) {
      case 'new':
        files.remove(native);
        break;
      case 'changed':
        restore(files, files.join(work, step.backup), native);
        break;
      case 'moved': {
        const moved = files.join(work, step.backup);
        if (files.status(moved) !== undefined) files.rename(moved, native);
        break;
      }
      case 'removed':
        if (!isThere) files.makeDirectory(native);
        break;
      case 'directory':
        if (isThere && files.entries(native).length === 0) files.removeDirectory(native);
        break;
    }
  }
}

function restore(files: FileSystem, backup: string, native: string): void {
  const from = files.openRead(backup);
  try {
    const to = files.status(native) === undefined ? files.create(native) : files.openReadWrite(native);
    try {
      copyBytes(from, to);
    } finally {
      to.close();
    }
  } finally {
    from.close();
  }
}

function writeFile(files: FileSystem, path: string, bytes: Uint8Array, isNew = true): void {
  const file = isNew ? files.create(path) : files.openReadWrite(path);
  try {
    file.write(0, bytes);
    file.truncate(bytes.length);
    file.flush();
  } finally {
    file.close();
  }
}

/** Copies a file to one that is not there. @returns bytes */
function copyFile(files: FileSystem, source: string, destination: string): number {
  const from = files.openRead(source);
  try {
    const to = files.create(destination);
    try {
      return copyBytes(from, to);
    } finally {
      to.close();
    }
  } finally {
    from.close();
  }
}

function copyBytes(from: ReturnType<FileSystem['openRead']>, to: ReturnType<FileSystem['openRead']>): number {
  const piece = new Uint8Array(PIECE);
  let done = 0;
  for (let count = from.read(0, piece); count > 0; count = from.read(done, piece)) {
    to.write(done, piece.subarray(0, count));
    done += count;
  }
  to.truncate(done);
  to.flush();
  return done;
}

/** @throws AppError `io/failed` for a journal that is damaged: the work folder stays as it is */
function readJournal(files: FileSystem, path: string): Step[] {
  const file = files.openRead(path);
  let text: string;
  try {
    const bytes = new Uint8Array(Math.min(file.size, LARGEST_JOURNAL));
    file.read(0, bytes);
    text = new TextDecoder().decode(bytes);
  } finally {
    file.close();
  }
  // A journal that was cut short was followed by no change: it is flushed before the first one.
  const end = text.trimEnd();
  if (!end.startsWith('[') || !end.endsWith(']')) return [];
  const value: unknown = JSON.parse(end);
  if (!Array.isArray(value) || !value.every(isStep)) {
    throw new AppError('io/failed', `${path} is damaged: what it undoes must be looked at by hand`, { path });
  }
  return value;
}

function isStep(value: unknown): value is Step {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, path, backup } = value as { kind?: unknown; path?: unknown; backup?: unknown };
  if (typeof path !== 'string') return false;
  if (kind === 'changed' || kind === 'moved') return typeof backup === 'string' && /^old-\d+$/.test(backup);
  return kind === 'directory' || kind === 'new' || kind === 'removed';
}
