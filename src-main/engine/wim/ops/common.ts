import { AppError } from '../../../../src-shared/errors/appError';
import type { Progress } from '../../../../src-shared/model/progress';
import { ALL_IMAGES, type ImageChoice, type WriteChoices } from '../../../../src-shared/model/requests';
import { threadsWithin, type ThreadChoices } from '../../memoryBudget';
import type { EngineHost } from '../../os';
import type { Compression } from '../../pipeline/tasks';
import { assertChunkSizeChoice, defaultChunkSize, defaultSolidChunkSize } from '../compression';
import { keptFlags, type SolidChoice, type WriterOptions } from '../write/wimWriter';
import { readingNeeds } from '../write/writerThreads';
import type { Wim } from '../wim';

/** What every verb is given besides its request. */
export interface VerbContext {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onWarning?: ((text: string) => void) | undefined;
}

export const DEFAULT_LEVEL = 50;
const HIGHEST_LEVEL = 100;
const WIMBOOT_CHUNK_SIZE = 4096;

/**
 * The 1-based indices that a person's choice of image means.
 * @param choice absent: the only image
 * @throws AppError `wim/no-such-image`
 */
export function chooseImages(wim: Wim, choice: ImageChoice | undefined): number[] {
  const count = wim.images.length;
  if (choice === undefined) {
    if (count !== 1) {
      throw new AppError('wim/no-such-image', `${wim.path} holds ${count} images: say which one`, {
        images: count,
      });
    }
    return [1];
  }
  const found = wim.xml.resolve(choice, count);
  if (found === undefined) {
    throw new AppError('wim/no-such-image', `${wim.path} has no image "${choice}"`, { images: count });
  }
  return found === ALL_IMAGES ? Array.from({ length: count }, (_, i) => i + 1) : [found];
}

/** The one image that a choice means. @throws AppError `wim/no-such-image`, also when it means several */
export function chooseImage(wim: Wim, choice: ImageChoice | undefined): number {
  const images = chooseImages(wim, choice);
  if (images.length !== 1) {
    throw new AppError(
      'wim/no-such-image',
      `${wim.path}: one image is wanted, "${choice}" means ${images.length}`,
    );
  }
  return images[0];
}

/** Compression that a request asks for, or that of the WIM at hand, or LZX. */
export function chooseCompression(
  request: WriteChoices & { readonly wimboot?: boolean },
  wim?: Wim,
): Compression {
  // WIMBoot reads files straight from the WIM: Windows wants them in small XPRESS chunks.
  const forBoot = request.wimboot === true && wim === undefined && request.compression === undefined;
  const usual = request.solid === true ? 'lzms' : 'lzx';
  const format = forBoot ? 'xpress' : (request.compression?.format ?? wim?.main.format ?? usual);
  // Scripts may ask for more than the highest level, as wimlib lets them: they get the highest.
  const level = Math.min(request.compression?.level ?? DEFAULT_LEVEL, HIGHEST_LEVEL);
  const same = wim !== undefined && format === wim.main.format;
  const chunkSize =
    request.chunkSize ??
    (forBoot ? WIMBOOT_CHUNK_SIZE : same ? wim.main.chunkSize : defaultChunkSize(format));
  if (format !== 'none') assertChunkSizeChoice(format, chunkSize);
  const compression: Compression = { format, chunkSize: format === 'none' ? 0 : chunkSize, level };
  return compression;
}

/**
 * Whether and how new data goes into solid resources: as the request says, else as the WIM at hand has it.
 * @throws AppError `usage/invalid`
 */
