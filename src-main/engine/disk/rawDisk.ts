import type { OpenFile } from '../os';
import type { BlockDevice } from './blockDevice';
import { fileDevice } from './fileDevice';
import type { VirtualDisk } from './virtualDisk';

/** "EFI PART", the signature of a GPT header in the second sector. */
const GPT_SIGNATURE = [0x45, 0x46, 0x49, 0x20, 0x50, 0x41, 0x52, 0x54] as const;

/**
 * A raw disk file. It does not say what its sectors are: 4096 bytes where a GPT begins there and none at 512, else 512.
 * @param path absolute
 */
export function openRaw(file: OpenFile, path: string, writable: boolean, sectorSize?: number): VirtualDisk {
  const sector = sectorSize ?? (!hasGptAt(file, 512) && hasGptAt(file, 4096) ? 4096 : 512);
  const device = fileDevice(file, {
    path,
    size: file.size,
    sectorSize: sector,
    physicalSectorSize: 4096,
    writable,
  });
  const rest = file.size % sector;
  const warnings =
    rest === 0 ? [] : [`${path} ends within a sector: its last ${rest} bytes are not part of the disk.`];
  return withFacts(device, { format: 'raw', kind: 'fixed', parents: [], warnings, allocated: file.size });
}

/** A device with what is told of its file. */
export function withFacts(
  device: BlockDevice,
  facts: Pick<VirtualDisk, 'format' | 'kind' | 'parents' | 'warnings' | 'allocated'>,
): VirtualDisk {
  return Object.assign(device, facts);
}

function hasGptAt(file: OpenFile, offset: number): boolean {
  const bytes = new Uint8Array(GPT_SIGNATURE.length);
  return file.read(offset, bytes) === bytes.length && GPT_SIGNATURE.every((byte, i) => bytes[i] === byte);
}
