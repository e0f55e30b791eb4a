import { AppError } from '../../../../src-shared/errors/appError';
import type { DiskLayout, LayoutChoice } from '../../../../src-shared/model/disks';

/**
 * A PC with UEFI, as Microsoft recommends it: the EFI system partition is large enough for FAT32 on disks with sectors
 * of 4096 bytes, and recovery follows Windows so that an update can make it larger.
 */
const uefi: DiskLayout = {
  table: 'gpt',
  partitions: [
    { role: 'efi', size: '260MB', fileSystem: 'fat32', label: 'System' },
    { role: 'msr', size: '16MB', fileSystem: 'none' },
    { role: 'windows', size: 'rest', fileSystem: 'ntfs', label: 'Windows' },
    { role: 'recovery', size: '1GB', fileSystem: 'ntfs', label: 'Recovery' },
  ],
};

/** A PC with a BIOS: the active partition holds the boot manager. */
const bios: DiskLayout = {
  table: 'mbr',
  partitions: [
    { role: 'system', size: '100MB', fileSystem: 'ntfs', label: 'System' },
    { role: 'windows', size: 'rest', fileSystem: 'ntfs', label: 'Windows' },
    { role: 'recovery', size: '1GB', fileSystem: 'ntfs', label: 'Recovery' },
  ],
};

/** A disk that nothing starts from. */
const data: DiskLayout = {
  table: 'gpt',
  partitions: [
    { role: 'msr', size: '16MB', fileSystem: 'none' },
    { role: 'data', size: 'rest', fileSystem: 'ntfs' },
  ],
};

/** Our layouts by name. */
export const layouts = { uefi, bios, data } as const satisfies Readonly<Record<string, DiskLayout>>;

export type LayoutName = keyof typeof layouts;

function isLayoutName(text: string): text is LayoutName {
  return Object.hasOwn(layouts, text);
}

/**
 * The layout that is meant. One that came from outside goes through parseLayout first.
 * @throws AppError `layout/invalid` for a name that is none of ours
 */
export function resolveLayout(choice: LayoutChoice): DiskLayout {
  if (typeof choice !== 'string') return choice;
  if (isLayoutName(choice)) return layouts[choice];
  const names = Object.keys(layouts).join(', ');
  throw new AppError('layout/invalid', `there is no layout "${String(choice)}", but ${names}`);
}
