import type { DriversTask } from '../command';
import type { OptionSpec } from './options';

const option = (name: string, help: string, value?: string): OptionSpec => ({
  names: [name],
  help,
  ...(value === undefined ? {} : { value }),
});

const threads = option('threads', 'how many threads; 0 or absent: one for each processor', 'N');
const memory = option('memory', 'memory that threads may use; half of the machine’s when absent', 'SIZE');
const volume = option(
  'volume',
  'TARGET is a disk: auto (the volume with Windows), its number, label or GUID',
  'VOLUME',
);
const write = [
  option('check', 'of a WIM: check the integrity of what is read, write an integrity table'),
  option('include-integrity', 'of a WIM: write an integrity table, check nothing first'),
  option('rebuild', 'of a WIM: write the whole file anew instead of adding to its end'),
  threads,
  memory,
];

/** Options of each task of `wimsmith drivers`. */
export const driversOptions: Readonly<Record<DriversTask, readonly OptionSpec[]>> = {
  scan: [threads],
  check: [threads],
  match: [
    option('devices', 'this-pc, or a saved list of devices', 'FILE'),
    option('windows', 'which Windows: 11-24H2, 10-22H2, server-2025, 10.0.26100', 'WINDOWS'),
    option('arch', 'of that Windows: amd64 (default), arm64, x86', 'ARCHITECTURE'),
    option('check', 'hold every file against its catalog, too'),
    threads,
  ],
  add: [
    option('driver', 'a folder, an INF, a .zip or a .cab; repeatable, also several after a blank', 'PATH'),
    option('match', 'only what serves these devices: this-pc, or a saved list', 'FILE'),
    option('only', 'only this package: name or SHA-256 of its INF; repeatable', 'INF'),
    option('method', 'stage (Windows Setup installs them) or dism; dism where it can be used', 'METHOD'),
    option('boot', 'register what Windows starts from (storage) in its registry, too'),
    option('setup-complete', 'stage also by SetupComplete.cmd, which Windows runs after setup'),
    option('no-answer-file', 'stage without an answer file in the image'),
    option('answer-file', 'an answer file outside the image that gets the paths, too', 'FILE'),
    option('skip-faulty', 'leave faulty packages out, and add the others'),
    option('force-faulty', 'add faulty packages, too'),
    volume,
    ...write,
  ],
  list: [option('all', 'what Windows brings itself, too'), volume],
  export: [option('driver-name', 'only this driver: oem3.inf, or its own name; repeatable', 'NAME'), volume],
  remove: [option('all-staged', 'everything that was staged'), volume, ...write],
  devices: [],
  collect: [],
};
