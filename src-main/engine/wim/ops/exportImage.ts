import { AppError } from '../../../../src-shared/errors/appError';
import type { WriteReport } from '../../../../src-shared/model/reports';
import type { ExportRequest } from '../../../../src-shared/model/requests';
import type { EngineHost, OpenFile } from '../../os';
import { NONE, type Tree } from '../../tree/tree';
import { type BlobTable } from '../blobTable';
import { loadImage, openWim } from '../openWim';
import { ReferenceCounts } from '../referenceCounts';
import { type Wim } from '../wim';
import { copyBlobs } from '../write/copyBlobs';
import { OutputBlobs } from '../write/outputBlobs';
import { WimWriter, type WriterOptions } from '../write/wimWriter';
import {
  assertChangeable,
  assertWimPlace,
  extendFile,
  replaceFile,
  reusableIntegrity,
} from '../write/wimSession';
import { readingNeeds } from '../write/writerThreads';
import { WimXml } from '../xml/wimXml';
import { blobNames } from './blobNames';
import {
  chooseCompression,
  chooseImages,
  chooseSolid,
  hasIntegrity,
  ProgressCounter,
  reportWarnings,
  writerOptions,
  type VerbContext,
} from './common';
import { addExistingImages, existingReferences, writeImageMetadata } from './rewrite';

/**
 * Exports images to a new WIM, or to one that exists. Data that the destination has is not copied again; data in the
 * same format is copied as it is.
 * @param pipe output for a destination of '-': it gets a pipable WIM
 */
export async function exportImages(
  host: EngineHost,
  request: ExportRequest,
  context: VerbContext = {},
  pipe?: OpenFile,
): Promise<WriteReport> {
  const open = {
    verifyIntegrity: request.verifyIntegrity,
    signal: context.signal,
    onProgress: context.onProgress,
  };
  const source = await openWim(host, host.files.absolute(request.wim), { ...open, ref: request.ref });
  try {
    const images = chooseImages(source, request.image);
    if (images.length > 1 && (request.name !== undefined || request.description !== undefined)) {
      throw new AppError('usage/invalid', 'a new name can be given to one exported image only');
    }
    reportWarnings(source, context);
    const path = host.files.absolute(request.destination);
    const exists = pipe === undefined && host.files.status(path) !== undefined;
    if (!exists && pipe === undefined) assertWimPlace(host, path);
    if (request.dryRun === true && !exists) return planned(host, request, source, images, exists);
    if (pipe !== undefined) {
      // An integrity table would have to be read back; and a pipe takes nothing but a pipable WIM.
      const piped = { ...request, pipable: true, integrity: false };
      return await exportToNew(host, piped, context, source, images, '-', (write) => write(pipe));
    }
    if (!exists)
      return await exportToNew(host, request, context, source, images, path, (write) =>
        replaceFile(host, path, write),
      );
    if (host.files.status(path)?.kind === 'directory') assertWimPlace(host, path);
    const destination = await openWim(host, path, { ...open, writable: true });
    try {
      assertChangeable(destination);
      assertSameFormat(request, destination);
      if (request.dryRun === true) {
        for (const index of images) copyXml(destination.xml, source, index, request);
        return planned(host, request, source, images, exists);
      }
      return await exportToExisting(host, request, context, source, images, destination);
    } finally {
      destination.close();
    }
  } finally {
    source.close();
  }
}

