import { AppError } from '../../../src-shared/errors/appError';
import type { CompressionFormat } from '../codec/codec';
import type { OpenFile } from '../os';
import type { ResourceLocation } from '../pipeline/tasks';
import type { Tree } from '../tree/tree';
import { BlobPlace, type BlobTable } from './blobTable';
import { ResourceFlag, type ResourceHeader } from './records/resourceHeader';
import type { WimHeader } from './records/wimHeader';
import type { SolidResource } from './solidRuns';
import type { WimXml } from './xml/wimXml';

/** A file that a WIM was opened from: the WIM itself, another part of its set, or a referenced WIM. */
export interface WimPart {
  readonly path: string;
  readonly file: OpenFile;
  readonly header: WimHeader;
  readonly format: CompressionFormat;
  readonly chunkSize: number;
  readonly pipable: boolean;
}

/** An image: its metadata resource, and its tree once somebody asked for it. */
export interface WimImage {
  /** Where the metadata lies, in part 0; undefined for an image that was not written yet. */
  readonly metadata: { readonly header: ResourceHeader; readonly sha1: Uint8Array } | undefined;
  /** Set when loaded or made. */
  tree: Tree | undefined;
  /** The tree differs from what `metadata` holds. */
  modified: boolean;
}

/** An opened WIM. Part 0 is the file that was named; all parts stay open until {@link close}. */
export class Wim {
  readonly images: WimImage[] = [];
  readonly warnings: string[] = [];
  /** Bytes after the last table: what an interrupted append left. */
  leftoverBytes = 0;
  /** Resources that hold the data of many blobs, of all parts. */
  readonly solids: SolidResource[] = [];

  constructor(
    readonly parts: WimPart[],
    readonly blobs: BlobTable,
    readonly xml: WimXml,
  ) {}

  get main(): WimPart {
    return this.parts[0];
  }

  get path(): string {
    return this.main.path;
  }

  /** Whether blobs lie in solid resources. */
  get hasSolidResources(): boolean {
    return this.solids.length > 0;
  }

  /** Stored bytes of all solid resources. */
  get solidBytes(): number {
    return this.solids.reduce((sum, { storedSize }) => sum + storedSize, 0);
  }

  /** Where a worker finds a blob. @throws AppError `wim/missing-blob` */
  resourceOf(blob: number): ResourceLocation {
    const { blobs } = this;
    switch (blobs.place[blob]) {
      case BlobPlace.RESOURCE:
        return partResource(this.parts[blobs.part[blob]], {
          offset: blobs.offset[blob],
          storedSize: blobs.storedSize[blob],
          size: blobs.size[blob],
          flags: blobs.flags[blob],
        });
      case BlobPlace.SOLID:
        return solidLocation(
          this.parts[blobs.part[blob]],
          this.solids[blobs.solid[blob]],
          blobs.offset[blob],
          blobs.size[blob],
        );
      default:
        throw new AppError('wim/missing-blob', `${this.path} does not hold all data of its images`, {
          wim: this.path,
        });
    }
  }

  /** @throws AppError `wim/no-such-image` */
  image(index: number): WimImage {
    if (index < 1 || index > this.images.length) {
      throw new AppError('wim/no-such-image', `${this.path} has no image ${index}`, {
        images: this.images.length,
      });
    }
    return this.images[index - 1];
  }

  close(): void {
    for (const part of this.parts) part.file.close();
  }
}

/** A part of a solid resource as a location that a worker can open. */
function solidLocation(part: WimPart, solid: SolidResource, start: number, size: number): ResourceLocation {
  const { offset, storedSize, format, chunkSize } = solid;
  const range = { start, size: solid.size };
  return { file: part.path, offset, storedSize, size, format, chunkSize, pipable: false, solid: range };
}

/** A resource header of a part as a location that a worker can open. */
export function partResource(part: WimPart, header: ResourceHeader): ResourceLocation {
  return {
    file: part.path,
    offset: header.offset,
    storedSize: header.storedSize,
    size: header.size,
    format: (header.flags & ResourceFlag.COMPRESSED) === 0 ? 'none' : part.format,
    chunkSize: part.chunkSize,
    pipable: part.pipable,
  };
}
