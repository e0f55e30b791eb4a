import { AppError } from '../../../../src-shared/errors/appError';
import type { PlanReport, SplitReport } from '../../../../src-shared/model/reports';
import type { SplitRequest } from '../../../../src-shared/model/requests';
import type { EngineHost } from '../../os';
import { BlobPlace } from '../blobTable';
import { openWim } from '../openWim';
import { WIM_HEADER_SIZE } from '../records/wimHeader';
import type { Wim } from '../wim';
import { copyBlobs } from '../write/copyBlobs';
import { OutputBlobs } from '../write/outputBlobs';
import { assertWimPlace, replaceFiles } from '../write/wimSession';
import { keptFlags, WimWriter, type WriterOptions } from '../write/wimWriter';
import { DEFAULT_LEVEL, hasIntegrity, ProgressCounter, reportWarnings, type VerbContext } from './common';
import { writeImageMetadata } from './rewrite';
import { splitAnew } from './splitAnew';

/** Most parts that the 16-bit part number can count. */
const MAX_PARTS = 0xffff;

/** What one part will hold. */
interface PlannedPart {
  readonly path: string;
  /** Blobs in the order of the source; of part 1 besides the metadata of all images. */
  readonly rows: number[];
  /** Bytes of metadata and blobs as stored. */
  size: number;
}

/**
 * Divides a WIM into parts of limited size, `name.swm`, `name2.swm` and so on: the metadata of all images in the first,
 * the blobs as they are in all of them. A blob is never divided: one that is larger than a part gets a part of its own.
 * The parts have their names only when all are complete; files that had the names before are replaced.
 * @throws AppError `wim/unsupported` for solid and pipable WIMs, `wim/split` for a part of a set
 */
export async function split(
  host: EngineHost,
  request: SplitRequest,
  context: VerbContext = {},
): Promise<SplitReport> {
  if (!(request.partSize > 0))
    throw new AppError('usage/invalid', `a part cannot have ${request.partSize} bytes`);
  if (request.compression !== undefined) return splitAnew(host, request, context, divide);
  return divide(host, request, request.wim, context);
}

/** @param source the WIM that no part may replace */
async function divide(
  host: EngineHost,
  request: SplitRequest,
  source: string,
  context: VerbContext,
): Promise<SplitReport> {
  const wim = await openWim(host, host.files.absolute(request.wim), {
    verifyIntegrity: request.verifyIntegrity,
    signal: context.signal,
    onProgress: context.onProgress,
    siblings: false,
  });
  try {
    assertDivisible(wim);
    const parts = planParts(host, wim, request);
    for (const { path } of parts) assertWimPlace(host, path);
    assertReplacesNoSource(host, host.files.absolute(source), parts);
    const warnings = [...reportWarnings(wim, context), ...warningsOf(host, parts, request)];
    for (const warning of warnings.slice(wim.warnings.length)) context.onWarning?.(warning);
    const plan = planReport(host, wim, parts, warnings);
    if (request.dryRun === true) return { parts: [], plan, warnings };
    if (plan.spaceNeeded !== null && plan.spaceFree !== null && plan.spaceNeeded > plan.spaceFree) {
      const { spaceNeeded: needed, spaceFree: free } = plan;
      throw new AppError(
        'io/no-space',
        `the parts need about ${needed} bytes and ${free} are free; nothing was written`,
        {
          needed,
          free,
        },
      );
    }
    return { parts: await writeParts(host, wim, parts, request, context), warnings };
  } finally {
    wim.close();
  }
}

/** Path of a part: its number, but for the first, stands before the extension. */
export function partPath(host: EngineHost, first: string, number: number): string {
  if (number === 1) return first;
  const { files } = host;
  const name = files.baseName(first);
  const dot = name.lastIndexOf('.');
  const stem = dot < 0 ? name : name.slice(0, dot);
  return files.join(files.directoryName(first), `${stem}${number}${dot < 0 ? '' : name.slice(dot)}`);
}

function assertDivisible(wim: Wim): void {
  const { main, path } = wim;
  if (main.header.totalParts !== 1)
    throw new AppError('wim/split', `${path} is a part of a split WIM already`, { wim: path });
  if (main.pipable) {
    throw new AppError(
      'wim/unsupported',
      `${path} is pipable; make it a normal WIM first (optimize --not-pipable)`,
      {
        wim: path,
      },
    );
  }
  if (wim.hasSolidResources) {
    throw new AppError(
      'wim/unsupported',
      `${path} has solid resources, which cannot be divided: split it with --compress=maximum, which compresses ` +
        'its files anew one by one, or export it so first',
      {
        wim: path,
      },
    );
  }
}

