import { setImmediate as breathe } from 'node:timers/promises';
import { Zip, ZipDeflate } from 'fflate';

/** A file of an archive. */
export interface ZipEntry {
  /** With '/' between names. */
  readonly name: string;
  /** Its text in pieces, each of which takes at most some milliseconds to make and to compress. */
  readonly pieces: () => Iterable<string>;
}

/**
 * A zip archive, piece by piece as it is made. Compressed in this thread with pauses in between: fflate's own threads
 * are started from source text, which a packaged program does not allow.
 * @param time of all entries
 */
export async function* zipStream(entries: readonly ZipEntry[], time: Date): AsyncGenerator<Uint8Array> {
  const made: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error;
    made.push(piece);
  });
  for (const { name, pieces } of entries) {
    const entry = new ZipDeflate(name, { level: 6 });
    entry.mtime = time;
    zip.add(entry);
    for (const piece of pieces()) {
      entry.push(Buffer.from(piece, 'utf8'));
      yield* made.splice(0);
      await breathe();
    }
    entry.push(new Uint8Array(0), true);
    yield* made.splice(0);
  }
  zip.end();
  yield* made.splice(0);
}
