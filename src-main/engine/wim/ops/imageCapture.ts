import { AppError } from '../../../../src-shared/errors/appError';
import type { CaptureReport } from '../../../../src-shared/model/reports';
import type { CaptureRequest } from '../../../../src-shared/model/requests';
import type { EngineHost } from '../../os';
import type { ScanResult, TreeSource } from '../../tree/source';
import type { Exclusions } from '../../tree/exclusions/exclusionMatcher';
import { loadImage } from '../openWim';
import type { ReferenceCounts } from '../referenceCounts';
import type { Wim } from '../wim';
import { copyBlobs } from '../write/copyBlobs';
import { serializeMetadata, type TreeCounts } from '../metadata/serializeMetadata';
import type { WimWriter } from '../write/wimWriter';
import { StreamCollector } from './captureStreams';
import { ProgressCounter, type VerbContext } from './common';
import { reuseUnchanged } from './updateOf';

/** One image on its way from a scanned tree into a file. */
export class ImageCapture {
  private readonly collector: StreamCollector;
  private readonly path: string;
  private reused = 0;
  private copiedBytes = 0;
  private counts = { directories: 0, files: 0 };

  constructor(
    private readonly host: EngineHost,
    request: CaptureRequest,
    input: { readonly source: TreeSource; readonly matcher: Exclusions | undefined },
    private readonly context: VerbContext,
    private readonly wim: Wim,
    private readonly scan: ScanResult,
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
    const count = (streams: number, size: number, path: () => string): void =>
      progress.add(streams, size, path);
    await writer.store(this.collector.streams(), count);
    const { copiedBytes, missing } = await copyBlobs(writer, this.wim, this.collector.reusedBlobs(), {
      recompress: false,
    });
    this.copiedBytes = copiedBytes;
    if (missing.length > 0) {
      throw new AppError(
        'wim/missing-blob',
        `${missing.length} blobs of the earlier image are in none of the files given`,
      );
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
      ...(this.scan.damaged === undefined ? {} : { damaged: this.scan.damaged }),
      changed: this.collector.changed,
      warnings,
    };
  }
}
