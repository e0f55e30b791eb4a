import type { DiskTask } from '../command';
import type { OptionSpec } from './options';

const option = (name: string, help: string, value?: string): OptionSpec => ({
  names: [name],
  help,
  ...(value === undefined ? {} : { value }),
});

const fixed = option('fixed', 'the same as --kind=fixed');
const layout = option('layout', 'uefi, bios, data, or a JSON file', 'LAYOUT');
const format = option('format', 'vhdx, vhd or raw; by the ending of the name when absent', 'FORMAT');
const blockSize = option('block-size', 'of a dynamic disk; K and M suffixes', 'SIZE');
const confirm = option('confirm', 'of a physical disk: its name as the plan tells it', 'NAME');
const identity = option(
  'identity',
  'of a physical disk: the identity that it must have, from --json',
  'IDENTITY',
);

/** Options of each task of `wimsmith disk`. */
export const diskOptions: Readonly<Record<DiskTask, readonly OptionSpec[]>> = {
  list: [],
  info: [],
  create: [
    option('size', 'of the disk; K, M, G and T suffixes, of 1024', 'SIZE'),
    format,
    option('kind', 'dynamic (takes space as it fills) or fixed', 'KIND'),
    fixed,
    option('layout', 'divide and format it: uefi, bios, data, or a JSON file', 'LAYOUT'),
    option('sector-size', '512 or 4096', 'BYTES'),
    blockSize,
    option('parent', 'make a differencing disk on top of that one', 'FILE'),
    option('overwrite', 'replace a file of that name'),
  ],
  prepare: [layout, confirm, identity, option('overwrite', 'prepare a disk file although it is not empty')],
  convert: [
    format,
    option('kind', 'dynamic or fixed', 'KIND'),
    fixed,
    blockSize,
    option('overwrite', 'replace a file of that name'),
  ],
  wipe: [
    option('all', 'every byte, not only tables and the beginning and end of each partition'),
    confirm,
    identity,
    option('overwrite', 'wipe a disk file although it is not empty'),
  ],
  repair: [
    option('from', 'the copy that counts where both are good: primary (default) or backup', 'COPY'),
    confirm,
    identity,
  ],
};
