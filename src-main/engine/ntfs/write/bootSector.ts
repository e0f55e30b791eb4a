import { NTFS_OEM_ID, NtfsBootSector } from '../records/bootSector';
import { INDEX_BLOCK_SIZE, sizeInClusters, type Geometry } from './geometry';

/** What the boot sector says beyond the geometry. */
export interface BootFacts {
  /** Sectors before the partition. */
  readonly hiddenSectors: number;
  readonly serial: bigint;
  readonly mftLcn: number;
  readonly mirrorLcn: number;
}

const BOOTSTRAP_OFFSET = 0x54;
const MESSAGE = 'This volume has no boot code yet.\r\nPress a key to try again.\r\n';

/**
 * Code for a BIOS that starts the volume before a boot manager was installed: prints the message with the BIOS, waits
 * for a key and starts over. Tools that make a volume bootable replace it.
 */
function bootstrap(): Uint8Array {
  const code = [
    ...[0x33, 0xc0], // xor ax, ax
    ...[0x8e, 0xd8], // mov ds, ax
    ...[0xbe, 0x00, 0x00], // mov si, message (patched below)
    ...[0xac], // lodsb
    ...[0x84, 0xc0], // test al, al
    ...[0x74, 0x09], // jz wait
    ...[0xb4, 0x0e], // mov ah, 0x0e
    ...[0xbb, 0x07, 0x00], // mov bx, 7
    ...[0xcd, 0x10], // int 0x10
    ...[0xeb, 0xf2], // jmp lodsb
    ...[0x33, 0xc0], // wait: xor ax, ax
    ...[0xcd, 0x16], // int 0x16
    ...[0xcd, 0x19], // int 0x19
  ];
  const message = 0x7c00 + BOOTSTRAP_OFFSET + code.length;
  code[5] = message & 0xff;
  code[6] = message >> 8;
  const bytes = new Uint8Array(426);
  bytes.set(code);
  for (let i = 0; i < MESSAGE.length; i++) bytes[code.length + i] = MESSAGE.charCodeAt(i);
  return bytes;
}

/** Sectors of a cluster as the boot sector's byte has them: above 0x80 as a negative power of two. */
function clusterByte({ clusterSize, sectorSize }: Geometry): number {
  const sectors = clusterSize / sectorSize;
  return sectors <= 0x80 ? sectors : 256 - Math.log2(sectors);
}

/** The boot sector: as many bytes as a sector has. */
export function makeBootSector(geometry: Geometry, facts: BootFacts): Uint8Array {
  const sector = new Uint8Array(geometry.sectorSize);
  sector.set(
    NtfsBootSector.serialize({
      jump: Uint8Array.of(0xeb, 0x52, 0x90),
      oemId: NTFS_OEM_ID,
      bytesPerSector: geometry.sectorSize,
      sectorsPerCluster: clusterByte(geometry),
      reservedSectors: 0,
      fats: 0,
      rootEntries: 0,
      sectors: 0,
      mediaType: 0xf8,
      sectorsPerFat: 0,
      sectorsPerTrack: 63,
      heads: 255,
      hiddenSectors: facts.hiddenSectors > 0xffffffff ? 0 : facts.hiddenSectors,
      largeSectors: 0,
      physicalDrive: 0x80,
      currentHead: 0,
      extendedBootSignature: 0x80,
      reserved: 0,
      numberOfSectors: BigInt(geometry.sectors),
      mftLcn: BigInt(facts.mftLcn),
      mftMirrorLcn: BigInt(facts.mirrorLcn),
      clustersPerFileRecord: sizeInClusters(geometry, geometry.recordSize),
      reserved41: new Uint8Array(3),
      clustersPerIndexBlock: sizeInClusters(geometry, INDEX_BLOCK_SIZE),
      reserved45: new Uint8Array(3),
      serialNumber: facts.serial,
      checksum: 0,
      bootstrap: bootstrap(),
      signature: 0xaa55,
    }),
  );
  return sector;
}
