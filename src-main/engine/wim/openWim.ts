import { AppError, FormatError } from '../../../src-shared/errors/appError';
import { readExactly } from '../binary/byteSource';
import type { CompressionFormat } from '../codec/codec';
import type { EngineHost, OpenFile } from '../os';
import { readWholeResource } from '../pipeline/wholeResource';
import { BlobTable } from './blobTable';
import { defaultChunkSize, formatOfFlags, isLegalChunkSize } from './compression';
import { parseMetadata } from './metadata/parseMetadata';
import { checkIntegrity } from './integrity';
import { readBlobTable, type BlobTableContent } from './readBlobTable';
import { ResourceFlag, type ResourceHeader } from './records/resourceHeader';
import {
  PIPABLE_MAGIC,
  WIM_HEADER_SIZE,
  WIM_MAGIC,
  WimFlag,
  WimHeader,
  WimVersion,
} from './records/wimHeader';
import { expandReferences, siblingParts } from './siblings';
import { partResource, Wim, type WimImage, type WimPart } from './wim';
import { staleTemporaries } from './write/wimSession';
import { parseWimXml, WimXml } from './xml/wimXml';
import type { Tree } from '../tree/tree';
import type { Progress } from '../../../src-shared/model/progress';

/** How a WIM is opened. */
export interface OpenOptions {
  /** Paths or globs of files that hold further blobs. */
  readonly ref?: readonly string[] | undefined;
  /** Check the integrity table, if there is one, before anything else is read. */
  readonly verifyIntegrity?: boolean | undefined;
  /** Look for the other parts of a split set beside the file; true when absent. */
  readonly siblings?: boolean;
  /** Open for changing in place. */
  readonly writable?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Largest XML data that is read, in bytes: real ones have a few kilobytes an image. */
export const MAX_XML_SIZE = 16 * 1024 * 1024;

/**
 * Opens a WIM: header, XML data and blob table are read and checked; images are loaded when asked for. The other parts
 * of a split set are found beside the first one by their names, or through `ref`.
 * @throws FormatError, AppError `wim/not-a-wim`, `wim/unsupported`, `io/not-found`
 */
export async function openWim(host: EngineHost, path: string, options: OpenOptions = {}): Promise<Wim> {
  const blobs = new BlobTable();
  const parts: WimPart[] = [];
  try {
    const main = openPart(host, path, options.writable === true);
    parts.push(main);
    if (options.verifyIntegrity === true) {
      await checkIntegrity(host, main, { signal: options.signal, onProgress: options.onProgress });
    }
    const wim = new Wim(parts, blobs, loadXml(host, main));
    if (wim.xml.isEncrypted) {
      throw new AppError(
        'wim/encrypted',
        `${path} is an encrypted ESD: Windows Update delivers such files together with the key that opens them; ` +
          'this program has no key. An ESD that was decrypted, or a WIM made by Setup from it, can be read',
        { path },
      );
    }
    const content = loadBlobs(host, main, 0, wim);
    wim.warnings.push(...content.warnings);
    addImages(wim, content);
    wim.leftoverBytes = leftover(main, content);
    if ((main.header.flags & WimFlag.WRITE_IN_PROGRESS) !== 0) {
      wim.warnings.push(
        'a program was cut off while it was adding to this file, or is adding to it now; the images listed are intact',
      );
    } else if (wim.leftoverBytes > 0) {
      wim.warnings.push(`${wim.leftoverBytes} bytes after the end belong to no image`);
    }
    for (const left of staleTemporaries(host, path)) {
      wim.warnings.push(`${left} was left by a program that was cut off, or is being written now`);
    }
    const siblings = options.siblings === false ? [] : siblingParts(host, main);
    for (const file of [...siblings, ...expandReferences(host, options.ref ?? [])]) {
      referenceFile(host, wim, file);
    }
    return wim;
  } catch (error) {
    for (const part of parts) part.file.close();
    throw error;
  }
}

/** Loads an image's tree if it is not loaded yet. Warnings go to the Wim's list. */
export function loadImage(host: EngineHost, wim: Wim, index: number): Tree {
  const image = wim.image(index);
  if (image.tree !== undefined) return image.tree;
  if (image.metadata === undefined)
    throw new AppError('internal/bug', `image ${index} has neither tree nor metadata`);
  const metadata = readWholeResource(
    host,
    partResource(wim.main, image.metadata.header),
    wim.main.file,
    image.metadata.sha1,
  );
  const { tree, warnings } = parseMetadata(metadata, wim.blobs);
  image.tree = tree;
  wim.warnings.push(...warnings.map((warning) => `image ${index}: ${warning}`));
  return tree;
}

/** Forgets a loaded tree that nobody changed, to free its memory. */
export function unloadImage(wim: Wim, index: number): void {
  const image = wim.image(index);
  if (!image.modified && image.metadata !== undefined) image.tree = undefined;
}

/** Adds the blobs of another WIM file to an opened one. Files that are among its parts already are passed over. */
function referenceFile(host: EngineHost, wim: Wim, path: string): void {
  const identity = host.files.status(path)?.identity;
  if (wim.parts.some((part) => host.files.status(part.path)?.identity === identity)) return;
  const part = openPart(host, path, false);
  try {
    loadBlobs(host, part, wim.parts.length, wim);
    wim.parts.push(part);
  } catch (error) {
    part.file.close();
    throw error;
  }
}

function openPart(host: EngineHost, path: string, writable: boolean): WimPart {
  const file = writable ? openLocked(host, path) : host.files.openRead(path);
  try {
    const header = readHeader(file);
    return { path, file, header, ...chunkFormat(header), pipable: header.magic === PIPABLE_MAGIC };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** How the resources of a WIM are compressed. @throws FormatError */
export function chunkFormat(header: WimHeader): {
  readonly format: CompressionFormat;
  readonly chunkSize: number;
} {
  const format = formatOfFlags(header.flags);
  let chunkSize = header.chunkSize;
  if (format !== 'none' && chunkSize === 0) chunkSize = defaultChunkSize(format);
  if (format !== 'none' && !isLegalChunkSize(format, chunkSize)) {
    throw new FormatError({
      structure: 'WIM header',
      field: 'chunk size',
      offset: 0x14,
      problem: `${chunkSize} bytes are not possible for ${format}`,
    });
  }
  return { format, chunkSize };
}

/**
 * Opens a file for changing. It is locked from here on: what is read of it stays true until it is changed, and a file
 * that is made anew under its name is not made of one that another program adds to meanwhile.
 */
function openLocked(host: EngineHost, path: string): OpenFile {
  const before = host.files.status(path)?.identity;
  const file = host.files.openReadWrite(path);
  try {
    file.lock();
    if (host.files.status(path)?.identity === before) return file;
    throw new AppError('wim/busy', `${path} was replaced by another program while it was opened`, { path });
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Reads and checks the header; of a pipable WIM the complete one at its end. */
export function readHeader(file: OpenFile): WimHeader {
  const first = new Uint8Array(WIM_HEADER_SIZE);
  const length = file.read(0, first);
  const magic = length < 8 ? 0n : new DataView(first.buffer).getBigUint64(0, true);
  if (magic !== WIM_MAGIC && magic !== PIPABLE_MAGIC) {
    throw new AppError('wim/not-a-wim', `${file.name} is not a WIM file`, { path: file.name });
  }
  if (length < WIM_HEADER_SIZE) {
    throw new FormatError(
      {
        structure: 'WIM header',
        offset: 0,
        problem: `${length} bytes, the header has ${WIM_HEADER_SIZE} (${file.name})`,
      },
      'wim/truncated',
    );
  }
  let base = 0;
  let header = WimHeader.parse(first);
  if (magic === PIPABLE_MAGIC && header.blobTable.offset === 0) {
    base = file.size - WIM_HEADER_SIZE;
    header = WimHeader.parse(readExactly(file, base, WIM_HEADER_SIZE, 'WIM header'), base);
    if (header.magic !== PIPABLE_MAGIC) {
      throw new FormatError(
        {
          structure: 'WIM header',
          offset: base,
          problem: 'a pipable WIM without its second header at the end',
        },
        'wim/truncated',
      );
    }
  }
  checkHeader(header, base);
  return header;
}

/** @param base file offset of the header @throws FormatError, AppError `wim/unsupported` */
export function checkHeader(header: WimHeader, base: number): void {
  const fail = (field: string, at: number, problem: string): never => {
    throw new FormatError({ structure: 'WIM header', field, offset: base + at, problem });
  };
  if (header.version !== WimVersion.DEFAULT && header.version !== WimVersion.SOLID) {
    throw new AppError(
      'wim/unsupported',
      `WIM version 0x${header.version.toString(16)} is not known; this program reads 0x10d00 and 0xe00`,
    );
  }
  if (header.partNumber === 0 || header.partNumber > header.totalParts) {
    fail('part number', 0x28, `part ${header.partNumber} of ${header.totalParts}`);
  }
  if (header.bootIndex > header.imageCount) {
    fail('boot index', 0x78, `image ${header.bootIndex} of ${header.imageCount}`);
  }
  if (header.imageCount > 0xffff) fail('image count', 0x2c, `${header.imageCount} images`);
}

function loadBlobs(host: EngineHost, part: WimPart, index: number, wim: Wim): BlobTableContent {
  const { header, file } = part;
  if (header.blobTable.size === 0) return { metadata: [], warnings: [], resourcesEnd: WIM_HEADER_SIZE };
  const bytes = readWholeResource(host, partResource(part, header.blobTable), file);
  return readBlobTable(bytes, header, index, file, wim.blobs, wim.solids);
}

function loadXml(host: EngineHost, part: WimPart): WimXml {
  const { header, file } = part;
  if (header.xmlData.size === 0) return new WimXml();
  if (header.xmlData.size > MAX_XML_SIZE) {
    throw new FormatError({
      structure: 'WIM header',
      field: 'XML data',
      offset: 0x48,
      problem: `${header.xmlData.size} bytes of XML`,
    });
  }
  return parseWimXml(readWholeResource(host, partResource(part, header.xmlData), file), {
    maxBytes: MAX_XML_SIZE,
  });
}

function addImages(wim: Wim, content: BlobTableContent): void {
  const { header } = wim.main;
  if (header.partNumber !== 1) return;
  if (content.metadata.length > header.imageCount) {
    wim.warnings.push(
      `${content.metadata.length} metadata resources for ${header.imageCount} images; the rest is ignored`,
    );
  }
  if (content.metadata.length < header.imageCount) {
    throw new FormatError({
      structure: 'blob table',
      offset: header.blobTable.offset,
      problem: `${content.metadata.length} metadata resources for ${header.imageCount} images`,
    });
  }
  const images: WimImage[] = content.metadata
    .slice(0, header.imageCount)
    .map((metadata) => ({ metadata, tree: undefined, modified: false }));
  wim.images.push(...images);
  wim.warnings.push(...wim.xml.problems(images.length));
}

function leftover({ header, file, pipable }: WimPart, content: BlobTableContent): number {
  const end = (resource: ResourceHeader): number => resource.offset + resource.storedSize;
  const last = Math.max(
    content.resourcesEnd,
    end(header.blobTable),
    end(header.xmlData),
    end(header.integrity),
    WIM_HEADER_SIZE,
  );
  return Math.max(0, file.size - last - (pipable ? WIM_HEADER_SIZE : 0));
}

/** Flags of a resource header that a new resource takes over from an old one that is copied raw. */
export function copiedFlags(flags: number): number {
  return flags & (ResourceFlag.COMPRESSED | ResourceFlag.METADATA);
}
