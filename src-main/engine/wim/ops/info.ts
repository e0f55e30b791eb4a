import { AppError } from '../../../../src-shared/errors/appError';
import type { InfoRequest } from '../../../../src-shared/model/requests';
import type {
  BlobDetails,
  HeaderDetails,
  ImageSummary,
  ResourceDetails,
  WimSummary,
} from '../../../../src-shared/model/summaries';
import type { EngineHost } from '../../os';
import { BlobPlace, hex } from '../blobTable';
import { isoTime } from '../fileTime';
import { openWim } from '../openWim';
import { ResourceFlag, type ResourceHeader } from '../records/resourceHeader';
import { WimFlag, WimHeader, WimVersion } from '../records/wimHeader';
import { readWholeResource } from '../../pipeline/wholeResource';
import { partResource, type Wim } from '../wim';
import { OutputBlobs } from '../write/outputBlobs';
import { keptFlags, WimWriter } from '../write/wimWriter';
import { extendFile, replaceFile, reusableIntegrity } from '../write/wimSession';
import { addExistingImages } from './rewrite';
import { windowsInfo } from '../xml/windowsInfo';
import { chooseImage, hasIntegrity, reportWarnings, writerOptions, type VerbContext } from './common';
import { solidDetails } from './dir';

/** Changes what the request names, then tells what the WIM is. */
export async function info(
  host: EngineHost,
  request: InfoRequest,
  context: VerbContext = {},
): Promise<WimSummary> {
  const path = host.files.absolute(request.wim);
  const open = {
    verifyIntegrity: request.verifyIntegrity,
    signal: context.signal,
    onProgress: context.onProgress,
  };
  if (isEdit(request)) {
    const wim = await openWim(host, path, { ...open, writable: true });
    try {
      const edited = edit(host, wim, request);
      if (request.dryRun === true) {
        context.onWarning?.('dry run: nothing was written');
        return summarize(wim, { readOnly: edited.readOnly, bootIndex: edited.bootIndex });
      }
      await writeEdit(host, wim, request, edited, context);
    } finally {
      wim.close();
    }
  }
  const wim = await openWim(host, path, open);
  try {
    if (request.image !== undefined) chooseImageOrNone(wim, request.image);
    reportWarnings(wim, context);
    return summarize(wim);
  } finally {
    wim.close();
  }
}

function chooseImageOrNone(wim: Wim, image: NonNullable<InfoRequest['image']>): void {
  if (image !== 'all' && image !== 0) chooseImage(wim, image);
}

function isEdit(request: InfoRequest): boolean {
  return (
    request.newName !== undefined ||
    request.newDescription !== undefined ||
    (request.properties?.length ?? 0) > 0 ||
    request.boot === true ||
    request.integrity !== undefined ||
    request.readOnly !== undefined
  );
}

interface Edit {
  readonly bootIndex: number;
  readonly readOnly: boolean;
  readonly xmlChanged: boolean;
}

/** Makes the changes in memory. @throws AppError before anything is written */
function edit(host: EngineHost, wim: Wim, request: InfoRequest): Edit {
  const { header } = wim.main;
  // The same XML data stands in every part: a change of one part alone would make the set contradict itself.
  if (header.totalParts !== 1) {
    throw new AppError('wim/split', `${wim.path} is a part of a split WIM`, { path: wim.path });
  }
  const wasReadOnly = (header.flags & WimFlag.READ_ONLY) !== 0;
  const readOnly = request.readOnly ?? wasReadOnly;
  if (wasReadOnly && readOnly)
    throw new AppError('wim/read-only', `${wim.path} is marked read-only`, { path: wim.path });
  let { bootIndex } = header;
  if (request.boot === true) {
    if (request.image === undefined)
      throw new AppError('usage/invalid', '--boot needs an image; 0 makes none bootable');
    bootIndex = request.image === 0 || request.image === '0' ? 0 : chooseImage(wim, request.image);
  }
  const renames =
    request.newName !== undefined ||
    request.newDescription !== undefined ||
    (request.properties?.length ?? 0) > 0;
  if (renames) {
    const index = chooseImage(wim, request.image);
    const image = wim.xml.ensureImage(index);
    if (request.newName !== undefined) image.name = request.newName;
    if (request.newDescription !== undefined) image.description = request.newDescription;
    for (const [name, value] of request.properties ?? [])
      image.setProperty(name, value === '' ? undefined : value);
    image.lastModificationTime = host.now();
  }
  return { bootIndex, readOnly, xmlChanged: renames };
}

