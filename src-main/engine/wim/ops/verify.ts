import { AppError, FormatError } from '../../../../src-shared/errors/appError';
import type { Remark, VerifiedImage, VerifyReport } from '../../../../src-shared/model/reports';
import type { VerifyRequest } from '../../../../src-shared/model/requests';
import { awaitedLater } from '../../pipeline/awaitedLater';
import { safeCount } from '../../binary/safeCount';
import type { EngineHost } from '../../os';
import { NONE, type Tree } from '../../tree/tree';
import { BlobPlace, hex } from '../blobTable';
import { checkIntegrity } from '../integrity';
import { loadInSlices } from '../loadInSlices';
import { loadImage, openWim, unloadImage } from '../openWim';
import type { Wim } from '../wim';
import { ProgressCounter, readingThreads, reportWarnings, type VerbContext } from './common';
import { unpackBlobs } from './unpackBlobs';

/**
 * Checks a WIM: the integrity table if there is one, every image's metadata, every blob against its SHA-1, and that no
 * image names a blob that is nowhere. Faults are collected; only a file that cannot be opened is an error.
 */
export async function verify(
  host: EngineHost,
  request: VerifyRequest,
  context: VerbContext = {},
): Promise<VerifyReport> {
  // Threads start while the file is opened.
  host.taskRunner(request.threads ?? 0).prepare();
  const wim = await openWim(host, host.files.absolute(request.wim), {
    ref: request.ref,
    signal: context.signal,
    onProgress: context.onProgress,
  });
  try {
    const faults: Remark[] = [];
    const rows = rowsToCheck(wim);
    const bytes = rows.reduce((sum, row) => sum + wim.blobs.size[row], 0);
    const damaged = new Map<number, string>();
    const progress = new ProgressCounter(context, host, 'Verifying', rows.length, bytes);
    // The threads need this one only now and then: meanwhile it checks the integrity table, which covers the same bytes
    // and so mostly finds them in memory, and the metadata.
    const data = unpackBlobs(host, wim, rows, {
      threads: readingThreads(host, request, wim),
      signal: context.signal,
      keepCorrupt: false,
      onDamaged: (blob, problem) => damaged.set(blob, problem),
      onFailure: () => undefined,
      onUnpacked: (count, size) => progress.add(count, size),
    });
    awaitedLater(data);
    let integrity: VerifyReport['integrity'] = 'absent';
    let perImage: ImageRow[];
    try {
      if (request.verifyIntegrity !== false) integrity = await integrityOf(host, wim, faults, context);
      perImage = await checkMetadata(host, wim, faults, context);
    } finally {
      await data;
    }
    progress.report();
    faults.push(...nameDamaged(host, wim, damaged, perImage));
    return {
      wim: wim.path,
      images: wim.images.length,
      blobs: rows.length,
      bytes,
      integrity,
      faults,
      perImage,
      warnings: reportWarnings(wim, context),
    };
  } finally {
    wim.close();
  }
}

async function integrityOf(
  host: EngineHost,
  wim: Wim,
  faults: Remark[],
  context: VerbContext,
): Promise<VerifyReport['integrity']> {
  try {
    let present = false;
    // Of the progress, that of the data is told.
    const options = { signal: context.signal };
    for (const part of wim.parts) present = (await checkIntegrity(host, part, options)) || present;
    return present ? 'ok' : 'absent';
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    faults.push({ path: wim.path, problem: error.message });
    return 'failed';
  }
}

/** What is known of an image while it is checked. */
type ImageRow = { -readonly [K in keyof VerifiedImage]: VerifiedImage[K] };

/** Codes of errors that say nothing of an image's metadata. */
const notOfTheImage: ReadonlySet<string> = new Set(['wim/unsupported', 'job/cancelled']);

/** Loads every image once; what its metadata lacks or breaks is a fault of that image. */
async function checkMetadata(
  host: EngineHost,
  wim: Wim,
  faults: Remark[],
  context: VerbContext,
): Promise<ImageRow[]> {
  const rows: ImageRow[] = [];
  for (let index = 1; index <= wim.images.length; index++) {
    const row: ImageRow = { index, name: wim.xml.image(index)?.name ?? '', faults: 0, blobs: 0, bytes: 0 };
    rows.push(row);
    try {
      const tree = await loadInSlices(host, wim, index, {
        signal: context.signal,
        onWarning: (warning) => wim.warnings.push(`image ${index}: ${warning}`),
      });
      let missing = 0;
      for (const blob of distinctBlobs(wim, tree)) {
        row.blobs += 1;
        row.bytes += wim.blobs.size[blob];
        if (wim.blobs.place[blob] === BlobPlace.MISSING) missing += 1;
      }
      row.bytes = safeCount(row.bytes);
      row.faults += missing;
      if (missing > 0) {
        faults.push({
          path: `image ${index}`,
          problem: `${missing} blobs that it names are in none of the files given`,
        });
      }
    } catch (error) {
      // What this version cannot read is not damaged.
      if (!(error instanceof AppError) || notOfTheImage.has(error.code)) throw error;
      row.faults += 1;
      faults.push({ path: `image ${index}`, problem: error.message });
    }
  }
  return rows;
}

/** Blobs that an image names, each once. */
function* distinctBlobs(wim: Wim, tree: Tree): Generator<number> {
  const seen = new Uint8Array(wim.blobs.length);
  for (let stream = 0; stream < tree.streamCount; stream++) {
    const blob = tree.streamBlob[stream];
    if (blob === NONE || seen[blob] === 1) continue;
    seen[blob] = 1;
    yield blob;
  }
}

function rowsToCheck(wim: Wim): number[] {
  const rows: number[] = [];
  for (let row = 0; row < wim.blobs.length; row++)
    if (wim.blobs.place[row] !== BlobPlace.MISSING) rows.push(row);
  return rows;
}

/**
 * A file that each damaged blob belongs to, in the first image that names it; the blob's hash when none does. Each image
 * that names one counts it.
 */
function nameDamaged(
  host: EngineHost,
  wim: Wim,
  damaged: ReadonlyMap<number, string>,
  perImage: readonly ImageRow[],
): Remark[] {
  if (damaged.size === 0) return [];
  const names = new Map<number, string>();
  const warnings = wim.warnings.length;
  for (const row of perImage) {
    try {
      const tree = loadImage(host, wim, row.index);
      for (const blob of distinctBlobs(wim, tree)) if (damaged.has(blob)) row.faults += 1;
      if (names.size < damaged.size) nameInImage(tree, row.index, damaged, names);
      unloadImage(wim, row.index);
    } catch (error) {
      // An image whose metadata is damaged is a fault of its own already.
      if (!(error instanceof AppError)) throw error;
    }
  }
  // What was odd about the metadata was said when it was checked.
  wim.warnings.length = warnings;
  return [...damaged].map(([blob, problem]) => ({
    path: names.get(blob) ?? `blob ${hex(wim.blobs.sha1(blob))}`,
    problem,
  }));
}

function nameInImage(
  tree: Tree,
  index: number,
  damaged: ReadonlyMap<number, string>,
  names: Map<number, string>,
): void {
  for (const entry of tree.preorder()) {
    for (const stream of tree.streams(tree.inode[entry])) {
      const blob = tree.streamBlob[stream];
      if (damaged.has(blob) && !names.has(blob)) names.set(blob, `image ${index}: ${tree.path(entry)}`);
    }
  }
}
