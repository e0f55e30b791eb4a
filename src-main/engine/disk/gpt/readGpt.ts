import { FormatError } from '../../../../src-shared/errors/appError';
import { bytesEqual } from '../../binary/bytesEqual';
import type { BlockDevice } from '../blockDevice';
import type { GptContents } from './gpt';
import { hasGptSignature, readGptCopy, type GptCopy } from './readGptCopy';

/** A GUID partition table as it was read. */
export interface Gpt extends GptContents {
  /** The copy that the contents are of. The primary one where both are good. */
  readonly used: 'primary' | 'backup';
  readonly primary: GptCopy | undefined;
  readonly backup: GptCopy | undefined;
  /** What is wrong with the other copy, in words. */
  readonly warnings: readonly string[];
}

/**
 * Reads the GUID partition table. Nothing is repaired: see repairGpt.
 * @throws FormatError `disk/malformed` of the primary copy when neither is good
 */
export function readGpt(device: BlockDevice): Gpt {
  const primary = attempt(device, 1);
  const lastLba = device.size / device.sectorSize - 1;
  const backupLba = primary.copy?.otherLba ?? lastLba;
  const backup = attempt(device, backupLba);
  if (!primary.copy && !backup.copy)
    throw hasGptSignature(device, device.sectorSize, 1) ? primary.error : betterOf(primary, backup);

  const warnings: string[] = [];
  if (!primary.copy)
    warnings.push(`the primary GPT is damaged, its backup is used: ${primary.error.message}`);
  if (!backup.copy) warnings.push(`the backup GPT is damaged: ${backup.error.message}`);
  if (primary.copy && primary.copy.otherLba !== lastLba) {
    warnings.push('the backup GPT is not at the end of the disk: the size of the disk has changed');
  }
  if (primary.copy && backup.copy) {
    const difference = compareCopies(primary.copy, backup.copy);
    if (difference) warnings.push(`the copies of the GPT differ (${difference}); the primary one is used`);
  }
  const copy = (primary.copy ?? backup.copy) as GptCopy;
  return {
    diskId: copy.diskId,
    firstUsableLba: copy.firstUsableLba,
    lastUsableLba: copy.lastUsableLba,
    entrySize: copy.entrySize,
    entryCount: copy.entryCount,
    partitions: copy.partitions,
    used: primary.copy ? 'primary' : 'backup',
    primary: primary.copy,
    backup: backup.copy,
    warnings,
  };
}

type Attempt =
  | { readonly copy: GptCopy; readonly error?: undefined }
  | { readonly copy?: undefined; readonly error: FormatError };

function attempt(device: BlockDevice, lba: number): Attempt {
  try {
    return { copy: readGptCopy(device, lba) };
  } catch (error) {
    if (error instanceof FormatError) return { error };
    throw error;
  }
}

/** Of two failures the one of a copy that is there. */
function betterOf(primary: Attempt, backup: Attempt): FormatError {
  const [first, second] = [primary.error, backup.error] as [FormatError, FormatError];
  return second.field === 'signature' ? first : second;
}

/** What differs, in words; undefined when both say the same. */
export function compareCopies(a: GptCopy, b: GptCopy): string | undefined {
  if (a.diskId !== b.diskId) return 'the disk GUID';
  if (a.firstUsableLba !== b.firstUsableLba || a.lastUsableLba !== b.lastUsableLba)
    return 'the usable sectors';
  if (a.entrySize !== b.entrySize || a.entryCount !== b.entryCount) return 'the size of the entry array';
  for (let at = 0; at < a.entries.length; at += a.entrySize) {
    const end = at + a.entrySize;
    if (!bytesEqual(a.entries.subarray(at, end), b.entries.subarray(at, end))) {
      return `partition ${at / a.entrySize + 1}`;
    }
  }
  if (a.otherLba !== b.lba || b.otherLba !== a.lba) return 'where the other copy lies';
  return undefined;
}
