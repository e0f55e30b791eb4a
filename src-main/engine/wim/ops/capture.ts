import { AppError } from '../../../../src-shared/errors/appError';
import type { CaptureReport, PlanReport } from '../../../../src-shared/model/reports';
import type { CaptureRequest, SourceChoices, WriteChoices } from '../../../../src-shared/model/requests';
import type { EngineHost, OpenFile } from '../../os';
import type { ScanOptions, ScanResult, TreeSource } from '../../tree/source';
import type { ExclusionMatcher } from '../../tree/exclusions/exclusionMatcher';
import { NONE } from '../../tree/tree';
import { BlobPlace, BlobTable } from '../blobTable';
import { loadImage, openWim } from '../openWim';
import { serializeMetadata, type TreeCounts } from '../metadata/serializeMetadata';
import { ReferenceCounts } from '../referenceCounts';
import { WimFlag } from '../records/wimHeader';
import { Wim } from '../wim';
import { copyBlobs } from '../write/copyBlobs';
import { OutputBlobs } from '../write/outputBlobs';
import { WimWriter, type WriterOptions } from '../write/wimWriter';
import { extendFile, replaceFile, reusableIntegrity } from '../write/wimSession';
import { WimXml } from '../xml/wimXml';
import { StreamCollector } from './captureStreams';
import { chooseImage, hasIntegrity, ProgressCounter, reportWarnings, writerOptions, type VerbContext } from './common';
import { addExistingImages, existingReferences } from './rewrite';
import { reuseUnchanged } from './updateOf';

/** What a capture needs beyond its request. */
export interface CaptureInput {
  readonly source: TreeSource;
  readonly matcher: ExclusionMatcher | undefined;
  /** Output for a destination of '-'. */
  readonly pipe?: OpenFile | undefined;
}

/**
 * Captures a tree to a new WIM. A file of that name stays as it is until the new one is complete.
 */
export async function capture(
  host: EngineHost,
  request: CaptureRequest,
  input: CaptureInput,
  context: VerbContext = {},
): Promise<CaptureReport> {
  const base = await openBases(host, request, context);
  try {
    const options = newWimOptions(host, request, context);
    const scan = await scanSource(host, request, input, context);
    if (request.dryRun === true) return planned(host, request, scan, context);
    const blobs = base?.blobs ?? new BlobTable();
    const settled = new OutputBlobs(blobs);
    if (base !== undefined && request.deltaFrom !== undefined) omitKnown(base, settled);
    const wim = new Wim(base?.parts ?? [], blobs, new WimXml());
    const write = async (file: OpenFile): Promise<CaptureReport> => {
      const writer = new WimWriter(host, file, settled, options, 0);
      const image = new ImageCapture(host, request, input, context, wim, scan);
      if (base !== undefined && request.updateOf !== undefined) image.reuse(base, chooseImage(base, request.updateOf.image));
      addImageXml(host, wim.xml, request, input.source.label);
      const references = new ReferenceCounts();
      if (options.pipable) {
        await image.hashAll(writer, 1);
        writer.writeLeadingXml(wim.xml);
        await image.writeMetadata(writer, references);
        await image.store(writer);
      } else {
        await image.store(writer);
        await image.writeMetadata(writer, references);
      }
      const bootIndex = request.boot === true ? 1 : 0;
      await writer.finish({ xml: wim.xml, bootIndex, references: (row) => references.get(row) });
      return image.report(writer, 1, [...wim.warnings, ...scan.warnings]);
    };
    if (input.pipe !== undefined) return await write(input.pipe);
    return await replaceFile(host, host.files.absolute(request.wim), write);
  } finally {
    base?.close();
  }
}

/**
 * Appends an image to an existing WIM: to its end, so that the images in it stay readable whatever happens; or, with
 * `rebuild` or another compression, by making the file anew.
 */
