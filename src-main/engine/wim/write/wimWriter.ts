import { CancelledError } from '../../../../src-shared/errors/appError';
import type { Progress } from '../../../../src-shared/model/progress';
import type { ThreadNeed } from '../../memoryBudget';
import type { EngineHost, OpenFile } from '../../os';
import type { Compression, TaskRunner } from '../../pipeline/tasks';
import type { Tree } from '../../tree/tree';
import { flagsOfFormat } from '../compression';
import { makeIntegrityTable, type IntegrityTable } from '../integrity';
import { serializeMetadata, type TreeCounts } from '../metadata/serializeMetadata';
import { NO_RESOURCE, ResourceFlag, type ResourceHeader } from '../records/resourceHeader';
import {
  PIPABLE_MAGIC,
  WIM_HEADER_SIZE,
  WIM_MAGIC,
  WimFlag,
  WimHeader,
  WimVersion,
} from '../records/wimHeader';
import { serializeWimXml, type WimXml } from '../xml/wimXml';
import { serializeBlobTable } from './blobTableOutput';
import { type OutputBlobs } from './outputBlobs';
import { ResourceOutput, writePacked } from './resourceOutput';
import { storeMetadata, type WrittenMetadata } from './storeMetadata';
import { writerThreads } from './writerThreads';
import { storeSolid } from './storeSolid';
import { storeStreams, type StoredCallback, type StoreTotals } from './storeStreams';
import type { StreamToStore } from './streamToStore';

/** What the new file is like. */
export interface WriterOptions {
  readonly compression: Compression;
  readonly pipable: boolean;
  /** Whether an integrity table is written. */
  readonly integrity: boolean;
  readonly guid: Uint8Array;
  readonly partNumber: number;
  readonly totalParts: number;
  /** WimFlag bits besides those of the compression and of the parts. */
  readonly flags: number;
  /** Images that the header counts where they are not those written: in a part of a set that holds no metadata. */
  readonly imageCount?: number;
  readonly threads: number;
  /** Bytes that threads may use; undefined: half of the machine's memory. */
  readonly memory?: number | undefined;
  /** What it takes to read the WIM that data comes from. */
  readonly readingNeeds?: readonly ThreadNeed[] | undefined;
  /** New data goes into solid resources. */
  readonly solid?: SolidChoice | undefined;
  /** The file being changed has the header version of files with solid resources: it keeps it. */
  readonly keepsSolidVersion?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** How solid resources are made. */
export interface SolidChoice {
  readonly compression: Compression;
  /** Bring files of a kind together. */
  readonly sort: boolean;
  /** A person asked for this compression: what is compressed otherwise is not copied as it is. */
  readonly asked: boolean;
}

/**
 * Writes the parts of a WIM in the order the caller asks for them: blobs, metadata, then {@link finish}. Used for new
 * files and for adding to the end of an existing one alike; what happens to the old bytes is the caller's.
 */
export class WimWriter {
  readonly output: ResourceOutput;
  readonly metadata: WrittenMetadata[] = [];
  readonly totals: StoreTotals = { bytes: 0, duplicateBytes: 0, newBytes: 0, storedBytes: 0 };
  private started: TaskRunner | undefined;

  /** @param position where writing begins: 0 for a new file, the end of an existing one */
  constructor(
    readonly host: EngineHost,
    readonly file: OpenFile,
    readonly settled: OutputBlobs,
    readonly options: WriterOptions,
    position: number,
  ) {
    this.output = new ResourceOutput(file, position, options.pipable);
    // A pipe tells its images in its first header, which is written when they are known: with the leading XML data.
    if (position === 0 && !options.pipable)
      this.output.write(WimHeader.serialize(this.header({ inProgress: true })));
  }

  get runner(): TaskRunner {
    this.started ??= this.host.taskRunner(writerThreads(this.host, this.options));
    return this.started;
  }

  /** Stores streams, each blob once. */
  async store(streams: Iterable<StreamToStore>, onStored?: StoredCallback): Promise<void> {
    const { solid, signal } = this.options;
    if (solid === undefined) return this.storeApart(streams, onStored);
    const options = { compression: solid.compression, sort: solid.sort, signal, onStored };
    const { totals, leftovers } = await storeSolid(
      this.host,
      this.runner,
      streams,
      this.output,
      this.settled,
      options,
    );
    this.addTotals(totals);
    if (leftovers.length > 0) await this.storeApart(leftovers, onStored);
  }

  /** Stores each blob as a resource of its own. */
  private async storeApart(streams: Iterable<StreamToStore>, onStored?: StoredCallback): Promise<void> {
    const totals = await storeStreams(this.host, this.runner, streams, this.output, this.settled, {
      compression: this.options.compression,
      signal: this.options.signal,
      onStored,
    });
    this.addTotals(totals);
  }

  private addTotals(totals: StoreTotals): void {
    this.totals.bytes += totals.bytes;
    this.totals.duplicateBytes += totals.duplicateBytes;
    this.totals.newBytes += totals.newBytes;
    this.totals.storedBytes += totals.storedBytes;
  }

  /** Writes an image's metadata from its tree. */
  async addMetadata(tree: Tree): Promise<TreeCounts> {
    const serialized = serializeMetadata(tree, this.settled.blobs);
    this.metadata.push(await storeMetadata(this, serialized));
    return serialized.counts;
  }

  /** Writes metadata that lies in memory as a resource already (copied from another file). */
  addPackedMetadata(packed: Uint8Array, header: ResourceHeader, sha1: Uint8Array): void {
    const written = writePacked(this.output, packed, {
      sha1,
      size: header.size,
      compressed: (header.flags & ResourceFlag.COMPRESSED) !== 0,
      chunkSize: this.options.compression.chunkSize,
      flags: ResourceFlag.METADATA,
    });
    this.metadata.push({ header: written, sha1 });
  }

