import { AppError, CancelledError, FormatError } from '../../../../src-shared/errors/appError';
import type { ByteSource } from '../../binary/byteSource';
import { bytesSource } from '../../binary/byteSource';
import type { StreamLocation } from '../../pipeline/tasks';
import type { ScanOptions, ScanResult, TreeSource } from '../../tree/source';
import { StreamKind, type Tree } from '../../tree/tree';
import { AttributeType } from '../records/attribute';
import { ReparsePointHeader, WOF_STREAM_NAME } from '../records/reparsePoint';
import type { AttributeValue } from './attributeValue';
import { buildTree } from './buildTree';
import { readContents } from './fileContents';
import type { StreamPlaces } from './inodeRows';
import { ObjectIdIndex } from './objectIds';
import { wofFile } from './reparseValue';
import { Place } from './scanColumns';
import { scanVolume } from './scanVolume';
import { SecurityStore } from './securityStore';
import { readValue, valueSource } from './valueBytes';
import { extentsOf } from './valueExtents';
import type { NtfsVolume } from './openNtfs';

/** Longest reparse data and security descriptor that is read. */
const SMALL_VALUE = 0x20000;

/** An NTFS volume as a source. Its device must stay open as long as it is used. */
export interface VolumeSource extends TreeSource {
  readonly volume: NtfsVolume;
  /**
   * The bytes of a stream of a scanned tree, read in this thread through the device. Streams that WOF compressed need
   * the kernels of codecs and are read through {@link TreeSource.locate} only.
   * @throws AppError `volume/unsupported` for such a stream; FormatError `volume/malformed`
   */
  open(tree: Tree, stream: number): ByteSource;
}

/**
 * A volume as a source. What {@link ScanOptions} say of links has no meaning here, as with wimlib-imagex: nothing is
 * followed, and absolute links stay as they are, because nobody knows the drive letter that they were made for.
 * `scan` throws `wim/unsupported` when UNIX data is asked for, `source/unreadable` for a security descriptor that must be
 * had, and `volume/malformed` when the root is gone; all other damage is a remark.
 * @param label what messages call the volume
 * @param breathe lets timers and signals arrive during a long scan
 */
export function createVolumeSource(
  volume: NtfsVolume,
  label: string,
  breathe?: () => Promise<void>,
): VolumeSource {
  return new Source(volume, label, breathe);
}

class Source implements VolumeSource {
  private readonly scanned = new WeakMap<Tree, StreamPlaces>();

  constructor(
    readonly volume: NtfsVolume,
    readonly label: string,
    private readonly breathe: (() => Promise<void>) | undefined,
  ) {}

  async scan(options: ScanOptions): Promise<ScanResult> {
    const { volume } = this;
    const { signal } = options;
    if (options.unixData === true)
      throw new AppError('wim/unsupported', `${this.label} is an NTFS volume, which has no UNIX data`);
    const report = async (filesDone: number, filesTotal: number) => {
      options.onProgress?.({ phase: 'Scanning', filesDone, filesTotal, bytesDone: 0, bytesTotal: 0 });
      await this.breathe?.();
      if (signal?.aborted === true) throw new CancelledError();
    };
    if (signal?.aborted === true) throw new CancelledError();
    const total = volume.mft.count;
    const known = volume.warnings.length;
    const warn = (text: string) => {
      volume.warn(text);
    };
    const scan = await scanVolume(volume, { signal, warn, onPiece: (done) => report(done, total) });
    const security = options.securityDescriptors === 'none' ? undefined : this.openSecurity(options);
    const objectIds = new ObjectIdIndex(volume, warn);
    const { result, places } = await buildTree(scan, options, {
      upcase: volume.upcase,
      descriptor: (id) => security?.read(id),
      objectIdRest: (id) => objectIds.rest(id),
      onEntries: (count) => report(count, Math.max(count, total)),
    });
    this.scanned.set(result.tree, places);
    const warned = volume.warnings.slice(known).map((problem) => ({ path: '/', problem }));
    return { ...result, notKept: [...warned, ...result.notKept] };
  }

