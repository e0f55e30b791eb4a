import { AppError, FormatError } from '../../../src-shared/errors/appError';
import { assertRange, readExactly, type ByteSource } from '../binary/byteSource';
import type { BlockDevice } from '../disk/blockDevice';
import { FatTable } from './fatTable';
import { fatGeometry, type FatGeometry, type FatType } from './geometry';
import { nameKey } from './names';
import { parseDirectory, type FatDirectory, type FatFile } from './readDirectory';
import {
  BOOT_SECTOR_SIZE,
  FAT16_EXTENSION_OFFSET,
  Fat16Extension,
  FatEntry,
  FS_INFO_LEAD,
  FS_INFO_SIGNATURE,
  FsInfo,
  parseBootSector,
  type FatBoot,
} from './records';

const structure = 'FAT boot sector';
/** A directory has at most 65,536 entries. */
const MAX_DIRECTORY = 65536 * FatEntry.size;
const MAX_DEPTH = 128;
const NO_LABEL = 'NO NAME';
const EXTENDED_BOOT_SIGNATURE = 0x29;
/** FATs up to that size are counted; of larger ones the volume's own count is taken. */
const MAX_COUNTED_FAT = 64 << 20;

/** A FAT12, FAT16 or FAT32 volume that is read. */
export interface FatVolume {
  readonly type: FatType;
  readonly label: string;
  /** 8 hex digits; '00000000' where there is none. */
  readonly serial: string;
  /** Bytes. */
  readonly clusterSize: number;
  /** Bytes in clusters that are in use and free; looked up when first asked for. */
  readonly used: number;
  readonly free: number;
  /**
   * What a directory holds, in the order in which it is stored.
   * @param path '/' or '/EFI/Boot', names in any case
   * @throws AppError `io/not-found`, `io/not-a-directory`; FormatError `volume/malformed`
   */
  list(path: string): readonly FatFile[];
  /** A file or directory; undefined where there is none. The root has no entry. */
  find(path: string): FatFile | undefined;
  /** The data of a file of this volume. @throws FormatError `volume/malformed` for a damaged chain */
  open(file: FatFile): ByteSource;
}

/**
 * Opens a volume for reading. Sizes are checked against the device before anything is believed.
 * @throws FormatError `volume/malformed` for a boot sector that is none, or of an impossible volume; `disk/truncated`
 */
export function openFat(device: BlockDevice): FatVolume {
  return new OpenedFat(device);
}

class OpenedFat implements FatVolume {
  readonly type: FatType;
  readonly label: string;
  readonly serial: string;
  readonly clusterSize: number;
  private readonly boot: FatBoot;
  private readonly geometry: FatGeometry;
  private readonly table: FatTable;
  private counted: number | undefined;

  constructor(private readonly device: BlockDevice) {
    const sector = readExactly(device, 0, BOOT_SECTOR_SIZE, structure, 'disk/truncated');
    const boot = parseBootSector(sector);
    if (!boot) fail(0, 'this is no boot sector of a FAT volume');
    this.boot = boot;
    this.geometry = fatGeometry(boot);
    const { type, clusters, fatSize } = this.geometry;
    if (clusters === 0) fail(0, `a volume of ${boot.sectors} sectors has no room for data`);
    const bits = { fat12: 12, fat16: 16, fat32: 32 }[type];
    if (((clusters + 2) * bits) / 8 > fatSize) fail(0, `the FAT is too small for ${clusters} clusters`);
    if ((type === 'fat32') !== (boot.rootEntries === 0)) {
      fail(0, `${boot.rootEntries} root entries on a volume of ${clusters} clusters`);
    }
    assertRange(device, 0, boot.sectors * boot.bytesPerSector, structure, 'disk/truncated');
    this.type = type;
    this.clusterSize = this.geometry.clusterSize;
    const active =
      type === 'fat32' && boot.record.extendedFlags & 0x80 ? boot.record.extendedFlags & 0x0f : 0;
    if (active >= boot.fatCount) fail(0, `FAT ${active} is to be used, there are ${boot.fatCount}`);
    this.table = new FatTable(device, this.geometry, this.geometry.fatOffset + active * fatSize);
    const stated = statedFacts(sector, boot, type);
    this.serial = stated.serial;
    this.label = this.readRoot().label ?? stated.label;
  }

  get free(): number {
    this.counted ??= this.statedFree() ?? this.table.countFree();
    return this.counted * this.clusterSize;
  }

  get used(): number {
    return this.geometry.clusters * this.clusterSize - this.free;
  }

  list(path: string): readonly FatFile[] {
    const names = splitPath(path);
    if (names.length === 0) return this.readRoot().files;
    const directory = this.find(path);
    if (!directory) throw new AppError('io/not-found', `${path} is not on ${this.device.name}`);
    if (!directory.isDirectory) throw new AppError('io/not-a-directory', `${path} is a file`);
    return this.readDirectory(directory).files;
  }

