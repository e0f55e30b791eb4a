import { AppError, FormatError } from '../../../../src-shared/errors/appError';
import type { ByteSource } from '../../binary/byteSource';
import type { BlockDevice } from '../../disk/blockDevice';
import { AttributeType } from '../records/attribute';
import { SystemFile } from '../records/fileRecord';
import { listDirectory, type DirectoryItem } from './directory';
import { readContents, type ContentsSource, type FileContents } from './fileContents';
import { readGeometry, type VolumeGeometry } from './geometry';
import { MasterFileTable } from './masterFileTable';
import { readUpcase } from './upcaseTable';
import { valueSource } from './valueBytes';
import { readState, readVolumeFacts, type VolumeState } from './volumeState';

/** An NTFS volume that is open for reading. Nothing is ever written to it. */
export interface NtfsVolume extends ContentsSource, VolumeState {
  readonly device: BlockDevice;
  readonly geometry: VolumeGeometry;
  readonly mft: MasterFileTable;
  readonly label: string;
  /** 16 hex digits. */
  readonly serial: string;
  /** '3.1' */
  readonly version: string;
  /** Bytes. */
  readonly size: number;
  readonly clusterSize: number;
  /** Bytes in use, as $Bitmap has it: read when first asked for. */
  readonly used: number;
  readonly free: number;
  /** What a person should know: a damaged boot sector, hibernation. Grows as more is read. */
  readonly warnings: readonly string[];
  /** $UpCase: upper case of every UTF-16 unit, as the volume's indexes compare names. */
  readonly upcase: Uint16Array;
  /**
   * Lists a directory through its index, without reading the whole volume.
   * @param path '/Windows/System32'; '/' and '\' both divide. Names are compared as the volume does
   * @throws AppError `io/not-found`, `io/not-a-directory`; FormatError `volume/malformed`
   */
  list(path: string): Generator<DirectoryItem>;
  /** What a path names; undefined where nothing is. */
  find(path: string): DirectoryItem | undefined;
  /** A file with all of its attributes, by its record number. */
  contents(record: number): FileContents | undefined;
  /** Tells a person something about the volume. */
  warn(text: string): void;
}

/** @see openNtfs */
export interface OpenNtfsOptions {
  /** Do not look whether Windows is asleep on the volume and whether $LogFile was closed. */
  readonly skipState?: boolean;
}

/**
 * Opens a volume.
 * @throws AppError `volume/encrypted` (BitLocker), `volume/unsupported` (another file system); FormatError
 * `volume/malformed` when there is no NTFS volume or its $MFT cannot be found
 */
export function openNtfs(device: BlockDevice, options: OpenNtfsOptions = {}): NtfsVolume {
  return new Volume(device, options);
}

class Volume implements NtfsVolume {
  readonly geometry: VolumeGeometry;
  readonly mft: MasterFileTable;
  readonly label: string;
  readonly version: string;
  readonly isDirty: boolean;
  readonly isHibernated: boolean;
  readonly isLogOpen: boolean;
  readonly warnings: string[] = [];
  private upcaseTable: Uint16Array | undefined;
  private usedClusters: number | undefined;

  constructor(
    readonly device: BlockDevice,
    options: OpenNtfsOptions,
  ) {
    const warn = (text: string) => {
      this.warn(text);
    };
    this.geometry = readGeometry(device, warn);
    this.mft = new MasterFileTable(device, this.geometry, warn);
    const facts = readVolumeFacts(this, warn);
    this.label = facts.label;
    this.version = facts.version;
    const state =
      options.skipState === true
        ? { isDirty: false, isHibernated: false, isLogOpen: false }
        : readState(this, facts.flags, warn);
    this.isDirty = state.isDirty;
    this.isHibernated = state.isHibernated;
    this.isLogOpen = state.isLogOpen;
  }

  get serial(): string {
    return this.geometry.serial.toString(16).padStart(16, '0');
  }

  get clusterSize(): number {
    return this.geometry.clusterSize;
  }

  get size(): number {
    return this.geometry.clusters * this.geometry.clusterSize;
  }

  get used(): number {
    this.usedClusters ??= this.countUsed();
    return this.usedClusters * this.geometry.clusterSize;
  }

  get free(): number {
    return Math.max(0, this.size - this.used);
  }

  get upcase(): Uint16Array {
    this.upcaseTable ??= readUpcase(this, (text) => {
      this.warn(text);
    });
    return this.upcaseTable;
  }

  warn(text: string): void {
    if (!this.warnings.includes(text)) this.warnings.push(text);
  }

  contents(record: number): FileContents | undefined {
    return readContents(this, record);
  }

  list(path: string): Generator<DirectoryItem> {
    const names = namesOf(path);
    if (names.length === 0) return listDirectory(this, SystemFile.ROOT);
    const item = this.find(path);
    if (item === undefined)
      throw new AppError('io/not-found', `${path} is not on ${this.device.name}`, { path });
    if (!item.isDirectory)
      throw new AppError('io/not-a-directory', `${path} on ${this.device.name} is not a directory`, { path });
    return listDirectory(this, item.record);
  }

  find(path: string): DirectoryItem | undefined {
    let found: DirectoryItem | undefined;
    for (const name of namesOf(path)) {
      if (found?.isDirectory === false) return undefined;
      found = this.findIn(found?.record ?? SystemFile.ROOT, name);
      if (found === undefined) return undefined;
    }
    return found;
  }

  /** The name itself, else one that differs in case. */
  private findIn(record: number, name: string): DirectoryItem | undefined {
    let similar: DirectoryItem | undefined;
    for (const item of listDirectory(this, record)) {
      if (item.name === name) return item;
      if (similar === undefined && this.isSame(item.name, name)) similar = item;
    }
    return similar;
  }

  private isSame(a: string, b: string): boolean {
    if (a.length !== b.length) return false;
    const { upcase } = this;
    for (let i = 0; i < a.length; i++) if (upcase[a.charCodeAt(i)] !== upcase[b.charCodeAt(i)]) return false;
    return true;
  }

  private countUsed(): number {
    const { clusters } = this.geometry;
    let bitmap: ByteSource | undefined;
    try {
      const value = readContents(this, SystemFile.BITMAP)?.attributes.find(
        ({ type, name }) => type === AttributeType.DATA && name === '',
      );
      bitmap = value && valueSource(this, value);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.warn(`$Bitmap cannot be read (${error.message}).`);
    }
    if (bitmap === undefined || bitmap.size * 8 < clusters) {
      this.warn('$Bitmap does not tell all clusters; the volume is taken to be full.');
      return clusters;
    }
    return countBits(bitmap, clusters);
  }
}

const BITMAP_PIECE = 1024 * 1024;

function countBits(bitmap: ByteSource, clusters: number): number {
  const piece = new Uint8Array(BITMAP_PIECE);
  const bytes = Math.ceil(clusters / 8);
  let count = 0;
  for (let at = 0; at < bytes; at += piece.length) {
    const part = piece.subarray(0, bitmap.read(at, piece.subarray(0, Math.min(piece.length, bytes - at))));
    // Bits beyond the last cluster are set.
    if (at + part.length >= bytes && clusters % 8 !== 0) part[part.length - 1] &= (1 << (clusters % 8)) - 1;
    for (const byte of part) count += BITS[byte];
    if (part.length === 0) break;
  }
  return count;
}

/** Set bits of each byte. */
const BITS = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

function namesOf(path: string): string[] {
  return path.split(/[\\/]/).filter((name) => name !== '');
}