  /** Keeps metadata that stays where it is in the file (append). */
  keepMetadata(metadata: WrittenMetadata): void {
    this.metadata.push(metadata);
  }

  /** Begins a pipable WIM: header and a copy of the XML data, which a reader of a pipe wants before the images. */
  writeLeadingXml(xml: WimXml): void {
    if (!this.options.pipable) return;
    this.output.write(WimHeader.serialize(this.header({ imageCount: xml.imageCount })));
    xml.setTotalBytes(undefined);
    this.writePlain(serializeWimXml(xml), ResourceFlag.METADATA);
  }

  /**
   * Writes blob table, XML data, integrity table and, after everything else has reached the disk, the header.
   * @param old integrity table of the file before the append
   */
  async finish(end: {
    readonly xml: WimXml;
    readonly bootIndex: number;
    readonly references: (row: number) => number;
    readonly old?: { readonly table: IntegrityTable; readonly end: number } | undefined;
    /** The blob table stays where it is: no blob and no metadata was added. */
    readonly keepBlobTable?: ResourceHeader | undefined;
    /** The XML data stays as it is: all parts of a set have the same. */
    readonly keepXml?: boolean;
    /** Called when the file is complete but for its header. */
    readonly beforeHeader?: () => void;
  }): Promise<void> {
    const { output, file, host, options } = this;
    const blobTable =
      end.keepBlobTable ??
      this.writePlain(
        serializeBlobTable(this.settled, this.metadata, options.partNumber, end.references),
        ResourceFlag.METADATA,
      );
    const tableEnd = blobTable.offset + blobTable.storedSize;
    if (end.keepBlobTable === undefined && end.keepXml !== true) end.xml.setTotalBytes(output.position);
    const xmlData = this.writePlain(serializeWimXml(end.xml), ResourceFlag.METADATA);
    let integrity: ResourceHeader = { ...NO_RESOURCE };
    if (options.integrity) {
      const bytes = await makeIntegrityTable(host, file, tableEnd, end.old, options);
      // The one table without a header of its own in a pipable WIM, too.
      integrity = { offset: output.position, storedSize: bytes.length, size: bytes.length, flags: 0 };
      output.write(bytes);
    }
    if (options.signal?.aborted === true) throw new CancelledError();
    const header = this.header({
      blobTable,
      xmlData,
      integrity,
      bootIndex: end.bootIndex,
      bootMetadata: end.bootIndex === 0 ? undefined : this.metadata.at(end.bootIndex - 1)?.header,
    });
    const bytes = WimHeader.serialize(header);
    if (options.pipable) {
      output.write(bytes);
      file.flush();
      return;
    }
    file.flush();
    end.beforeHeader?.();
    output.patch(0, bytes);
    file.flush();
  }

  /** Writes bytes as an uncompressed resource without a pipable header: the tables. */
  private writePlain(bytes: Uint8Array, flags: number): ResourceHeader {
    if (this.output.pipable) return this.writePipableTable(bytes, flags);
    const offset = this.output.position;
    this.output.write(bytes);
    return { offset, storedSize: bytes.length, size: bytes.length, flags };
  }

  /** Blob table and XML data of a pipable WIM carry the header that every resource in it has. */
  private writePipableTable(bytes: Uint8Array, flags: number): ResourceHeader {
    this.output.beginPipable(this.host.sha1.digest(bytes), bytes.length, flags);
    const offset = this.output.position;
    this.output.write(bytes);
    return { offset, storedSize: bytes.length, size: bytes.length, flags };
  }

  /** Programs that know neither LZMS nor solid resources refuse a file by its version. */
  private version(): number {
    const { solid, compression, keepsSolidVersion } = this.options;
    const isSolid = solid !== undefined || this.settled.hasSolids || keepsSolidVersion === true;
    return isSolid || compression.format === 'lzms' ? WimVersion.SOLID : WimVersion.DEFAULT;
  }

  private header(known: {
    readonly inProgress?: boolean;
    readonly imageCount?: number;
    readonly blobTable?: ResourceHeader;
    readonly xmlData?: ResourceHeader;
    readonly integrity?: ResourceHeader;
    readonly bootIndex?: number;
    readonly bootMetadata?: ResourceHeader | undefined;
  }): WimHeader {
    const { options } = this;
    return {
      magic: options.pipable ? PIPABLE_MAGIC : WIM_MAGIC,
      headerSize: WIM_HEADER_SIZE,
      version: this.version(),
      flags:
        flagsOfFormat(options.compression.format) |
        options.flags |
        (options.totalParts > 1 ? WimFlag.SPANNED : 0) |
        (known.inProgress === true && !options.pipable ? WimFlag.WRITE_IN_PROGRESS : 0),
      chunkSize: options.compression.format === 'none' ? 0 : options.compression.chunkSize,
      guid: options.guid,
      partNumber: options.partNumber,
      totalParts: options.totalParts,
      imageCount: known.imageCount ?? options.imageCount ?? this.metadata.length,
      blobTable: { ...(known.blobTable ?? NO_RESOURCE) },
      xmlData: { ...(known.xmlData ?? NO_RESOURCE) },
      bootMetadata: { ...(known.bootMetadata ?? NO_RESOURCE) },
      bootIndex: known.bootIndex ?? 0,
      integrity: { ...(known.integrity ?? NO_RESOURCE) },
      unused: new Uint8Array(60),
    };
  }
}

/** The part of a WIM's header flags that survives a rewrite. */
export function keptFlags(header: WimHeader): number {
  return header.flags & (WimFlag.REPARSE_FIX | WimFlag.READ_ONLY);
}
