import type { ByteSource } from '../../binary/byteSource';
import type { EngineHost } from '../../os';

/** A file that extents name, open for reading. */
export type ExtentFile = Pick<ByteSource, 'name' | 'read'> & { close(): void };

/** The files (and physical disks) that the extents of streams lie in, each opened once. */
export class OpenExtentFiles {
  private readonly files = new Map<string, ExtentFile>();

  constructor(private readonly host: Pick<EngineHost, 'files' | 'devices'>) {}

  /** @throws AppError */
  readonly open = (path: string): ExtentFile => {
    const known = this.files.get(path);
    if (known !== undefined) return known;
    const { devices, files } = this.host;
    const file = devices?.open(path, 'read') ?? files.openRead(path);
    this.files.set(path, file);
    return file;
  };

  close(): void {
    for (const file of this.files.values()) file.close();
    this.files.clear();
  }
}
