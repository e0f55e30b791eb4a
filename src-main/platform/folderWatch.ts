import { rawFs } from './rawFs';
import { systemErrorName } from './systemErrors';

/**
 * Tells that something in a directory may have changed, as far as the system reports it: shares of a network and
 * directories that are not there report nothing, so whoever watches also looks from time to time.
 * @returns what ends it
 */
export function watchFolder(directory: string, changed: () => void): () => void {
  try {
    const watcher = rawFs.watch(directory, { persistent: false }, () => changed());
    // The directory went, or its volume: the next look finds out.
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return () => undefined;
  }
}
