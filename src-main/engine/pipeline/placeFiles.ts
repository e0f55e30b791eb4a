import type { AppError } from '../../../src-shared/errors/appError';
import type { MetadataProblem, OutputFile, TaskFiles } from './taskFiles';
import { ExtentFiles } from './placeExtents';
import { expectedError } from './taskEnvironment';
import type { ExtentPlacement, FilePlacement, Placement, PlacementFailure, Tasks } from './tasks';

/** Zeroes are left out in units of this: the common size of a cluster and of a page. */
const BLOCK = 4096;

/** A stream that is written in order, piece by piece. What fails is told when it ends. */
export interface GrowingStream {
  append(data: Uint8Array): void;
  /** Gives it its length, its metadata and its place. */
  complete(): PlacementFailure | undefined;
  /** Removes what was written, where it stands for itself. */
  discard(): PlacementFailure | undefined;
}

/** Writes the files of one task and collects what went wrong. Closed when the task ends. */
export class Placer {
  private readonly files: TaskFiles;
  private readonly extents: ExtentFiles;
  /** Set once the volume is full: to go on would only leave a heap of empty files. */
  private full: AppError | undefined;

  constructor(files: TaskFiles) {
    this.files = files;
    this.extents = new ExtentFiles(files);
  }

  /** Makes a file with all of its data and its metadata. Nothing is left of one whose data cannot be written. */
  place(placement: Placement, data: Uint8Array): PlacementFailure | undefined {
    const { path } = placement;
    if (this.full !== undefined) return failure(path, this.full);
    if (placement.kind === 'extents') return this.writeExtents(placement, 0, data, true);
    let made = false;
    try {
      const file = this.files.create(placement);
      made = true;
      let unset: MetadataProblem | undefined;
      try {
        writeWhole(file, data, placement.sparse);
        unset = file.applyMetadata(placement);
      } finally {
        file.close();
      }
      this.takePlace(placement);
      return unset === undefined ? undefined : { path, ...unset, metadataOnly: true };
    } catch (error) {
      return this.failed(path, error, made ? writtenPath(placement) : undefined);
    }
  }

  /**
   * Makes a file whose data comes piece by piece. What fails is told when it ends; until then it takes pieces and
   * drops them.
   */
  begin(placement: Placement): GrowingStream {
    if (placement.kind === 'extents')
      return new GrowingExtents((offset, data) => this.writeExtents(placement, offset, data, true));
    return new GrowingFile(this.files, placement, this.full, (error, unfinished) =>
      this.failed(placement.path, error, unfinished),
    );
  }

  /** Makes an empty file that its data will be written into later. */
  makeBare(placement: Placement): PlacementFailure | undefined {
    if (placement.kind === 'extents') return undefined;
    if (this.full !== undefined) return failure(placement.path, this.full);
    try {
      this.files.create(placement).close();
      return undefined;
    } catch (error) {
      return this.failed(placement.path, error);
    }
  }

  /**
   * Writes a part of a stream whose file exists.
   * @param isEnd the stream ends with it
   */
  writePart(
    placement: Placement,
    offset: number,
    data: Uint8Array,
    isEnd: boolean,
  ): PlacementFailure | undefined {
    const { path } = placement;
    if (this.full !== undefined) return failure(path, this.full);
    if (placement.kind === 'extents') return this.writeExtents(placement, offset, data, isEnd);
    try {
      const file = this.files.openWrite(writtenPath(placement));
      try {
        if (placement.sparse) writeNonZero(file, offset, data, isEnd);
        else file.write(offset, data);
        return undefined;
      } finally {
        file.close();
      }
    } catch (error) {
      return this.failed(path, error);
    }
  }

  /** Sets the metadata of a file that is complete; one with a temporary name takes its place. */
  finish(placement: Placement): PlacementFailure | undefined {
    if (placement.kind === 'extents') return undefined;
    const { path } = placement;
    try {
      const file = this.files.openForMetadata(writtenPath(placement));
      let unset: MetadataProblem | undefined;
      try {
        unset = file.applyMetadata(placement);
      } finally {
        file.close();
      }
      this.takePlace(placement);
      return unset === undefined ? undefined : { path, ...unset, metadataOnly: true };
    } catch (error) {
      return this.failed(path, error);
    }
  }

  /** @throws AppError where a file that keeps a volume cannot be closed, as when its last bytes found no room */
  close(): void {
    this.extents.close();
  }

  private writeExtents(
    placement: ExtentPlacement,
    offset: number,
    data: Uint8Array,
    isEnd: boolean,
  ): PlacementFailure | undefined {
    try {
      this.extents.write(placement, offset, data, isEnd);
      return undefined;
    } catch (error) {
      return this.failed(placement.path, error);
    }
  }

  private takePlace({ temporary, path }: FilePlacement): void {
    if (temporary !== undefined) this.files.replace(temporary, path);
  }

  /** @param unfinished what was written of it, to be removed */
  private failed(path: string, error: unknown, unfinished?: string): PlacementFailure {
    const known = expectedError(error);
    if (known.code === 'io/no-space') this.full = known;
    if (unfinished === undefined) return failure(path, known);
    try {
      this.files.remove(unfinished);
      return failure(path, known);
    } catch (second) {
      const left = `${known.message}; what was written of it is left: ${expectedError(second).message}`;
      return { path, problem: left, code: known.code };
    }
  }
}

