import { AppError, CancelledError } from '../../../src-shared/errors/appError';
import type { WimSummary } from '../../../src-shared/model/summaries';
import type { EngineHost } from '../../engine/os';
import { runInSlices, type Cancel } from '../../engine/steps';
import type { Tree } from '../../engine/tree/tree';
import { bytesOnlyInImages, type OwnersOptions } from '../../engine/wim/browse/blobOwners';
import { ImageContents } from '../../engine/wim/browse/imageContents';
import { findByName, namesOfPath } from '../../engine/wim/browse/lookup';
import { loadInSlices } from '../../engine/wim/loadInSlices';
import { glimpseDirectory, type DirectoryGlimpse } from '../../engine/wim/metadata/parseMetadata';
import { openWim } from '../../engine/wim/openWim';
import { summarize } from '../../engine/wim/ops/info';
import type { Wim } from '../../engine/wim/wim';
import { TransientFiles } from './transientFiles';

/** An image that is loaded or on its way. */
interface LoadedImage {
  /** The tree with what belongs to it; rejects when the image cannot be read. */
  readonly contents: Promise<ImageContents>;
  /** The tree, once it is there. */
  loaded: ImageContents | undefined;
  /** The expanded metadata, while the tree is being made of it. */
  metadata: Uint8Array | undefined;
  /** Settles when {@link metadata} is there, or the load has failed. */
  readonly expanded: Promise<void>;
  /** Directories that were read by themselves meanwhile. */
  readonly glimpses: Map<string, DirectoryGlimpse>;
}

/** Directories read by themselves that are kept while an image is loaded. */
const KEPT_GLIMPSES = 8;

/** What a session tells those who bound the memory of all. */
export interface SessionEvents {
  /** An image's tree was loaded or used. */
  onUse(session: WimSession, index: number, entries: number): void;
}

/** An opened WIM with the trees of its images. No file is open between requests. */
export class WimSession {
  readonly summary: WimSummary;
  private readonly images = new Map<number, LoadedImage>();
  private onlyHere: Promise<readonly number[]> | undefined;
  private ended = false;

  private constructor(
    readonly host: EngineHost,
    readonly wim: Wim,
    private readonly files: TransientFiles,
    private readonly events: SessionEvents,
  ) {
    this.summary = summarize(wim);
  }

  /** @throws as `openWim` */
  static async open(
    host: EngineHost,
    path: string,
    ref: readonly string[],
    events: SessionEvents,
  ): Promise<WimSession> {
    const files = new TransientFiles(host.files);
    const own: EngineHost = {
      ...host,
      files: files.fileSystem,
      // Whatever pauses leaves no file open meanwhile.
      breathe: () => {
        files.release();
        return host.breathe();
      },
    };
    try {
      return new WimSession(own, await openWim(own, path, { ref }), files, events);
    } finally {
      files.release();
    }
  }

  /** @throws AppError `session/closed` when one of the files was changed or is gone */
  check(): void {
    if (this.ended) throw new AppError('session/closed', `${this.wim.path} is not open any more`);
    this.files.check();
  }

  /** Works with the WIM at once; files are open only meanwhile. */
  use<T>(work: (wim: Wim) => T): T {
    try {
      return work(this.wim);
    } finally {
      this.files.release();
    }
  }

  /** An image's tree, loaded when it is not. @throws FormatError, AppError `wim/no-such-image` */
  async contents(index: number, signal?: Cancel): Promise<ImageContents> {
    const contents = await this.load(index).contents;
    if (signal?.aborted === true) throw new CancelledError();
    this.events.onUse(this, index, contents.tree.entryCount);
    return contents;
  }

  /** An image's tree for the caller alone. @throws CancelledError, and as {@link contents} */
  async loadAlone(index: number, signal: Cancel): Promise<Tree> {
    try {
      return await loadInSlices(this.host, this.wim, index, { signal });
    } finally {
      this.files.release();
    }
  }

  /** The tree if it is loaded. */
  loaded(index: number): Tree | undefined {
    return this.images.get(index)?.loaded?.tree;
  }

  /** Begins to load an image, for the one who will ask for it next. */
  prepare(index: number): void {
    // A fault is told to who asks for the image.
    this.load(index).contents.catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
    });
  }

  /**
   * A directory of an image that is still being loaded, read by itself as soon as the metadata is expanded; undefined
   * when the whole tree is there.
   * @throws as {@link contents}
   */
  async glimpse(index: number, path: string): Promise<DirectoryGlimpse | undefined> {
    const image = this.load(index);
    await image.expanded;
    if (image.metadata === undefined) return undefined;
    const names = namesOfPath(path);
    const key = names.join('/');
    let glimpse = image.glimpses.get(key);
    if (glimpse === undefined) {
      glimpse = glimpseDirectory(image.metadata, this.wim.blobs, names, findByName);
      if (image.glimpses.size >= KEPT_GLIMPSES) image.glimpses.clear();
      image.glimpses.set(key, glimpse);
    }
    return glimpse;
  }

  /** For each image the stored bytes that only it names; reckoned once. @throws CancelledError */
  async bytesOnlyInImages(options: OwnersOptions = {}): Promise<readonly number[]> {
    for (;;) {
      try {
        return await (this.onlyHere ??= this.reckonOwners(options));
      } catch (error) {
        this.onlyHere = undefined;
        // Another one began it, and gave it up.
        const isOthers = error instanceof CancelledError && options.signal?.aborted !== true;
        if (!isOthers) throw error;
      }
    }
  }

  private async reckonOwners(options: OwnersOptions): Promise<readonly number[]> {
    try {
      const loaded = (index: number): Tree | undefined => this.loaded(index);
      return await bytesOnlyInImages(this.host, this.wim, { ...options, loaded });
    } finally {
      this.files.release();
    }
  }

  /** Forgets an image's tree; it is loaded again when it is asked for. */
  unload(index: number): void {
    this.images.delete(index);
  }

  close(): void {
    this.ended = true;
    this.images.clear();
    this.wim.close();
  }

  private load(index: number): LoadedImage {
    const present = this.images.get(index);
    if (present !== undefined) return present;
    // Without such an image nothing is kept.
    this.wim.image(index);
    let isExpanded = (): void => undefined;
    const expanded = new Promise<void>((resolve) => {
      isExpanded = resolve;
    });
    const contents = this.loadContents(index, (metadata) => {
      image.metadata = metadata;
      isExpanded();
    });
    const image: LoadedImage = {
      contents,
      loaded: undefined,
      metadata: undefined,
      expanded,
      glimpses: new Map(),
    };
    this.images.set(index, image);
    const settle = (): void => {
      image.metadata = undefined;
      image.glimpses.clear();
      isExpanded();
    };
    contents.then(
      (loaded) => {
        settle();
        image.loaded = loaded;
        this.events.onUse(this, index, loaded.tree.entryCount);
      },
      () => {
        settle();
        if (this.images.get(index) === image) this.images.delete(index);
      },
    );
    return image;
  }

  private async loadContents(
    index: number,
    onMetadata: (metadata: Uint8Array) => void,
  ): Promise<ImageContents> {
    // The one who asked is answered first.
    await this.host.breathe();
    try {
      const contents = new ImageContents(await loadInSlices(this.host, this.wim, index, { onMetadata }));
      void runInSlices(this.host, contents.prepare());
      return contents;
    } finally {
      this.files.release();
    }
  }
}
