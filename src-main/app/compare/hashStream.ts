import { AppError } from '../../../src-shared/errors/appError';
import { OpenExtentFiles } from '../../engine/disk/volumes/extentFiles';
import type { EngineHost } from '../../engine/os';
import { ExtentReader } from '../../engine/pipeline/readExtents';
import type { ExtentLocation, StreamLocation } from '../../engine/pipeline/tasks';
import type { Slices } from '../../engine/steps';

/** Bytes read at a time: a few milliseconds. */
const PIECE = 1 << 20;

/** Reads files for their SHA-1, one after the other, in slices. */
export class StreamHasher {
  private readonly piece = new Uint8Array(PIECE);

  constructor(
    private readonly host: Pick<EngineHost, 'files' | 'devices' | 'sha1' | 'kernels'>,
    private readonly slices: Slices,
    private readonly onBytes: (count: number) => void,
  ) {}

  /**
   * @returns undefined when the file is gone, or cannot be read
   * @throws CancelledError
   */
  async digest(location: StreamLocation): Promise<Uint8Array | undefined> {
    if (location.kind === 'bytes') return this.host.sha1.digest(location.bytes);
    if (location.kind === 'resource' || location.kind === 'shared')
      throw new AppError('internal/bug', 'a resource has its SHA-1');
    try {
      return location.kind === 'extents'
        ? await this.digestExtents(location)
        : await this.digestFile(location.path);
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith('io/')) return undefined;
      throw error;
    }
  }

  private async digestExtents(location: ExtentLocation): Promise<Uint8Array> {
    const files = new OpenExtentFiles(this.host);
    try {
      const reader = new ExtentReader(location, files.open, this.host.kernels);
      const hash = this.host.sha1.start();
      for (let at = 0; at < location.size;) {
        const count = reader.read(at, this.piece);
        hash.update(this.piece.subarray(0, count));
        this.onBytes(count);
        at += count;
        if (this.slices.isOver) await this.slices.pause();
      }
      return hash.digest();
    } finally {
      files.close();
    }
  }

  private async digestFile(path: string): Promise<Uint8Array> {
    const file = this.host.files.openRead(path);
    try {
      if (file.size <= PIECE) {
        const count = file.read(0, this.piece.subarray(0, file.size));
        this.onBytes(count);
        const digest = this.host.sha1.digest(this.piece.subarray(0, count));
        if (this.slices.isOver) await this.slices.pause();
        return digest;
      }
      const hash = this.host.sha1.start();
      for (let at = 0; at < file.size;) {
        const count = file.read(at, this.piece);
        if (count === 0) break;
        hash.update(this.piece.subarray(0, count));
        this.onBytes(count);
        at += count;
        if (this.slices.isOver) await this.slices.pause();
      }
      return hash.digest();
    } finally {
      file.close();
    }
  }
}
