import { AppError } from '../../../src-shared/errors/appError';
import type { OutputFile, TaskFiles } from './taskFiles';
import type { ExtentPlacement } from './tasks';

/** Data up to this size is written together with the zeroes behind it, in one call. */
const TOGETHER = 64 * 1024;
const zeroes = new Uint8Array(TOGETHER);

/** Writes data into the extents of volumes. The files that keep the volumes stay open until `close`. */
export class ExtentFiles {
  private readonly open = new Map<string, OutputFile>();
  private readonly joined = new Uint8Array(2 * TOGETHER);

  constructor(private readonly files: TaskFiles) {}

  /**
   * Writes a part of a stream's data.
   * @param offset of `data` in the stream
   * @param isEnd the stream ends with it: the rest of that extent is filled with zeroes
   * @throws AppError where the file cannot be written, or the extents are not room enough
   */
  write({ path, file, extents }: ExtentPlacement, offset: number, data: Uint8Array, isEnd: boolean): void {
    if (data.length === 0) return;
    const output = this.get(file);
    let start = 0;
    let done = 0;
    for (let i = 0; i < extents.length && done < data.length; i += 2) {
      const length = extents[i + 1];
      const inside = offset + done - start;
      start += length;
      if (inside >= length) continue;
      const part = data.subarray(done, done + Math.min(data.length - done, length - inside));
      done += part.length;
      const over = isEnd && done === data.length ? length - inside - part.length : 0;
      this.writePadded(output, extents[i] + inside, part, over);
    }
    if (done < data.length)
      throw new AppError('internal/bug', `${path}: its extents have no room for ${data.length - done} bytes`);
  }

  close(): void {
    const files = [...this.open.values()];
    this.open.clear();
    for (const file of files) file.close();
  }

  private get(path: string): OutputFile {
    let file = this.open.get(path);
    if (file === undefined) {
      file = this.files.openWrite(path);
      this.open.set(path, file);
    }
    return file;
  }

  private writePadded(output: OutputFile, offset: number, part: Uint8Array, over: number): void {
    if (over > 0 && part.length <= TOGETHER && over <= TOGETHER) {
      const { joined } = this;
      joined.set(part);
      joined.fill(0, part.length, part.length + over);
      output.write(offset, joined.subarray(0, part.length + over));
      return;
    }
    output.write(offset, part);
    for (let done = 0; done < over; done += TOGETHER)
      output.write(offset + part.length + done, zeroes.subarray(0, Math.min(TOGETHER, over - done)));
  }
}
