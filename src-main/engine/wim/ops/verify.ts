import { AppError, FormatError } from '../../../../src-shared/errors/appError';
import type { Remark, VerifyReport } from '../../../../src-shared/model/reports';
import type { VerifyRequest } from '../../../../src-shared/model/requests';
import type { EngineHost } from '../../os';
import { NONE, type Tree } from '../../tree/tree';
import { BlobPlace, hex } from '../blobTable';
import { checkIntegrity } from '../integrity';
import { loadImage, openWim, unloadImage } from '../openWim';
import type { Wim } from '../wim';
import { ProgressCounter, reportWarnings, type VerbContext } from './common';
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
  const wim = await openWim(host, host.files.absolute(request.wim), {
    ref: request.ref,
    signal: context.signal,
    onProgress: context.onProgress,
  });
  try {
    host.taskRunner(request.threads ?? 0).prepare();
    const faults: Remark[] = [];
    const integrity =
      request.verifyIntegrity === false ? 'absent' : await integrityOf(host, wim, faults, context);
    checkMetadata(host, wim, faults);
    const rows = rowsToCheck(wim, faults);
    const bytes = rows.reduce((sum, row) => sum + wim.blobs.size[row], 0);
    const damaged = new Map<number, string>();
    const progress = new ProgressCounter(context, host, 'Verifying', rows.length, bytes);
    await unpackBlobs(host, wim, rows, {
      threads: request.threads ?? 0,
      signal: context.signal,
      keepCorrupt: false,
      placements: () => [],
      onDamaged: (blob, problem) => damaged.set(blob, problem),
      onFailure: () => undefined,
      onUnpacked: (count, size) => progress.add(count, size),
    });
    progress.report();
    faults.push(...nameDamaged(host, wim, damaged));
    return {
      wim: wim.path,
      images: wim.images.length,
      blobs: rows.length,
      bytes,
      integrity,
      faults,
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
    for (const part of wim.parts) present = (await checkIntegrity(host, part, context)) || present;
    return present ? 'ok' : 'absent';
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    faults.push({ path: wim.path, problem: error.message });
    return 'failed';
  }
}

/** Loads every image once; what its metadata lacks or breaks is a fault of that image. */
function checkMetadata(host: EngineHost, wim: Wim, faults: Remark[]): void {
  for (let index = 1; index <= wim.images.length; index++) {
    try {
      const tree = loadImage(host, wim, index);
      const missing = new Set<number>();
      for (let stream = 0; stream < tree.streamCount; stream++) {
        const blob = tree.streamBlob[stream];
        if (blob !== NONE && wim.blobs.place[blob] === BlobPlace.MISSING) missing.add(blob);
      }
      if (missing.size > 0) {
        faults.push({
          path: `image ${index}`,
          problem: `${missing.size} blobs that it names are in none of the files given`,
        });
      }
      unloadImage(wim, index);
    } catch (error) {
      // What this version cannot read is not damaged.
      if (!(error instanceof AppError) || error.code === 'wim/unsupported') throw error;
      faults.push({ path: `image ${index}`, problem: error.message });
    }
  }
}

function rowsToCheck(wim: Wim, faults: Remark[]): number[] {
  const rows: number[] = [];
  let solid = 0;
  for (let row = 0; row < wim.blobs.length; row++) {
    if (wim.blobs.place[row] === BlobPlace.RESOURCE) rows.push(row);
    if (wim.blobs.place[row] === BlobPlace.SOLID) solid += 1;
  }
  if (solid > 0 || (wim.main.format === 'lzms' && rows.length > 0)) {
    throw new AppError(
      'wim/unsupported',
      `${wim.path} has LZMS or solid data, which this version does not read`,
      {
        faults: faults.length,
      },
    );
  }
  return rows;
}

/** A file that each damaged blob belongs to, in the first image that names it; the blob's hash when none does. */
function nameDamaged(host: EngineHost, wim: Wim, damaged: ReadonlyMap<number, string>): Remark[] {
  if (damaged.size === 0) return [];
  const names = new Map<number, string>();
  for (let index = 1; index <= wim.images.length && names.size < damaged.size; index++) {
    try {
      nameInImage(loadImage(host, wim, index), index, damaged, names);
      unloadImage(wim, index);
    } catch (error) {
      // An image whose metadata is damaged is a fault of its own already.
      if (!(error instanceof AppError)) throw error;
    }
  }
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