/**
 * Writes changed XML data behind the old and then the header. Neither blobs nor the blob table move, so that the
 * change costs a few kilobytes of space and no time; a pipable WIM is made anew, its order being fixed.
 */
async function writeEdit(
  host: EngineHost,
  wim: Wim,
  request: InfoRequest,
  edited: Edit,
  context: VerbContext,
): Promise<void> {
  const { main } = wim;
  const options = {
    ...writerOptions(
      host,
      { retainGuid: true, ...(request.integrity === undefined ? {} : { integrity: request.integrity }) },
      context,
      wim,
    ),
    flags: (keptFlags(main.header) & ~WimFlag.READ_ONLY) | (edited.readOnly ? WimFlag.READ_ONLY : 0),
    partNumber: main.header.partNumber,
    totalParts: main.header.totalParts,
    imageCount: main.header.imageCount,
    keepsSolidVersion: main.header.version === WimVersion.SOLID,
  };
  if (main.pipable) {
    await replaceFile(host, wim.path, async (file) => {
      const writer = new WimWriter(host, file, new OutputBlobs(wim.blobs), options, 0);
      const { references } = await addExistingImages(host, wim, writer, {
        recompress: false,
        xml: wim.xml,
        context,
      });
      await writer.finish({
        xml: wim.xml,
        bootIndex: edited.bootIndex,
        references: (row) => references.get(row),
      });
    });
    return;
  }
  await extendFile(
    host,
    wim,
    async (file, position) => {
      const writer = new WimWriter(host, file, new OutputBlobs(wim.blobs), options, position);
      for (const { metadata } of wim.images) if (metadata !== undefined) writer.keepMetadata(metadata);
      await writer.finish({
        xml: wim.xml,
        bootIndex: edited.bootIndex,
        references: (row) => wim.blobs.referenceCount[row],
        old: hasIntegrity(wim) ? reusableIntegrity(wim) : undefined,
        keepBlobTable: main.header.blobTable,
      });
    },
    { tablesOnly: true },
  );
}

/** A WIM in words and numbers. */
export function summarize(
  wim: Wim,
  after?: { readonly readOnly: boolean; readonly bootIndex: number },
): WimSummary {
  const { header } = wim.main;
  const flag = (bit: number): boolean => (header.flags & bit) !== 0;
  const bootIndex = after?.bootIndex ?? header.bootIndex;
  // At once: a part of a set may state 65,535 images and describe none.
  wim.xml.describeAll(header.imageCount);
  return {
    path: wim.path,
    guid: hex(header.guid),
    version: header.version,
    imageCount: header.imageCount,
    compression: wim.main.format,
    chunkSize: wim.main.chunkSize,
    partNumber: header.partNumber,
    totalParts: header.totalParts,
    bootIndex,
    size: Number(wim.xml.totalBytes),
    fileSize: wim.main.file.size,
    attributes: {
      pipable: wim.main.pipable,
      integrity: hasIntegrity(wim),
      relativeJunction: flag(WimFlag.REPARSE_FIX),
      resourceOnly: flag(WimFlag.RESOURCE_ONLY),
      metadataOnly: flag(WimFlag.METADATA_ONLY),
      readOnly: after?.readOnly ?? flag(WimFlag.READ_ONLY),
      spanned: flag(WimFlag.SPANNED),
      writeInProgress: flag(WimFlag.WRITE_IN_PROGRESS),
      solid: wim.hasSolidResources,
    },
    images: Array.from({ length: header.imageCount }, (_, i) => summarizeImage(wim, i + 1, bootIndex)),
    leftoverBytes: wim.leftoverBytes,
    warnings: [...wim.warnings],
  };
}

