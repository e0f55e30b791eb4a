import type { OptionSpec } from './options';

const option = (name: string, help: string, value?: string): OptionSpec => ({
  names: [name],
  help,
  ...(value === undefined ? {} : { value }),
});

/** Which volume of a disk is meant. */
export const volumeOption = option(
  'volume',
  'the volume of a disk: auto (the one with Windows), its number, label or GUID',
  'VOLUME',
);

/** Options of apply about disks. */
export const applyDiskOptions: readonly OptionSpec[] = [
  volumeOption,
  option('prepare', 'divide and format the disk first: uefi, bios, data, or a JSON file', 'LAYOUT'),
  option('size', 'of a disk file that --prepare makes; K, M, G and T suffixes', 'SIZE'),
  option('format', 'of that file: vhdx, vhd or raw; by the ending of its name when absent', 'FORMAT'),
  option('kind', 'of that file: dynamic or fixed', 'KIND'),
  option('sector-size', 'of that disk: 512 or 4096', 'BYTES'),
  option(
    'overwrite',
    'replace a disk file, or what is on a volume of one; a physical disk asks for its name',
  ),
  option('confirm', 'of a physical disk: its name as the plan tells it', 'NAME'),
  option('identity', 'of a physical disk: the identity that it must have', 'IDENTITY'),
];