export function chooseSolid(request: WriteChoices, pipable: boolean, wim?: Wim): SolidChoice | undefined {
  if (request.solid === true && pipable) {
    throw new AppError('usage/invalid', 'a pipable WIM cannot be solid: leave out --pipable or --solid');
  }
  // A file keeps its form when it is added to; one that is compressed anew in a way that was named does not.
  const isMadeAnew = request.compression !== undefined && request.recompress === true;
  const isSolid = request.solid ?? (wim?.hasSolidResources === true && !isMadeAnew);
  if (!isSolid || pipable) return undefined;
  const present = wim?.solids.at(-1);
  const asked = request.solidCompression;
  const format = asked?.format ?? present?.format ?? 'lzms';
  if (format === 'none') {
    throw new AppError('usage/invalid', 'a solid resource is always compressed: with XPRESS, LZX or LZMS');
  }
  const kept = present?.format === format ? present.chunkSize : defaultSolidChunkSize(format);
  const chunkSize = request.solidChunkSize ?? kept;
  assertChunkSizeChoice(format, chunkSize);
  const level = Math.min(asked?.level ?? DEFAULT_LEVEL, HIGHEST_LEVEL);
  return {
    compression: { format, chunkSize, level },
    sort: request.noSolidSort !== true,
    asked: asked !== undefined || request.solidChunkSize !== undefined,
  };
}

/** How data is compressed, for plans. */
export function formText({ compression, solid }: WriterOptions): string {
  if (solid === undefined) return compression.format;
  const { format, chunkSize } = solid.compression;
  const size = chunkSize < 1 << 20 ? `${chunkSize / 1024} KiB` : `${chunkSize / 2 ** 20} MiB`;
  return `solid ${format} in chunks of ${size}`;
}

/** Number of threads for a request. 0 or absent: one for each processor, found by the host. */
export function chooseThreads(request: { readonly threads?: number }): number {
  return request.threads ?? 0;
}

/**
 * Threads for reading the data of a WIM: as many as are asked for and as stay within the memory.
 * @throws AppError `job/no-memory`
 */
export function readingThreads(host: EngineHost, request: ThreadChoices, wim: Wim): number {
  return threadsWithin(host, request, readingNeeds(wim));
}

/** Options of a writer that makes `wim` anew, or a new WIM. */
export function writerOptions(
  host: EngineHost,
  request: WriteChoices & { readonly wimboot?: boolean },
  context: VerbContext,
  wim?: Wim,
): WriterOptions {
  const pipable = request.pipable ?? wim?.main.pipable ?? false;
  return {
    compression: chooseCompression(request, wim),
    pipable,
    solid: chooseSolid(request, pipable, wim),
    integrity: request.integrity ?? (wim !== undefined && hasIntegrity(wim)),
    guid: wim !== undefined && request.retainGuid === true ? wim.main.header.guid : host.randomBytes(16),
    partNumber: 1,
    totalParts: 1,
    flags: wim === undefined ? 0 : keptFlags(wim.main.header),
    threads: chooseThreads(request),
    memory: request.memory,
    readingNeeds: wim === undefined ? undefined : readingNeeds(wim),
    signal: context.signal,
    onProgress: context.onProgress,
  };
}

export function hasIntegrity(wim: Wim): boolean {
  return wim.main.header.integrity.size > 0;
}

/** Hands a WIM's warnings on and returns them. */
export function reportWarnings(wim: Wim, context: VerbContext): string[] {
  for (const warning of wim.warnings) context.onWarning?.(warning);
  return [...wim.warnings];
}

/** Milliseconds between progress reports. */
const PROGRESS_INTERVAL = 100;

/** Counts work and reports it ten times a second; what happens in between is only counted. */
export class ProgressCounter {
  private filesDone = 0;
  private bytesDone = 0;
  private lastReport = 0;

  constructor(
    private readonly context: VerbContext,
    private readonly host: EngineHost,
    private readonly phase: Progress['phase'],
    private readonly filesTotal: number,
    private readonly bytesTotal: number,
  ) {}

  /** Adds work that is done. */
  add(files: number, bytes: number, path?: () => string): void {
    this.filesDone += files;
    this.bytesDone += bytes;
    if (this.context.onProgress === undefined) return;
    const now = Number(this.host.now() / 10_000n);
    if (now - this.lastReport < PROGRESS_INTERVAL) return;
    this.lastReport = now;
    this.report(path?.());
  }

  /** Reports what is done now, whatever the time. */
  report(currentPath?: string): void {
    const { phase, filesDone, filesTotal, bytesDone, bytesTotal } = this;
    this.context.onProgress?.({
      phase,
      filesDone,
      filesTotal,
      bytesDone,
      bytesTotal,
      ...(currentPath === undefined ? {} : { currentPath }),
    });
  }
}
