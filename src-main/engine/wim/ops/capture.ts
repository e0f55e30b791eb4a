import { AppError } from '../../../../src-shared/errors/appError';
import type { CaptureReport } from '../../../../src-shared/model/reports';
import type { CaptureRequest, SourceChoices, WriteChoices } from '../../../../src-shared/model/requests';
import type { EngineHost, OpenFile } from '../../os';
import type { TaskRunner } from '../../pipeline/tasks';
import type { ScanOptions, ScanResult, TreeSource } from '../../tree/source';
import type { Exclusions } from '../../tree/exclusions/exclusionMatcher';
import { BlobPlace, BlobTable } from '../blobTable';
import { openWim } from '../openWim';
import { ReferenceCounts } from '../referenceCounts';
import { WimFlag } from '../records/wimHeader';
import { Wim } from '../wim';
import { OutputBlobs } from '../write/outputBlobs';
import { WimWriter, type WriterOptions } from '../write/wimWriter';
import {
  assertChangeable,
  assertWimPlace,
  extendFile,
  lockReplaced,
  replaceFile,
  reusableIntegrity,
} from '../write/wimSession';
import { writerThreads } from '../write/writerThreads';
import { WimXml } from '../xml/wimXml';
import { planCapture } from './capturePlan';
import {
  chooseImage,
  chooseSolid,
  hasIntegrity,
  reportWarnings,
  writerOptions,
  type VerbContext,
} from './common';
import { ImageCapture } from './imageCapture';
import { ownOutput } from './ownOutput';
import { addExistingImages, existingReferences } from './rewrite';