export async function append(
  host: EngineHost,
  request: CaptureRequest,
  input: CaptureInput,
  context: VerbContext = {},
): Promise<CaptureReport> {
  const path = host.files.absolute(request.wim);
  if (host.files.status(path) === undefined && request.create === true) {
    // There is no earlier image in a WIM that is only made now.
    const { updateOf, ...fresh } = request;
    return capture(host, updateOf?.wim === undefined ? fresh : request, input, context);
  }
  const options = { signal: context.signal, onProgress: context.onProgress };
  const ref = [...(request.ref ?? []), ...(request.deltaFrom ?? [])];
  if (request.updateOf?.wim !== undefined) ref.push(request.updateOf.wim);
  const wim = await openWim(host, path, { ...options, ref, verifyIntegrity: request.verifyIntegrity, writable: true });
  try {
    const writing = appendOptions(host, request, context, wim);
    const scan = await scanSource(host, request, input, context);
    reportWarnings(wim, context);
    if (request.dryRun === true) return planned(host, request, scan, context);
    const image = new ImageCapture(host, request, input, context, wim, scan);
    const settled = new OutputBlobs(wim.blobs);
    if (request.updateOf !== undefined) await reuseFrom(host, request, wim, image, context);
    const index = wim.images.length + 1;
    addImageXml(host, wim.xml, request, input.source.label);
    const bootIndex = request.boot === true ? index : wim.main.header.bootIndex;
    const references = existingReferences(wim);
    const finish = async (writer: WimWriter, old: ReturnType<typeof reusableIntegrity>): Promise<CaptureReport> => {
      await image.store(writer);
      if (!writing.pipable) await image.writeMetadata(writer, references);
      await writer.finish({ xml: wim.xml, bootIndex, references: (row) => references.get(row), old });
      return image.report(writer, index, wim.warnings);
    };
    if (needsRewrite(request, wim, writing)) {
      omitReferenced(request, wim, settled);
      return await replaceFile(host, path, async (file) => {
        const writer = new WimWriter(host, file, settled, writing, 0);
        if (writing.pipable) await image.hashAll(writer, index);
        await addExistingImages(host, wim, writer, {
          recompress: request.recompress === true,
          xml: wim.xml,
          furtherMetadata: () => image.writeMetadata(writer, references),
        });
        return finish(writer, undefined);
      });
    }
    settled.keepPart(0);
    omitReferenced(request, wim, settled);
    return await extendFile(wim, async (file, position) => {
      const writer = new WimWriter(host, file, settled, writing, position);
      for (const existing of wim.images) if (existing.metadata !== undefined) writer.keepMetadata(existing.metadata);
      return finish(writer, hasIntegrity(wim) ? reusableIntegrity(wim) : undefined);
    });
  } finally {
    wim.close();
  }
}

/** One image on its way from a scanned tree into a file. */
class ImageCapture {
  private readonly collector: StreamCollector;
  private readonly path: string;
  private reused = 0;
  private copiedBytes = 0;
  private counts = { directories: 0, files: 0 };

  constructor(
    private readonly host: EngineHost,
    request: CaptureRequest,
    input: CaptureInput,
    private readonly context: VerbContext,
    private readonly wim: Wim,
    private readonly scan: CheckedScan,
  ) {
    this.path = request.wim === '-' ? '-' : host.files.absolute(request.wim);
    this.collector = new StreamCollector(scan.tree, input.source, input.matcher, request.wim);
  }

  /** Takes the data of unchanged files from an earlier image. */
  reuse(template: Wim, index = 1): void {
    this.reused = reuseUnchanged(this.scan.tree, loadImage(this.host, template, index));
    this.collector.noteReused();
  }

  /** Finds every stream's hash and what the image holds before anything is written: a pipe gets the metadata first. */
  async hashAll(writer: WimWriter, index: number): Promise<void> {
    await this.collector.hashAll(writer);
    this.setCounts(index, serializeMetadata(this.scan.tree, writer.settled.blobs).counts);
  }

  async store(writer: WimWriter): Promise<void> {
    const { files, bytes } = this.collector.totals();
    const progress = new ProgressCounter(this.context, this.host, 'Archiving', files, bytes);
    const count = (streams: number, size: number, path: () => string): void => progress.add(streams, size, path);
    await writer.store(this.collector.streams(), count);
    const { copiedBytes, missing } = await copyBlobs(writer, this.wim, this.collector.reusedBlobs(), {
      recompress: false,
    });
    this.copiedBytes = copiedBytes;
    if (missing.length > 0) {
      throw new AppError('wim/missing-blob', `${missing.length} blobs of the earlier image are in none of the files given`);
    }
    progress.report();
    this.collector.dropVanished();
  }