async function exportToNew(
  host: EngineHost,
  request: ExportRequest,
  context: VerbContext,
  source: Wim,
  images: readonly number[],
  path: string,
  into: (write: (file: OpenFile) => Promise<WriteReport>) => Promise<WriteReport>,
): Promise<WriteReport> {
  const options: WriterOptions = {
    ...writerOptions(host, request, context),
    compression: chooseCompression(request, request.solid === true ? undefined : source),
    // A new file is solid like the source, unless it is told how else to compress.
    solid: chooseSolid(
      request.compression === undefined || request.solid !== undefined
        ? request
        : { ...request, solid: false },
      request.pipable === true,
      source,
    ),
    readingNeeds: readingNeeds(source),
    flags: source.main.header.flags & 0x80,
  };
  const trees = images.map((index) => loadImage(host, source, index));
  const references = new ReferenceCounts();
  for (const tree of trees) references.addTree(tree);
  const xml = new WimXml();
  for (const index of images) copyXml(xml, source, index, request);
  return into(async (file) => {
    const writer = new WimWriter(host, file, new OutputBlobs(source.blobs, source.solids), options, 0);
    const metadata = async (): Promise<void> => {
      for (const index of images) {
        await writeImageMetadata(host, source, writer, source.image(index), request.recompress === true);
      }
    };
    if (options.pipable) {
      writer.writeLeadingXml(xml);
      await metadata();
    }
    const copiedBytes = await copyAll(host, writer, source, references, request, context, (row) => row);
    if (!options.pipable) await metadata();
    const bootIndex = bootIndexOf(request, source, images, 0, 0);
    await writer.finish({ xml, bootIndex, references: (row) => references.get(row) });
    return report(path, writer, images.length, copiedBytes, source.warnings);
  });
}

async function exportToExisting(
  host: EngineHost,
  request: ExportRequest,
  context: VerbContext,
  source: Wim,
  images: readonly number[],
  destination: Wim,
): Promise<WriteReport> {
  const options = {
    ...writerOptions(host, { ...request, retainGuid: true }, context, destination),
    readingNeeds: readingNeeds(source),
  };
  const references = existingReferences(destination);
  const rows = translateRows(source.blobs, destination.blobs);
  const trees: Tree[] = [];
  const needed = new ReferenceCounts();
  for (const index of images) {
    const tree = loadImage(host, source, index);
    needed.addTree(tree);
    trees.push(tree);
  }
  const first = destination.images.length;
  for (const index of images) copyXml(destination.xml, source, index, request);
  const add = async (writer: WimWriter, old: ReturnType<typeof reusableIntegrity>): Promise<WriteReport> => {
    const copiedBytes = await copyAll(host, writer, source, needed, request, context, rows);
    if (!options.pipable) await addMetadata(writer);
    const bootIndex = bootIndexOf(request, source, images, first, destination.main.header.bootIndex);
    await writer.finish({ xml: destination.xml, bootIndex, references: (row) => references.get(row), old });
    return report(destination.path, writer, first + images.length, copiedBytes, [
      ...source.warnings,
      ...destination.warnings,
    ]);
  };
  const addMetadata = async (writer: WimWriter): Promise<void> => {
    for (const tree of trees) {
      for (let stream = 0; stream < tree.streamCount; stream++) {
        if (tree.streamBlob[stream] !== NONE) tree.streamBlob[stream] = rows(tree.streamBlob[stream]);
      }
      await writer.addMetadata(tree);
      references.addTree(tree);
    }
  };
  const { main } = destination;
  const changed =
    options.compression.format !== main.format ||
    (main.format !== 'none' && options.compression.chunkSize !== main.chunkSize);
  if (request.rebuild === true || request.recompress === true || options.pipable || main.pipable || changed) {
    return replaceFile(host, destination.path, async (file) => {
      const writer = new WimWriter(host, file, new OutputBlobs(destination.blobs), options, 0);
      await addExistingImages(host, destination, writer, {
        recompress: request.recompress === true,
        xml: destination.xml,
        context,
        furtherMetadata: () => addMetadata(writer),
      });
      return add(writer, undefined);
    });
  }
  const settled = new OutputBlobs(destination.blobs, destination.solids);
  settled.keepPart(0);
  return extendFile(host, destination, async (file, position) => {
    const writer = new WimWriter(host, file, settled, options, position);
    for (const { metadata } of destination.images) if (metadata !== undefined) writer.keepMetadata(metadata);
    return add(writer, hasIntegrity(destination) ? reusableIntegrity(destination) : undefined);
  });
}