/** What a capture needs beyond its request. */
export interface CaptureInput {
  readonly source: TreeSource;
  readonly matcher: Exclusions | undefined;
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
  if (input.pipe === undefined) assertWimPlace(host, host.files.absolute(request.wim));
  const base = await openBases(host, request, context);
  try {
    const options = newWimOptions(host, request, context);
    // Threads start now, and list the source's directories first.
    const threads = writerThreads(host, options);
    const runner = request.dryRun === true ? undefined : host.taskRunner(threads);
    runner?.prepare();
    const scan = await scanSource(host, request, input, context, runner);
    if (request.dryRun === true) return planCapture(host, request, scan, context, options);
    const blobs = base?.blobs ?? new BlobTable();
    const settled = new OutputBlobs(blobs);
    if (base !== undefined && request.deltaFrom !== undefined) omitKnown(base, settled);
    const wim = new Wim(base?.parts ?? [], blobs, new WimXml());
    wim.solids.push(...(base?.solids ?? []));
    const write = async (file: OpenFile): Promise<CaptureReport> => {
      const writer = new WimWriter(host, file, settled, options, 0);
      const image = new ImageCapture(host, request, input, context, wim, scan);
      if (base !== undefined && request.updateOf !== undefined)
        image.reuse(base, chooseImage(base, request.updateOf.image));
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
      return image.report(writer, 1, wim.warnings);
    };
    if (input.pipe !== undefined) return await write(input.pipe);
    const path = host.files.absolute(request.wim);
    const unlock = lockReplaced(host, path);
    try {
      return await replaceFile(host, path, write);
    } finally {
      unlock();
    }
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
  const wim = await openWim(host, path, {
    ...options,
    ref,
    verifyIntegrity: request.verifyIntegrity,
    writable: true,
  });
  try {
    assertChangeable(wim);
    if (request.name !== undefined) wim.xml.checkNameFree(request.name);
    const writing = appendOptions(host, request, context, wim);
    // Threads start now, and list the source's directories first.
    const threads = writerThreads(host, writing);
    const runner = request.dryRun === true ? undefined : host.taskRunner(threads);
    runner?.prepare();
    const scan = await scanSource(host, request, input, context, runner);
    reportWarnings(wim, context);
    if (request.dryRun === true) return planCapture(host, request, scan, context, writing);
    const image = new ImageCapture(host, request, input, context, wim, scan);
    const settled = new OutputBlobs(wim.blobs, wim.solids);
    if (request.updateOf !== undefined) await reuseFrom(host, request, wim, image, context);
    const index = wim.images.length + 1;
    addImageXml(host, wim.xml, request, input.source.label);
    const bootIndex = request.boot === true ? index : wim.main.header.bootIndex;
    const references = existingReferences(wim);
    const finish = async (
      writer: WimWriter,
      old: ReturnType<typeof reusableIntegrity>,
    ): Promise<CaptureReport> => {
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
    return await extendFile(host, wim, async (file, position) => {
      const writer = new WimWriter(host, file, settled, writing, position);
      for (const existing of wim.images)
        if (existing.metadata !== undefined) writer.keepMetadata(existing.metadata);
      return finish(writer, hasIntegrity(wim) ? reusableIntegrity(wim) : undefined);
    });
  } finally {
    wim.close();
  }
}

export async function scanSource(
  host: EngineHost,
  request: SourceChoices & { readonly wim: string },
  { source, matcher }: Pick<CaptureInput, 'source' | 'matcher'>,
  context: VerbContext,
  runner?: TaskRunner,
): Promise<ScanResult> {
  const isOutput = ownOutput(host, source.label, request.wim);
  const options: ScanOptions = {
    excludes: (path) => (isOutput(path) ? 'the WIM that is being written' : matcher?.excludes(path)),
    dereference: request.dereference ?? false,
    unixData: request.unixData ?? false,
    fixReparsePoints: request.fixReparsePoints ?? true,
    securityDescriptors: request.securityDescriptors ?? 'lenient',
    ...(runner === undefined
      ? {}
      : { listDirectories: async (paths) => (await runner.run('listDirectories', { paths })).listings }),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
    ...(context.onProgress === undefined ? {} : { onProgress: context.onProgress }),
  };
  return source.scan(options);
}

/** Opens what a new WIM builds on: the template of `updateOf`, the bases of a delta. One set, one blob table. */
async function openBases(
  host: EngineHost,
  request: CaptureRequest,
  context: VerbContext,
): Promise<Wim | undefined> {
  const files = [
    ...(request.updateOf?.wim === undefined ? [] : [request.updateOf.wim]),
    ...(request.deltaFrom ?? []),
  ];
  if (files.length === 0) return undefined;
  assertBasesStay(host, request);
  return openWim(host, host.files.absolute(files[0]), {
    ref: [...files.slice(1), ...(request.ref ?? [])],
    signal: context.signal,
  });
}

/** A delta that takes the place of its own base would destroy the data that it leaves out. @throws AppError */
function assertBasesStay(host: EngineHost, request: CaptureRequest): void {
  const target = host.files.status(host.files.absolute(request.wim))?.identity;
  for (const base of [...(request.deltaFrom ?? []), ...(request.ref ?? [])]) {
    if (target === undefined || host.files.status(host.files.absolute(base))?.identity !== target) continue;
    throw new AppError(
      'usage/invalid',
      `${request.wim} cannot be replaced by a delta: ${base}, which holds the data left out, is the same file`,
      { wim: request.wim },
    );
  }
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
  chooseSolid(request, pipable);
  const fixed = request.fixReparsePoints ?? true;
  return {
    ...options,
    pipable,
    flags: fixed ? WimFlag.REPARSE_FIX : 0,
    integrity: options.integrity && request.wim !== '-',
  };
}

function appendOptions(
  host: EngineHost,
  request: CaptureRequest,
  context: VerbContext,
  wim: Wim,
): WriterOptions {
  const asked = request.compression?.format;
  const { format } = wim.main;
  if (asked === undefined || asked === format || request.recompress === true) {
    return writerOptions(host, { ...request, retainGuid: true }, context, wim);
  }
  // As with wimlib: the file keeps its compression; to change that is the work of optimize.
  wim.warnings.push(
    `the file stays ${format.toUpperCase()}; "optimize --recompress --compress=${asked}" makes all of it ${asked.toUpperCase()}`,
  );
  const { compression, ...rest } = request;
  const level = compression?.level === undefined ? {} : { level: compression.level };
  const kept = { ...rest, compression: { format, ...level }, chunkSize: wim.main.chunkSize };
  return writerOptions(host, { ...kept, retainGuid: true }, context, wim);
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
  for (const [path, value] of request.properties ?? [])
    image.setProperty(path, value === '' ? undefined : value);
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
