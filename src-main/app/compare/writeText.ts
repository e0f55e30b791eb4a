import { AppError } from '../../../src-shared/errors/appError';
import type { EngineHost } from '../../engine/os';
import { Slices } from '../../engine/steps';

/** Characters that are written at a time. */
const PIECE = 1 << 16;

/**
 * Writes a text as UTF-8 beside its name and puts it there when it is complete and flushed.
 * @throws AppError `io/exists` unless `overwrite`, `io/no-space`, `io/no-permission`
 */
export async function writeText(
  host: EngineHost,
  path: string,
  pieces: Iterable<string>,
  overwrite: boolean,
): Promise<void> {
  const { files } = host;
  const refuseTaken = (): void => {
    const status = files.status(path);
    if (status === undefined || (overwrite && status.kind === 'file')) return;
    throw new AppError('io/exists', `${path} is there already`, { path });
  };
  refuseTaken();
  const directory = files.directoryName(path);
  const suffix = Array.from(host.randomBytes(4), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const temporary = files.join(directory, `${files.baseName(path)}.${suffix}.tmp`);
  const file = files.create(temporary);
  const encoder = new TextEncoder();
  const slices = new Slices(host);
  try {
    let position = 0;
    let text = '';
    const flush = (): void => {
      const bytes = encoder.encode(text);
      file.write(position, bytes);
      position += bytes.length;
      text = '';
    };
    for (const piece of pieces) {
      text += piece;
      if (text.length < PIECE) continue;
      flush();
      if (slices.isOver) await slices.pause();
    }
    flush();
    file.flush();
    file.close();
    refuseTaken();
    files.rename(temporary, path);
    files.syncDirectory(directory);
  } catch (error) {
    file.close();
    files.remove(temporary);
    throw error;
  }
}