  locate(tree: Tree, stream: number): StreamLocation {
    const places = this.placesOf(tree);
    const size = tree.streamSize[stream];
    const cluster = places.clusters[stream];
    const { volume } = this;
    if (size === 0) return { kind: 'bytes', bytes: new Uint8Array() };
    if (cluster !== Place.RECORD) {
      const extents = volume.device.extents(cluster * volume.clusterSize, size);
      return { kind: 'extents', size, validSize: size, extents, encoding: { kind: 'plain' } };
    }
    const { value, wof } = this.valueOf(tree, stream, places.records[stream]);
    if (tree.streamKind[stream] === StreamKind.REPARSE)
      return { kind: 'bytes', bytes: readValue(volume, value, SMALL_VALUE).slice(ReparsePointHeader.size) };
    if (wof !== undefined) {
      const stored = value.bytes ?? undefined;
      return {
        kind: 'extents',
        size,
        validSize: size,
        extents:
          stored === undefined
            ? extentsOf(volume.device, volume.geometry, value, value.size)
            : [{ kind: 'bytes', bytes: stored }],
        encoding: { kind: 'wof', ...wof, storedSize: value.size },
      };
    }
    if (value.bytes !== undefined) return { kind: 'bytes', bytes: value.bytes };
    const { validSize, unit } = value;
    const length = unit === 0 ? validSize : Math.ceil(validSize / unit) * unit;
    return {
      kind: 'extents',
      size,
      validSize,
      extents: extentsOf(volume.device, volume.geometry, value, length),
      encoding: unit === 0 ? { kind: 'plain' } : { kind: 'lznt1', unit },
    };
  }

  open(tree: Tree, stream: number): ByteSource {
    const places = this.placesOf(tree);
    const { volume } = this;
    const { value, wof } = this.valueOf(tree, stream, places.records[stream]);
    if (wof !== undefined)
      throw new AppError(
        'volume/unsupported',
        `${this.label}: a stream that WOF compressed is not read in this way`,
      );
    if (tree.streamKind[stream] === StreamKind.REPARSE)
      return bytesSource(readValue(volume, value, SMALL_VALUE).slice(ReparsePointHeader.size), this.label);
    return valueSource(volume, value);
  }

  private placesOf(tree: Tree): StreamPlaces {
    const places = this.scanned.get(tree);
    if (places === undefined)
      throw new AppError('internal/bug', `this tree was not scanned from ${this.label}`);
    return places;
  }

  /**
   * The attribute that holds a stream, read from its record again.
   * @throws FormatError `volume/malformed`
   */
  private valueOf(
    tree: Tree,
    stream: number,
    record: number,
  ): { value: AttributeValue; wof?: { format: 'xpress' | 'lzx'; chunkSize: number } } {
    const { volume } = this;
    const contents = readContents(volume, record);
    const find = (type: number, name: string) =>
      contents?.attributes.find((value) => value.type === type && value.name === name);
    const reparse = find(AttributeType.REPARSE_POINT, '');
    const kind = tree.streamKind[stream];
    const size = tree.streamSize[stream];
    if (kind === StreamKind.REPARSE && reparse !== undefined) return { value: reparse };
    if (kind === StreamKind.DATA && reparse !== undefined) {
      const stored = find(AttributeType.DATA, WOF_STREAM_NAME);
      const wof = stored && wofFile(readValue(volume, reparse, SMALL_VALUE), 0);
      if (stored !== undefined && wof !== undefined) return { value: stored, wof };
    }
    const value = find(AttributeType.DATA, kind === StreamKind.NAMED ? tree.streamName(stream) : '');
    if (value?.size === size) return { value };
    throw new FormatError(
      {
        structure: '$MFT',
        offset: record,
        problem: `the stream in record ${record} is not what it was when the volume was scanned`,
      },
      'volume/malformed',
    );
  }

  private openSecurity(options: ScanOptions): SecurityStore | undefined {
    try {
      return new SecurityStore(this.volume);
    } catch (error) {
      if (!(error instanceof FormatError) || options.securityDescriptors === 'strict') throw error;
      this.volume.warn(`$Secure cannot be read (${error.message}); security descriptors are left out.`);
      return undefined;
    }
  }
}
