import { AppError, CancelledError } from '../../../../src-shared/errors/appError';
import type { WriteReport } from '../../../../src-shared/model/reports';
import { readExactly } from '../../binary/byteSource';
import type { EngineHost } from '../../os';
import { storedSizes } from '../browse/storedSizes';
import { loadImage, unloadImage } from '../openWim';
import { ReferenceCounts } from '../referenceCounts';
import { ResourceFlag } from '../records/resourceHeader';
import { parseMetadata } from '../metadata/parseMetadata';
import { readWholeResource } from '../../pipeline/wholeResource';
import { partResource, type Wim, type WimImage } from '../wim';
import { copyBlobs } from '../write/copyBlobs';
import { OutputBlobs } from '../write/outputBlobs';
import { WimWriter, type WriterOptions } from '../write/wimWriter';
import { replaceFile } from '../write/wimSession';
import type { WimXml } from '../xml/wimXml';
import { blobNames } from './blobNames';
import { ProgressCounter, type VerbContext } from './common';

/** Reference counts as the file's own blob table gives them. */
export function existingReferences(wim: Wim): ReferenceCounts {
  return new ReferenceCounts(wim.blobs.referenceCount.slice(0, Math.max(wim.blobs.length, 1)));
}

/** Counts the references of all images of a WIM; trees that nobody changed are let go again. */
export function countReferences(host: EngineHost, wim: Wim): ReferenceCounts {
  const references = new ReferenceCounts();
  for (let index = 1; index <= wim.images.length; index++) {
    references.addTree(loadImage(host, wim, index));
    unloadImage(wim, index);
  }
  return references;
}

/**
 * Writes the blobs and the metadata of all images of a WIM into a new file.
 * Metadata is copied raw where nothing changed; else it is made from the tree.
 */
export async function addExistingImages(
  host: EngineHost,
  wim: Wim,
  writer: WimWriter,
  options: {
    readonly recompress: boolean;
    readonly xml: WimXml;
    readonly context?: VerbContext;
    readonly references?: ReferenceCounts;
    /** In a pipable WIM: writes the metadata of further images, which must come before all data. */
    readonly furtherMetadata?: () => Promise<void>;
  },
): Promise<{ copiedBytes: number; references: ReferenceCounts }> {
  const references = options.references ?? countReferences(host, wim);
  const rows = [...references.rows()];
  const bytes = rows.reduce((sum, row) => sum + wim.blobs.size[row], 0);
  const progress = new ProgressCounter(options.context ?? {}, host, 'Copying', rows.length, bytes);
  if (writer.options.pipable) {
    writer.writeLeadingXml(options.xml);
    for (const image of wim.images) await writeImageMetadata(host, wim, writer, image, options.recompress);
    await options.furtherMetadata?.();
  }
  const { copiedBytes, missing } = await copyBlobs(writer, wim, rows, {
    recompress: options.recompress,
    nameOf: blobNames(
      host,
      wim,
      wim.images.map((_, i) => i + 1),
      writer,
    ),
    onCopied: (count, size) => progress.add(count, size),
  });
  progress.report();
  if (missing.length > 0) {
    wim.warnings.push(`the data of ${missing.length} blobs is in none of the files given; it stays missing`);
  }
  if (!writer.options.pipable) {
    for (const image of wim.images) await writeImageMetadata(host, wim, writer, image, options.recompress);
  }
  return { copiedBytes, references };
}

/** Writes one image's metadata: as it is where it can stay so, expanded and compressed anew, or from its tree. */
export async function writeImageMetadata(
  host: EngineHost,
  wim: Wim,
  writer: WimWriter,
  image: WimImage,
  recompress: boolean,
): Promise<void> {
  if (writer.options.signal?.aborted === true) throw new CancelledError();
  const { main } = wim;
  if (image.modified || image.metadata === undefined) {
    if (image.tree === undefined) throw new AppError('internal/bug', 'a changed image without its tree');
    await writer.addMetadata(image.tree);
    return;
  }
  const { header, sha1 } = image.metadata;
  const { compression } = writer.options;
  const compressed = (header.flags & ResourceFlag.COMPRESSED) !== 0;
  const sameForm = main.pipable === writer.options.pipable && !main.pipable;
  const sameFormat =
    main.format === compression.format && (!compressed || main.chunkSize === compression.chunkSize);
  if (sameForm && sameFormat && !recompress) {
    writer.addPackedMetadata(
      readExactly(main.file, header.offset, header.storedSize, 'metadata resource'),
      header,
      sha1,
    );
    return;
  }
  const bytes = readWholeResource(host, partResource(main, header), main.file, sha1);
  await writer.addMetadata(parseMetadata(bytes, wim.blobs).tree);
}

/**
 * Makes a WIM anew under a path (its own, or another): all images, every blob that one of them names.
 */
export async function rewriteWim(
  host: EngineHost,
  wim: Wim,
  path: string,
  options: WriterOptions,
  request: { readonly bootIndex: number; readonly recompress: boolean; readonly context: VerbContext },
): Promise<WriteReport> {
  const references = countReferences(host, wim);
  assertSpace(host, wim, path, references, options);
  return replaceFile(host, path, async (file) => {
    const writer = new WimWriter(host, file, new OutputBlobs(wim.blobs), options, 0);
    const { copiedBytes } = await addExistingImages(host, wim, writer, {
      recompress: request.recompress,
      xml: wim.xml,
      context: request.context,
      references,
    });
    await writer.finish({
      xml: wim.xml,
      bootIndex: request.bootIndex,
      references: (row) => references.get(row),
    });
    return {
      wim: path,
      image: 0,
      size: file.size,
      bytesStored: writer.totals.storedBytes,
      bytesCopied: copiedBytes,
      warnings: [...wim.warnings],
    };
  });
}

/** @throws AppError `io/no-space` when a copy of the referenced blobs does not fit beside the file */
export function assertSpace(
  host: EngineHost,
  wim: Wim,
  path: string,
  references: ReferenceCounts,
  options: WriterOptions,
): void {
  const sizes = storedSizes(wim);
  let needed = 0;
  for (const row of references.rows()) needed += sizes[row];
  const free = host.files.freeSpace(host.files.directoryName(path));
  const sameFormat = options.compression.format === wim.main.format;
  if (sameFormat && needed > free) {
    throw new AppError(
      'io/no-space',
      `${path} needs about ${needed} bytes and ${free} are free; nothing was changed`,
      {
        needed,
        free,
      },
    );
  }
}
