import type { CompareSide } from '../../../src-shared/contract/compare';
import { AppError } from '../../../src-shared/errors/appError';
import type { Progress } from '../../../src-shared/model/progress';
import type { JobSignal } from '../../../src-shared/rpc/jobs';
import { OpenExtentFiles } from '../../engine/disk/volumes/extentFiles';
import { type OpenedVolume, openVolume } from '../../engine/disk/volumes/openVolume';
import type { EngineHost } from '../../engine/os';
import { ExtentReader } from '../../engine/pipeline/readExtents';
import type { StreamLocation } from '../../engine/pipeline/tasks';
import { FileAttribute } from '../../engine/tree/attributes';
import type { ComparedSide } from '../../engine/tree/compare/side';
import { NONE, StreamKind } from '../../engine/tree/tree';
import { BlobPlace } from '../../engine/wim/blobTable';
import { readBlob } from '../../engine/wim/browse/readBlob';
import { createPosixSource } from '../../platform/posix/posixSource';
import { abortable } from '../abortable';
import { WimSession } from '../browse/wimSession';

/** A side of a comparison that is open. */
export interface OpenSide extends ComparedSide {
  /** What a report calls it. */
  readonly label: string;
  /** Where data is that the side has no SHA-1 of. */
  locate(stream: number): StreamLocation;
}

export interface SideOptions {
  readonly signal: JobSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Absolute links into the folder are relative to it, as a capture stores them. */
  readonly fixLinks: boolean;
}

/** Largest reparse data of Windows. */
const MAX_REPARSE_DATA = 16 * 1024;

/** Named streams up to this size are read to be compared; larger ones by their size alone. */
const MAX_NAMED_STREAM = 1 << 20;

/** Attributes that a directory of Windows has of its own, beyond what files and links are. */
const ownAttributes =
  FileAttribute.READONLY |
  FileAttribute.HIDDEN |
  FileAttribute.SYSTEM |
  FileAttribute.ARCHIVE |
  FileAttribute.TEMPORARY |
  FileAttribute.OFFLINE |
  FileAttribute.NOT_CONTENT_INDEXED;

/** Opens the sides one after the other; those of one WIM share it. */
export async function openSides(
  host: EngineHost,
  sides: readonly CompareSide[],
  options: SideOptions,
): Promise<{ readonly sides: readonly OpenSide[]; close(): void }> {
  const sessions = new Map<string, WimSession>();
  const volumes: OpenedVolume[] = [];
  const close = (): void => {
    for (const volume of volumes) volume.close();
    for (const session of sessions.values()) session.close();
  };
  try {
    const opened: OpenSide[] = [];
    for (const side of sides) {
      if (side.kind === 'folder') {
        opened.push(await folderSide(side.path, options));
        continue;
      }
      if (side.kind === 'volume') {
        const volume = openVolume(host, side.disk, side.volume);
        volumes.push(volume);
        opened.push(await volumeSide(host, volume, options));
        continue;
      }
      const path = host.files.absolute(side.wim);
      let session = sessions.get(path);
      if (session === undefined) {
        session = await WimSession.open(host, path, [], { onUse: () => undefined });
        sessions.set(path, session);
      }
      opened.push(await imageSide(session, side.image, options));
    }
    return { sides: opened, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function imageSide(session: WimSession, index: number, options: SideOptions): Promise<OpenSide> {
  const { wim } = session;
  const { blobs } = wim;
  const tree = await session.loadAlone(index, options.signal);
  const label = `${wim.path}:${index}`;
  return {
    label,
    tree,
    attributes: 0xffff_ffff,
    creationTimes: true,
    security: true,
    shortNames: true,
    namedStreams: true,
    reparsePoints: true,
    digest(stream) {
      const blob = tree.streamBlob[stream];
      return blob === NONE ? undefined : blobs.sha1(blob);
    },
    size(stream) {
      const blob = tree.streamBlob[stream];
      if (blob === NONE) return 0;
      return blobs.place[blob] === BlobPlace.MISSING ? undefined : blobs.size[blob];
    },
    reparseData(stream) {
      const blob = tree.streamBlob[stream];
      if (blob === NONE || blobs.size[blob] > MAX_REPARSE_DATA) return undefined;
      try {
        return session.use(() => readBlob(session.host, wim, blob, MAX_REPARSE_DATA).bytes);
      } catch (error) {
        // Data that cannot be read is not the same as data that can.
        if (error instanceof AppError && error.code.startsWith('wim/')) return undefined;
        throw error;
      }
    },
    locate() {
      throw new AppError('internal/bug', `${label}: the SHA-1 of all data is known`);
    },
  };
}

/** A volume with all that NTFS keeps. */
async function volumeSide(
  host: EngineHost,
  { source }: OpenedVolume,
  options: SideOptions,
): Promise<OpenSide> {
  const { tree } = await abortable(options.signal, (signal) =>
    source.scan({ fixReparsePoints: options.fixLinks, signal, onProgress: options.onProgress }),
  );
  const locate = (stream: number): StreamLocation => source.locate(tree, stream);
  const bytesOf = (stream: number, limit: number): Uint8Array | undefined => {
    const location = locate(stream);
    if (location.kind === 'bytes') return location.bytes;
    if (location.kind !== 'extents' || location.size > limit) return undefined;
    const files = new OpenExtentFiles(host);
    try {
      const bytes = new Uint8Array(location.size);
      new ExtentReader(location, files.open, host.kernels).read(0, bytes);
      return bytes;
    } catch (error) {
      // Data that cannot be read is not the same as data that can.
      if (error instanceof AppError && error.code !== 'internal/bug') return undefined;
      throw error;
    } finally {
      files.close();
    }
  };
  return {
    label: source.label,
    tree,
    attributes: 0xffff_ffff,
    creationTimes: true,
    security: true,
    shortNames: true,
    namedStreams: true,
    reparsePoints: true,
    digest(stream) {
      // Named streams are compared as they are come by, and most are small.
      if (tree.streamKind[stream] !== StreamKind.NAMED) return undefined;
      const bytes = bytesOf(stream, MAX_NAMED_STREAM);
      return bytes === undefined ? undefined : host.sha1.digest(bytes);
    },
    size: (stream) => tree.streamSize[stream],
    reparseData: (stream) => bytesOf(stream, MAX_REPARSE_DATA),
    locate,
  };
}

/** A folder as it is: nothing is excluded. */
async function folderSide(path: string, options: SideOptions): Promise<OpenSide> {
  const source = createPosixSource(path);
  const { tree } = await abortable(options.signal, (signal) =>
    source.scan({ fixReparsePoints: options.fixLinks, signal, onProgress: options.onProgress }),
  );
  return {
    label: path,
    tree,
    attributes: process.platform === 'win32' ? ownAttributes : 0,
    creationTimes: false,
    security: false,
    shortNames: false,
    namedStreams: false,
    reparsePoints: false,
    digest: () => undefined,
    size: (stream) => tree.streamSize[stream],
    reparseData(stream) {
      const location = source.locate(tree, stream);
      return location.kind === 'bytes' ? location.bytes : undefined;
    },
    locate: (stream) => source.locate(tree, stream),
  };
}