  find(path: string): FatFile | undefined {
    let files = this.readRoot().files;
    const names = splitPath(path);
    if (names.length > MAX_DEPTH) return undefined;
    for (const [depth, name] of names.entries()) {
      const key = nameKey(name);
      const found =
        files.find((file) => nameKey(file.name) === key) ??
        files.find((file) => nameKey(file.shortName) === key);
      if (!found || depth === names.length - 1) return found;
      if (!found.isDirectory) return undefined;
      files = this.readDirectory(found).files;
    }
    return undefined;
  }

  open(file: FatFile): ByteSource {
    const clusters = Math.ceil(file.size / this.clusterSize);
    const runs = this.table.chain(file.firstCluster, clusters);
    const there = runs.reduce((sum, { count }) => sum + count, 0);
    if (there < clusters) {
      fail(this.geometry.fatOffset, `"${file.name}" has ${file.size} bytes, its chain ${there} clusters`);
    }
    return this.runsSource(file.name, runs, file.size);
  }

  private readRoot(): FatDirectory {
    if (this.type === 'fat32') return this.readChain(this.boot.record.rootCluster);
    const { rootOffset, rootSize } = this.geometry;
    const bytes = readExactly(this.device, rootOffset, rootSize, 'FAT root directory', 'disk/truncated');
    return parseDirectory(bytes, rootOffset, false);
  }

  private readDirectory(directory: FatFile): FatDirectory {
    return this.readChain(directory.firstCluster);
  }

  private readChain(first: number): FatDirectory {
    const most = Math.ceil(MAX_DIRECTORY / this.clusterSize);
    const runs = this.table.chain(first, most + 1);
    const clusters = runs.reduce((sum, { count }) => sum + count, 0);
    if (clusters > most) fail(this.offsetOf(first), 'a directory of more than 65,536 entries');
    if (clusters === 0) fail(0, `a directory begins at cluster ${first}`);
    const bytes = new Uint8Array(clusters * this.clusterSize);
    this.runsSource('directory', runs, bytes.length).read(0, bytes);
    return parseDirectory(bytes, this.offsetOf(first), this.type === 'fat32');
  }

  private offsetOf(cluster: number): number {
    return this.geometry.dataOffset + (cluster - 2) * this.clusterSize;
  }

  private runsSource(
    name: string,
    runs: readonly { readonly first: number; readonly count: number }[],
    size: number,
  ): ByteSource {
    let start = 0;
    const places = runs.map(({ first, count }) => {
      const place = { start, end: start + count * this.clusterSize, offset: this.offsetOf(first) };
      start = place.end;
      return place;
    });
    return {
      name,
      size,
      read: (offset, target) => {
        const end = Math.min(offset + target.length, size);
        for (const place of places) {
          const from = Math.max(place.start, offset);
          const to = Math.min(place.end, end);
          if (from >= to) continue;
          const part = target.subarray(from - offset, to - offset);
          if (this.device.read(place.offset + from - place.start, part) < part.length) {
            return fail(place.offset, 'the device ends within a file');
          }
        }
        return Math.max(0, end - offset);
      },
    };
  }

  /** What FSInfo says of a FAT that is too long to count. */
  private statedFree(): number | undefined {
    if (this.type !== 'fat32' || this.geometry.fatSize <= MAX_COUNTED_FAT) return undefined;
    const { fsInfoSector } = this.boot.record;
    const offset = fsInfoSector * this.boot.bytesPerSector;
    const info = FsInfo.parse(
      readExactly(this.device, offset, FsInfo.size, FsInfo.structure, 'disk/truncated'),
    );
    const isOne = info.lead === FS_INFO_LEAD && info.signature === FS_INFO_SIGNATURE;
    return isOne && info.freeClusters <= this.geometry.clusters ? info.freeClusters : undefined;
  }
}

/** Label and serial number as the boot sector has them. */
function statedFacts(
  sector: Uint8Array,
  boot: FatBoot,
  type: FatType,
): { readonly label: string; readonly serial: string } {
  const record =
    type === 'fat32' ? boot.record : Fat16Extension.parse(sector.subarray(FAT16_EXTENSION_OFFSET));
  if (record.bootSignature !== EXTENDED_BOOT_SIGNATURE) return { label: '', serial: '00000000' };
  const label = String.fromCharCode(...record.label).trimEnd();
  return {
    label: label === NO_LABEL ? '' : label,
    serial: record.serial.toString(16).padStart(8, '0'),
  };
}

function splitPath(path: string): string[] {
  return path.split(/[/\\]/).filter((name) => name !== '');
}

function fail(offset: number, problem: string): never {
  throw new FormatError({ structure, offset, problem }, 'volume/malformed');
}