  async writeMetadata(writer: WimWriter, references: ReferenceCounts): Promise<void> {
    const counts = await writer.addMetadata(this.scan.tree);
    references.addTree(this.scan.tree);
    this.setCounts(writer.metadata.length, counts);
  }

  private setCounts(index: number, counts: TreeCounts): void {
    this.counts = counts;
    this.wim.xml.ensureImage(index).setCounts({
      dirCount: counts.directories,
      fileCount: counts.files,
      totalBytes: counts.totalBytes,
      hardLinkBytes: counts.hardLinkBytes,
    });
  }

  report(writer: WimWriter, image: number, warnings: readonly string[]): CaptureReport {
    const { totals } = writer;
    const streams = this.collector.totals();
    return {
      wim: this.path,
      image,
      size: writer.output.position,
      bytesStored: totals.storedBytes,
      bytesCopied: this.copiedBytes,
      directories: this.counts.directories,
      files: this.counts.files,
      streams: streams.files,
      bytes: streams.bytes,
      bytesSavedBySingleInstancing: totals.duplicateBytes,
      bytesSavedByCompression: totals.newBytes - totals.storedBytes,
      streamsReused: this.reused,
      excluded: this.scan.excluded,
      notKept: [...this.scan.notKept, ...this.collector.vanished],
      changed: this.collector.changed,
      warnings,
    };
  }
}

interface CheckedScan extends ScanResult {
  readonly warnings: readonly string[];
}

/** Scans a source as a request has it, but for the WIM itself. */
export async function scanSource(
  host: EngineHost,
  request: SourceChoices & { readonly wim: string },
  { source, matcher }: Pick<CaptureInput, 'source' | 'matcher'>,
  context: VerbContext,
): Promise<CheckedScan> {
  const inside = placeInside(host, source.label, request.wim);
  const options: ScanOptions = {
    excludes: (path) => (path === inside ? 'the WIM that is being written' : matcher?.excludes(path)),
    dereference: request.dereference ?? false,
    unixData: request.unixData ?? false,
    fixReparsePoints: request.fixReparsePoints ?? true,
    securityDescriptors: request.securityDescriptors ?? 'lenient',
    ...(context.signal === undefined ? {} : { signal: context.signal }),
    ...(context.onProgress === undefined ? {} : { onProgress: context.onProgress }),
  };
  const scan = await source.scan(options);
  return { ...scan, warnings: [] };
}

/** Path in the image of a file, when it lies inside the source. */
function placeInside(host: EngineHost, source: string, file: string): string | undefined {
  if (file === '-') return undefined;
  const root = host.files.absolute(source);
  const path = host.files.absolute(file);
  const prefix = /[\\/]$/.test(root) ? root : root + (root.includes('\\') ? '\\' : '/');
  return path.startsWith(prefix) ? '/' + path.slice(prefix.length).replaceAll('\\', '/') : undefined;
}

/** Opens what a new WIM builds on: the template of `updateOf`, the bases of a delta. One set, one blob table. */
async function openBases(host: EngineHost, request: CaptureRequest, context: VerbContext): Promise<Wim | undefined> {
  const files = [...(request.updateOf?.wim === undefined ? [] : [request.updateOf.wim]), ...(request.deltaFrom ?? [])];
  if (files.length === 0) return undefined;
  return openWim(host, host.files.absolute(files[0]), { ref: [...files.slice(1), ...(request.ref ?? [])], signal: context.signal });
}

async function reuseFrom(
  host: EngineHost,
  request: CaptureRequest,
  wim: Wim,
  image: ImageCapture,
  context: VerbContext,
): Promise<void> {
  const { updateOf } = request;
  if (updateOf === undefined) return;
  if (updateOf.wim === undefined) {
    image.reuse(wim, chooseImage(wim, updateOf.image));
    return;
  }
  const template = await openWim(host, host.files.absolute(updateOf.wim), { signal: context.signal });
  try {
    image.reuse(mergeTemplate(template, wim), chooseImage(template, updateOf.image));
  } finally {
    template.close();
  }
}

/** The template's images over the blob table of the WIM that references the template's file. */
function mergeTemplate(template: Wim, wim: Wim): Wim {
  const merged = new Wim(template.parts, wim.blobs, template.xml);
  merged.images.push(...template.images);
  return merged;
}