function summarizeImage(wim: Wim, index: number, bootIndex: number): ImageSummary {
  const image = wim.xml.ensureImage(index);
  return {
    index,
    name: image.name,
    description: image.description,
    displayName: image.displayName,
    displayDescription: image.displayDescription,
    directoryCount: Number(image.dirCount),
    fileCount: Number(image.fileCount),
    totalBytes: Number(image.totalBytes),
    hardLinkBytes: Number(image.hardLinkBytes),
    creationTime: image.creationTime === 0n ? null : isoTime(image.creationTime),
    lastModificationTime: image.lastModificationTime === 0n ? null : isoTime(image.lastModificationTime),
    flags: image.flags,
    wimboot: image.wimboot,
    bootable: bootIndex === index,
    windows: windowsInfo(image),
  };
}

/** The raw header. */
export async function headerDetails(host: EngineHost, path: string): Promise<HeaderDetails> {
  const wim = await openWim(host, host.files.absolute(path));
  try {
    const { header } = wim.main;
    return {
      magic: String.fromCharCode(...WimHeader.serialize(header).subarray(0, 8)),
      headerSize: header.headerSize,
      version: header.version,
      flags: header.flags,
      chunkSize: header.chunkSize,
      guid: hex(header.guid),
      partNumber: header.partNumber,
      totalParts: header.totalParts,
      imageCount: header.imageCount,
      bootIndex: header.bootIndex,
      blobTable: resourceDetails(header.blobTable),
      xmlData: resourceDetails(header.xmlData),
      bootMetadata: resourceDetails(header.bootMetadata),
      integrityTable: resourceDetails(header.integrity),
    };
  } finally {
    wim.close();
  }
}

function resourceDetails(header: ResourceHeader): ResourceDetails {
  return { flags: header.flags, storedSize: header.storedSize, offset: header.offset, size: header.size };
}

/** Every row of the blob table: metadata first, then the blobs as they are listed. */
export async function* blobDetails(host: EngineHost, path: string): AsyncGenerator<BlobDetails> {
  const wim = await openWim(host, host.files.absolute(path));
  try {
    const { blobs } = wim;
    for (const { metadata } of wim.images) {
      if (metadata === undefined) continue;
      const { header, sha1 } = metadata;
      yield {
        sha1: hex(sha1),
        size: header.size,
        storedSize: header.storedSize,
        offset: header.offset,
        partNumber: wim.main.header.partNumber,
        referenceCount: 1,
        compressed: (header.flags & ResourceFlag.COMPRESSED) !== 0,
        metadata: true,
        solid: false,
      };
    }
    for (let row = 0; row < blobs.length; row++) {
      yield {
        sha1: hex(blobs.sha1(row)),
        size: blobs.size[row],
        storedSize: blobs.storedSize[row],
        offset: blobs.offset[row],
        partNumber: wim.parts[blobs.part[row]].header.partNumber,
        referenceCount: blobs.referenceCount[row],
        compressed: (blobs.flags[row] & ResourceFlag.COMPRESSED) !== 0,
        metadata: false,
        solid: blobs.place[row] === BlobPlace.SOLID,
        ...solidDetails(wim, row),
      };
    }
  } finally {
    wim.close();
  }
}

/** The XML data as the file holds it. */
export async function xmlData(host: EngineHost, path: string): Promise<Uint8Array> {
  const wim = await openWim(host, host.files.absolute(path));
  try {
    return readWholeResource(host, partResource(wim.main, wim.main.header.xmlData), wim.main.file);
  } finally {
    wim.close();
  }
}