/** A stream of a volume: what is written of one that fails is the target's, as is the room for it. */
class GrowingExtents implements GrowingStream {
  private size = 0;
  private failure: PlacementFailure | undefined;

  constructor(private readonly write: (offset: number, data: Uint8Array) => PlacementFailure | undefined) {}

  append(data: Uint8Array): void {
    this.failure ??= this.write(this.size, data);
    this.size += data.length;
  }

  complete(): PlacementFailure | undefined {
    return this.failure;
  }

  discard(): PlacementFailure | undefined {
    return this.failure;
  }
}

/** A file that is written in order, piece by piece. */
class GrowingFile implements GrowingStream {
  private file: OutputFile | undefined;
  private size = 0;
  private failure: PlacementFailure | undefined;

  constructor(
    private readonly files: TaskFiles,
    private readonly placement: FilePlacement,
    full: AppError | undefined,
    private readonly failed: (error: unknown, unfinished?: string) => PlacementFailure,
  ) {
    if (full !== undefined) {
      this.failure = failure(placement.path, full);
      return;
    }
    try {
      this.file = files.create(placement);
    } catch (error) {
      this.failure = failed(error);
    }
  }

  /** @param data starts at a multiple of the block of {@link writeNonZero} */
  append(data: Uint8Array): void {
    const { file } = this;
    if (file === undefined) return;
    try {
      if (this.placement.sparse) writeNonZero(file, this.size, data, false);
      else file.write(this.size, data);
      this.size += data.length;
    } catch (error) {
      this.giveUp(error);
    }
  }

  /** Gives the file its length, its metadata and its place. */
  complete(): PlacementFailure | undefined {
    const { file, placement } = this;
    if (file === undefined) return this.failure;
    const { path, temporary } = placement;
    try {
      let unset: MetadataProblem | undefined;
      try {
        if (placement.sparse) file.truncate(this.size);
        unset = file.applyMetadata(placement);
      } finally {
        this.file = undefined;
        file.close();
      }
      if (temporary !== undefined) this.files.replace(temporary, path);
      return unset === undefined ? undefined : { path, ...unset, metadataOnly: true };
    } catch (error) {
      return this.failed(error, writtenPath(placement));
    }
  }

  /** Removes what was written. */
  discard(): PlacementFailure | undefined {
    const { file } = this;
    if (file === undefined) return this.failure;
    this.file = undefined;
    try {
      file.close();
      this.files.remove(writtenPath(this.placement));
      return undefined;
    } catch (error) {
      return this.failed(error);
    }
  }

  private giveUp(error: unknown): void {
    const { file } = this;
    this.file = undefined;
    this.failure = this.failed(error, writtenPath(this.placement));
    try {
      file?.close();
    } catch (second) {
      // The file is gone and its failure told: that it closes badly, too, adds nothing.
      expectedError(second);
    }
  }
}

/** Where a file's data goes: the name that it has until it is complete. */
export function writtenPath({ temporary, path }: FilePlacement): string {
  return temporary ?? path;
}

function failure(path: string, { message, code }: AppError): PlacementFailure {
  return { path, problem: message, code };
}

function writeWhole(file: OutputFile, data: Uint8Array, sparse: boolean): void {
  if (data.length === 0) return;
  if (sparse) {
    writeNonZero(file, 0, data, false);
    file.truncate(data.length);
  } else {
    file.write(0, data);
  }
}

/**
 * Writes `data` without its blocks of zeroes. `offset` is a multiple of the block.
 * @param withLast write the last block in any case: it gives the file its length
 */
function writeNonZero(file: OutputFile, offset: number, data: Uint8Array, withLast: boolean): void {
  let start = -1;
  for (let at = 0; at < data.length; at += BLOCK) {
    const end = Math.min(at + BLOCK, data.length);
    const wanted = (withLast && end === data.length) || !isZero(data, at, end);
    if (wanted && start < 0) start = at;
    if (!wanted && start >= 0) {
      file.write(offset + start, data.subarray(start, at));
      start = -1;
    }
  }
  if (start >= 0) file.write(offset + start, data.subarray(start));
}

function isZero(data: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (data[at] !== 0) return false;
  return true;
}

function collect(results: Iterable<PlacementFailure | undefined>): PlacementFailure[] {
  const failures: PlacementFailure[] = [];
  for (const result of results) if (result !== undefined) failures.push(result);
  return failures;
}

/** Task `createEmpty`. */
export function createEmpty(
  { files }: { readonly files: TaskFiles },
  { placements, dataFollows }: Tasks['createEmpty']['in'],
): Tasks['createEmpty']['out'] {
  // Nothing of these is an extent that keeps a file open.
  const placer = new Placer(files);
  const nothing = new Uint8Array(0);
  return {
    failures: collect(
      placements.map((placement) =>
        dataFollows === true ? placer.makeBare(placement) : placer.place(placement, nothing),
      ),
    ),
  };
}

/** Task `finishFiles`. */
export function finishFiles(
  { files }: { readonly files: TaskFiles },
  { placements }: Tasks['finishFiles']['in'],
): Tasks['finishFiles']['out'] {
  const placer = new Placer(files);
  return { failures: collect(placements.map((placement) => placer.finish(placement))) };
}