/** Shares the blobs out in their order, as wimlib does: metadata and blobs of a part stay below the limit. */
function planParts(host: EngineHost, wim: Wim, request: SplitRequest): PlannedPart[] {
  const { blobs } = wim;
  const first = host.files.absolute(request.destination);
  const metadataSize = wim.images.reduce((sum, { metadata }) => sum + (metadata?.header.storedSize ?? 0), 0);
  let part: PlannedPart = { path: first, rows: [], size: metadataSize };
  const parts = [part];
  const rows: number[] = [];
  for (let row = 0; row < blobs.length; row++) if (blobs.place[row] === BlobPlace.RESOURCE) rows.push(row);
  rows.sort((a, b) => blobs.offset[a] - blobs.offset[b]);
  for (const row of rows) {
    if (part.size > 0 && part.size + blobs.storedSize[row] >= request.partSize) {
      part = { path: partPath(host, first, parts.length + 1), rows: [], size: 0 };
      parts.push(part);
      if (parts.length > MAX_PARTS) {
        throw new AppError(
          'usage/invalid',
          `parts of ${request.partSize} bytes would be more than ${MAX_PARTS}`,
        );
      }
    }
    part.rows.push(row);
    part.size += blobs.storedSize[row];
  }
  return parts;
}

function assertReplacesNoSource(host: EngineHost, path: string, parts: readonly PlannedPart[]): void {
  const source = host.files.status(path)?.identity;
  const same = parts.find(({ path }) => host.files.status(path)?.identity === source);
  if (same !== undefined) {
    throw new AppError('usage/invalid', `the part ${same.path} would replace the WIM that is split`, {
      path: same.path,
    });
  }
}

function warningsOf(host: EngineHost, parts: readonly PlannedPart[], request: SplitRequest): string[] {
  const warnings: string[] = [];
  for (const [index, { path, rows, size }] of parts.entries()) {
    if (size < request.partSize) continue;
    const what = index === 0 && rows.length === 0 ? 'the metadata of the images' : 'a single file';
    warnings.push(
      `${path} has ${size} bytes, more than the ${request.partSize} asked for: ${what} cannot be divided`,
    );
  }
  const next = partPath(host, parts[0].path, parts.length + 1);
  if (host.files.status(next) !== undefined)
    warnings.push(`${next} is there already and is no part of this set`);
  return warnings;
}

function planReport(
  host: EngineHost,
  wim: Wim,
  parts: readonly PlannedPart[],
  warnings: readonly string[],
): PlanReport {
  const { files } = host;
  const { header } = wim.main;
  const overhead =
    parts.length * (WIM_HEADER_SIZE + header.xmlData.size) + header.blobTable.size + header.integrity.size;
  return {
    steps: parts.map(({ path, rows, size }, index) => {
      const metadata = index === 0 ? `the metadata of ${wim.images.length} images and ` : '';
      const replaces = files.status(path) === undefined ? '' : ', replacing the file of that name';
      return `Write ${path} with ${metadata}${rows.length} blobs, ${size} bytes${replaces}`;
    }),
    warnings,
    spaceNeeded: parts.reduce((sum, { size }) => sum + size, overhead),
    spaceFree: files.freeSpace(files.directoryName(parts[0].path)),
  };
}

async function writeParts(
  host: EngineHost,
  wim: Wim,
  parts: readonly PlannedPart[],
  request: SplitRequest,
  context: VerbContext,
): Promise<SplitReport['parts']> {
  const { main, blobs } = wim;
  const count = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  let bytes = 0;
  for (const { rows } of parts) for (const row of rows) bytes += blobs.size[row];
  const progress = new ProgressCounter(context, host, 'Splitting', count, bytes);
  const common: Omit<WriterOptions, 'partNumber'> = {
    compression: { format: main.format, chunkSize: main.chunkSize, level: DEFAULT_LEVEL },
    pipable: false,
    integrity: request.integrity ?? hasIntegrity(wim),
    guid: host.randomBytes(16),
    totalParts: parts.length,
    flags: keptFlags(main.header),
    imageCount: main.header.imageCount,
    threads: 0,
    signal: context.signal,
    onProgress: context.onProgress,
  };
  const paths = parts.map(({ path }) => path);
  const sizes = await replaceFiles(host, paths, async (file, index) => {
    const isFirst = index === 0;
    const writer = new WimWriter(host, file, new OutputBlobs(blobs), { ...common, partNumber: index + 1 }, 0);
    if (isFirst) for (const image of wim.images) await writeImageMetadata(host, wim, writer, image, false);
    await copyBlobs(writer, wim, parts[index].rows, {
      recompress: false,
      onCopied: (done, size) => progress.add(done, size),
    });
    // Which image boots is told where its metadata lies; wimlib's own parts do not tell it at all.
    const bootIndex = isFirst ? main.header.bootIndex : 0;
    await writer.finish({
      xml: wim.xml,
      keepXml: true,
      bootIndex,
      references: (row) => blobs.referenceCount[row],
    });
    return writer.output.position;
  });
  progress.report();
  return paths.map((path, index) => ({ path, size: sizes[index] }));
}
