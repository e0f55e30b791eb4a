import { AppError } from '../../../../src-shared/errors/appError';
import type { BlockDevice } from '../blockDevice';
import { hasProtectiveEntry, protectiveMbr } from '../mbr/protectiveMbr';
import { compareCopies, readGpt } from './readGpt';
import { serializeGptHeader } from './writeGpt';

/**
 * Writes the damaged copy of a GUID partition table anew from the good one, and a protective MBR where there is none.
 * Of two good copies that differ the primary one counts, unless `from` says otherwise. The only function that changes
 * a table that it has read.
 * @returns what was written, in words; empty when there was nothing to repair
 * @throws FormatError when neither copy is good
 * @throws AppError `disk/unsupported` when the good copy places the other one outside of the disk
 */
export function repairGpt(device: BlockDevice, from?: 'primary' | 'backup'): string[] {
  const gpt = readGpt(device);
  const done: string[] = [];
  const source = from === undefined ? (gpt.primary ?? gpt.backup) : gpt[from];
  if (!source) throw new AppError('disk/unsupported', `the ${from} GPT is damaged, too`);
  const isPrimary = source === gpt.primary;
  const other = isPrimary ? gpt.backup : gpt.primary;
  if (!other || compareCopies(source, other) !== undefined) {
    const { sectorSize } = device;
    const sectors = device.size / sectorSize;
    const entrySectors = Math.ceil((source.entryCount * source.entrySize) / sectorSize);
    const lba = isPrimary ? source.otherLba : 1;
    const entriesLba = isPrimary ? lba - entrySectors : 2;
    const isFree = isPrimary
      ? entriesLba > Math.max(source.lastUsableLba, source.entriesLba + entrySectors - 1) && lba < sectors
      : entriesLba + entrySectors <= source.firstUsableLba;
    if (!isFree) {
      throw new AppError(
        'disk/unsupported',
        'there is no room for the other copy of the GPT where it belongs',
      );
    }
    device.write(entriesLba * sectorSize, source.entries);
    device.flush();
    const header = serializeGptHeader(sectorSize, {
      ...source,
      currentLba: lba,
      otherLba: source.lba,
      entriesLba,
    });
    device.write(lba * sectorSize, header);
    device.flush();
    done.push(isPrimary ? 'backup GPT written from the primary one' : 'primary GPT written from the backup');
  }
  if (!hasProtectiveEntry(device)) {
    device.write(0, protectiveMbr(device.size, device.sectorSize));
    device.flush();
    done.push('protective MBR written');
  }
  return done;
}
