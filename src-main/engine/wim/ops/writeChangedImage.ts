import { AppError } from '../../../../src-shared/errors/appError';
import type { WriteReport } from '../../../../src-shared/model/reports';
import type { EngineHost } from '../../os';
import type { Tree } from '../../tree/tree';
import { BlobPlace } from '../blobTable';
import { serializeMetadata, type TreeCounts } from '../metadata/serializeMetadata';
import { loadImage, unloadImage } from '../openWim';
import { ReferenceCounts } from '../referenceCounts';
import type { Wim } from '../wim';
import { copyBlobs } from '../write/copyBlobs';
import { OutputBlobs } from '../write/outputBlobs';
import type { StreamToStore } from '../write/streamToStore';
import { WimWriter, type WriterOptions } from '../write/wimWriter';
import { extendFile, replaceFile, reusableIntegrity } from '../write/wimSession';
import type { AddedTree } from './addedTree';
import { hasIntegrity, ProgressCounter, type VerbContext } from './common';
import type { ImageEdits } from './imageEdits';
import { assertSpace, writeImageMetadata } from './rewrite';

/** An image whose tree was changed, with sources whose data is not stored yet. */
export interface ChangedImage {
  /** 1-based. */
  readonly index: number;
  readonly tree: Tree;
  readonly edits: ImageEdits;
  readonly added: readonly AddedTree[];
  readonly options: WriterOptions;
  /** Add to the end of the file instead of making it anew. */
  readonly inPlace: boolean;
  readonly recompress: boolean;
  readonly context: VerbContext;
}

/** Stores the data that a changed image needs, its metadata and new tables. */
export async function writeChangedImage(
  host: EngineHost,
  wim: Wim,
  image: ChangedImage,
): Promise<WriteReport> {
  return new ImageWriting(host, wim, image).run();
}

class ImageWriting {
  private readonly settled: OutputBlobs;
  /** Of the other images; the changed one is counted when its tree is complete. */
  private readonly references = new ReferenceCounts();
  private copiedBytes = 0;

  constructor(
    private readonly host: EngineHost,
    private readonly wim: Wim,
    private readonly image: ChangedImage,
  ) {
    this.settled = new OutputBlobs(wim.blobs, wim.solids);
    // The stored counts are not relied upon: files of other programs have odd ones.
    for (let index = 1; index <= wim.images.length; index++) {
      if (index === image.index) continue;
      this.references.addTree(loadImage(host, wim, index));
      unloadImage(wim, index);
    }
    wim.image(image.index).modified = true;
  }

  async run(): Promise<WriteReport> {
    const { wim, image, host, settled } = this;
    this.omitReferencedFiles();
    if (image.inPlace) {
      settled.keepPart(0);
      return extendFile(host, wim, async (file, position) => {
        const writer = new WimWriter(host, file, settled, image.options, position);
        await this.store(writer);
        await this.writeMetadata(writer);
        return this.finish(writer, hasIntegrity(wim) ? reusableIntegrity(wim) : undefined);
      });
    }
    const existing = this.existingBlobs();
    assertSpace(host, wim, wim.path, existing, image.options);
    return replaceFile(host, wim.path, async (file) => {
      const writer = new WimWriter(host, file, settled, image.options, 0);
      if (image.options.pipable) {
        await this.hash(writer);
        writer.writeLeadingXml(wim.xml);
        await this.writeMetadata(writer);
      }
      await this.copy(writer, existing);
      await this.store(writer);
      if (!image.options.pipable) await this.writeMetadata(writer);
      return this.finish(writer, undefined);
    });
  }

  /** Blobs of files that were named by --ref stay there: the WIM is a delta. */
  private omitReferencedFiles(): void {
    const { blobs } = this.wim;
    for (let row = 0; row < blobs.length; row++) {
      if (blobs.place[row] !== BlobPlace.MISSING && blobs.part[row] !== 0) this.settled.omit(row);
    }
  }

  /** Blobs that the images name before anything new is read. */
  private existingBlobs(): ReferenceCounts {
    const existing = new ReferenceCounts();
    for (const row of this.references.rows()) existing.add(row, 1);
    existing.addTree(this.image.tree);
    return existing;
  }

  private async copy(writer: WimWriter, existing: ReferenceCounts): Promise<void> {
    const { wim, host, image } = this;
    const rows = [...existing.rows()];
    const bytes = rows.reduce((sum, row) => sum + wim.blobs.size[row], 0);
    const progress = new ProgressCounter(image.context, host, 'Copying', rows.length, bytes);
    const { copiedBytes, missing } = await copyBlobs(writer, wim, rows, {
      recompress: image.recompress,
      onCopied: (count, size) => progress.add(count, size),
    });
    progress.report();
    this.copiedBytes = copiedBytes;
    if (missing.length > 0) {
      wim.warnings.push(
        `the data of ${missing.length} blobs is in none of the files given; it stays missing`,
      );
    }
  }

  /** Finds every hash before anything is written: a reader of a pipe gets the metadata first. */
  private async hash(writer: WimWriter): Promise<void> {
    for (const added of this.image.added) await added.collector.hashAll(writer);
    this.settle();
    this.setCounts(serializeMetadata(this.image.tree, writer.settled.blobs).counts);
  }

  private async store(writer: WimWriter): Promise<void> {
    const { host, image } = this;
    const totals = image.added.map((added) => added.totals());
    const streams = totals.reduce((sum, one) => sum + one.streams, 0);
    const bytes = totals.reduce((sum, one) => sum + one.bytes, 0);
    const progress = new ProgressCounter(image.context, host, 'Archiving', streams, bytes);
    await writer.store(this.streams(), (count, size, path) => progress.add(count, size, path));
    progress.report();
    if (!image.options.pipable) this.settle();
  }

  private *streams(): Generator<StreamToStore> {
    for (const { collector } of this.image.added) yield* collector.streams();
  }

  private settle(): void {
    for (const added of this.image.added) added.settle(this.image.edits);
  }

  private async writeMetadata(writer: WimWriter): Promise<void> {
    const { wim, host, image } = this;
    for (const [i, one] of wim.images.entries()) {
      if (i + 1 === image.index) {
        this.setCounts(await writer.addMetadata(image.tree));
      } else if (!image.inPlace) {
        await writeImageMetadata(host, wim, writer, one, image.recompress);
      } else if (one.metadata === undefined) {
        throw new AppError('internal/bug', 'an image without metadata');
      } else {
        writer.keepMetadata(one.metadata);
      }
    }
  }

  private setCounts(counts: TreeCounts): void {
    const xml = this.wim.xml.ensureImage(this.image.index);
    xml.setCounts({
      dirCount: counts.directories,
      fileCount: counts.files,
      totalBytes: counts.totalBytes,
      hardLinkBytes: counts.hardLinkBytes,
    });
    xml.lastModificationTime = this.host.now();
  }

  private async finish(writer: WimWriter, old: ReturnType<typeof reusableIntegrity>): Promise<WriteReport> {
    const { wim, image, references } = this;
    references.addTree(image.tree);
    this.settled.keepOnly((row) => references.get(row) > 0);
    await writer.finish({
      xml: wim.xml,
      bootIndex: wim.main.header.bootIndex,
      references: (row) => references.get(row),
      old,
    });
    return {
      wim: wim.path,
      image: image.index,
      size: writer.output.position,
      bytesStored: writer.totals.storedBytes,
      bytesCopied: this.copiedBytes,
      warnings: [...wim.warnings],
    };
  }
}