async function copyAll(
  host: EngineHost,
  writer: WimWriter,
  source: Wim,
  references: ReferenceCounts,
  request: ExportRequest,
  context: VerbContext,
  into: (row: number) => number,
): Promise<number> {
  const rows = [...references.rows()];
  const bytes = rows.reduce((sum, row) => sum + source.blobs.size[row], 0);
  const progress = new ProgressCounter(context, host, 'Copying', rows.length, bytes);
  const { copiedBytes, missing } = await copyBlobs(writer, source, rows, {
    recompress: request.recompress === true,
    nameOf: blobNames(host, source, chooseImages(source, request.image), writer),
    into,
    onCopied: (count, size) => progress.add(count, size),
  });
  progress.report();
  if (missing.length > 0) {
    throw new AppError(
      source.main.header.totalParts > source.parts.length ? 'wim/missing-part' : 'wim/missing-blob',
      `${missing.length} blobs of ${source.path} are in none of the files given`,
      { wim: source.path },
    );
  }
  return copiedBytes;
}

/** Rows of one blob table as rows of another; blobs that the other lacks are added to it as missing. */
function translateRows(from: BlobTable, to: BlobTable): (row: number) => number {
  const rows = new Int32Array(from.length).fill(NONE);
  return (row) => {
    if (rows[row] === NONE) rows[row] = to.findOrAdd(from.sha1(row), 0, from.size[row]);
    return rows[row];
  };
}

/** An export adds to a file; it does not quietly make all of it anew in another format. */
function assertSameFormat(request: ExportRequest, destination: Wim): void {
  const { format } = destination.main;
  const asked = request.compression?.format;
  if (asked === undefined || asked === format || request.recompress === true) return;
  throw new AppError(
    'usage/invalid',
    `${destination.path} is compressed with ${format.toUpperCase()}: images exported to it cannot have another compression`,
    { path: destination.path },
  );
}

/** Takes an image's XML along, with everything that is unknown in it. */
function copyXml(xml: WimXml, source: Wim, index: number, request: ExportRequest): void {
  const image = source.xml.ensureImage(index);
  xml.checkNameFree(request.name ?? image.name);
  const copy = xml.copyImage(image, {
    name: request.name,
    description: request.description,
    index: xml.imageCount + 1,
  });
  if (request.wimboot === true) copy.wimboot = true;
}

/** `boot`: with one image this one, with all of them the one that was bootable in the source. */
function bootIndexOf(
  request: ExportRequest,
  source: Wim,
  images: readonly number[],
  before: number,
  current: number,
): number {
  const boot = source.main.header.bootIndex;
  if (request.boot === true) {
    if (images.length === 1) return before + 1;
    if (boot === 0) throw new AppError('usage/invalid', `--boot: ${source.path} has no bootable image`);
    return before + images.indexOf(boot) + 1;
  }
  return before === 0 && images.length === source.images.length && images.length > 1 ? boot : current;
}

function report(
  path: string,
  writer: WimWriter,
  image: number,
  bytesCopied: number,
  warnings: readonly string[],
): WriteReport {
  return {
    wim: path,
    image,
    size: writer.output.position,
    bytesStored: writer.totals.storedBytes,
    bytesCopied,
    warnings: [...warnings],
  };
}

function planned(
  host: EngineHost,
  request: ExportRequest,
  source: Wim,
  images: readonly number[],
  exists: boolean,
): WriteReport {
  const { files } = host;
  const toPipe = request.destination === '-';
  const path = toPipe ? '-' : files.absolute(request.destination);
  return {
    wim: path,
    image: 0,
    size: 0,
    bytesStored: 0,
    bytesCopied: 0,
    warnings: [],
    plan: {
      steps: [
        `Take ${images.map((index) => `image ${index} "${source.xml.image(index)?.name ?? ''}"`).join(', ')} from ${source.path}`,
        exists
          ? `Add to ${path}, leaving out data it has`
          : `Make ${toPipe ? 'a pipable WIM on standard output' : path}`,
      ],
      warnings: [],
      spaceNeeded: source.main.file.size,
      spaceFree: toPipe ? null : files.freeSpace(files.directoryName(path)),
    },
  };
}