function omitKnown(base: Wim, settled: OutputBlobs): void {
  for (let row = 0; row < base.blobs.length; row++) {
    if (base.blobs.place[row] !== BlobPlace.MISSING) settled.omit(row);
  }
}

/** Blobs of files named by --ref and --delta-from stay there. */
function omitReferenced(request: CaptureRequest, wim: Wim, settled: OutputBlobs): void {
  if (request.ref === undefined && request.deltaFrom === undefined) return;
  for (let row = 0; row < wim.blobs.length; row++) {
    if (wim.blobs.place[row] !== BlobPlace.MISSING && wim.blobs.part[row] !== 0) settled.omit(row);
  }
}

function newWimOptions(host: EngineHost, request: CaptureRequest, context: VerbContext): WriterOptions {
  const options = writerOptions(host, request, context);
  const pipable = options.pipable || request.wim === '-';
  const fixed = request.fixReparsePoints ?? true;
  return { ...options, pipable, flags: fixed ? WimFlag.REPARSE_FIX : 0, integrity: options.integrity && request.wim !== '-' };
}

function appendOptions(host: EngineHost, request: CaptureRequest, context: VerbContext, wim: Wim): WriterOptions {
  return { ...writerOptions(host, { ...request, retainGuid: true }, context, wim) };
}

/** Whether a change of a WIM cannot be made by adding to its end. */
export function needsRewrite(request: WriteChoices, wim: Wim, options: WriterOptions): boolean {
  const { main } = wim;
  return (
    request.rebuild === true ||
    request.recompress === true ||
    main.pipable ||
    options.pipable ||
    options.compression.format !== main.format ||
    (main.format !== 'none' && options.compression.chunkSize !== main.chunkSize)
  );
}

function addImageXml(host: EngineHost, xml: WimXml, request: CaptureRequest, label: string): void {
  const time = host.now();
  const image = xml.addImage({
    name: request.name ?? freeName(xml, host.files.baseName(host.files.absolute(label))),
    description: request.description ?? '',
    time,
  });
  for (const [path, value] of request.properties ?? []) image.setProperty(path, value === '' ? undefined : value);
  if (request.wimboot === true) image.wimboot = true;
}

/** The name, or the name with a number behind it when an image has it already. */
function freeName(xml: WimXml, name: string): string {
  if (xml.findByName(name) === undefined) return name;
  for (let number = 1; ; number++) {
    const numbered = `${name} (${number})`;
    if (xml.findByName(numbered) === undefined) return numbered;
  }
}

function planned(host: EngineHost, request: CaptureRequest, scan: CheckedScan, context: VerbContext): CaptureReport {
  let bytes = 0;
  let files = 0;
  let directories = -1;
  let streams = 0;
  const { tree } = scan;
  for (let inode = 0; inode < tree.inodeCount; inode++) {
    if ((tree.attributes[inode] & 0x10) !== 0) directories += 1;
    else files += 1;
    for (let row = tree.firstStream[inode]; row !== NONE; row = tree.streamNext[row]) {
      bytes += tree.streamSize[row];
      streams += 1;
    }
  }
  const target = request.wim === '-' ? undefined : host.files.absolute(request.wim);
  const exists = target !== undefined && host.files.status(target) !== undefined;
  const plan: PlanReport = {
    steps: [
      `Read ${files} files in ${directories} directories, ${bytes} bytes, leaving out ${scan.excluded.length} entries`,
      exists && request.create === undefined ? `Write ${request.wim}, which exists` : `Write ${request.wim}`,
    ],
    warnings: scan.notKept.map(({ path, problem }) => `${path}: ${problem}`),
    spaceNeeded: bytes,
    spaceFree: target === undefined ? null : host.files.freeSpace(host.files.directoryName(target)),
  };
  for (const warning of plan.warnings) context.onWarning?.(warning);
  return {
    wim: request.wim,
    image: 0,
    size: 0,
    bytesStored: 0,
    bytesCopied: 0,
    directories,
    files,
    streams,
    bytes,
    bytesSavedBySingleInstancing: 0,
    bytesSavedByCompression: 0,
    streamsReused: 0,
    excluded: scan.excluded,
    notKept: scan.notKept,
    changed: [],
    plan,
    warnings: [],
  };
}
