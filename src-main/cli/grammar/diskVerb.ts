import type {
  DiskConvertRequest,
  DiskCreateRequest,
  DiskFormat,
  DiskPrepareRequest,
  DiskRepairRequest,
  DiskWipeRequest,
  LayoutChoice,
} from '../../../src-shared/model/disks';
import type { DiskAction, DiskTask, Draft, ParsedCommandLine } from '../command';
import { UsageError } from '../usageError';
import { readCommon } from './common';
import { diskOptions } from './diskOptions';
import { suggestion } from './nearest';
import { commonOptions } from './optionTables';
import { type GivenOption, splitArguments } from './options';
import { plain, withDryRun } from './outcome';
import { TaskArguments } from './taskArguments';

/** How each task's line goes on after its name. */
export const diskUsages: Readonly<Record<DiskTask, string>> = {
  list: '',
  info: 'DISK',
  create: 'FILE --size=SIZE',
  prepare: 'DISK --layout=LAYOUT',
  convert: 'DISK FILE',
  wipe: 'DISK',
  repair: 'DISK',
};

const namedLayouts = ['uefi', 'bios', 'data'] as const;
const formats: Readonly<Record<string, DiskFormat>> = {
  vhdx: 'vhdx',
  avhdx: 'vhdx',
  vhd: 'vhd',
  avhd: 'vhd',
  raw: 'raw',
  img: 'raw',
  bin: 'raw',
  dd: 'raw',
};

/** A line that begins with `disk`. @param args after that word */
export function parseDiskLine(args: readonly string[], leading: readonly GivenOption[]): ParsedCommandLine {
  const untilEnd = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (untilEnd.includes('--help')) return plain({ verb: 'help', topic: 'disk' });
  if (untilEnd.includes('--version')) return plain({ verb: 'version' });
  const at = args.findIndex((arg) => !arg.startsWith('-'));
  if (at < 0) throw new UsageError(`what about disks: ${taskList()}?`, 'disk');
  const task = args[at];
  if (!isDiskTask(task)) {
    const meant = suggestion(task, Object.keys(diskOptions), 'disk ');
    throw new UsageError(`"disk ${task}" is not known: ${taskList()}${meant}`, 'disk');
  }
  const rest = [...args.slice(0, at), ...args.slice(at + 1)];
  const { options, operands } = splitArguments(rest, [diskOptions[task], commonOptions], 'disk');
  if (options.some(({ name }) => name === 'help')) return plain({ verb: 'help', topic: 'disk' });
  if (options.some(({ name }) => name === 'version')) return plain({ verb: 'version' });
  const common = readCommon([...leading, ...options], 'disk');
  const action = readers[task](new DiskArguments(task, options, operands));
  return { action: withDryRun(action, common.dryRun), common, notes: [], refusals: [] };
}

function isDiskTask(text: string): text is DiskTask {
  return Object.hasOwn(diskOptions, text);
}

function taskList(): string {
  return Object.keys(diskOptions).join(', ');
}

/** Options and operands of one line. */
class DiskArguments extends TaskArguments {
  constructor(task: DiskTask, options: readonly GivenOption[], operands: readonly string[]) {
    super('disk', task, diskUsages[task], options, operands);
  }

  /** --kind, or --fixed. */
  kind<T extends string>(choices: readonly (T | 'fixed')[]): T | 'fixed' | undefined {
    const given = this.oneOf('kind', choices);
    if (!this.has('fixed')) return given;
    if (given !== undefined && given !== 'fixed') throw this.usage(`--fixed excludes --kind=${given}`);
    return 'fixed';
  }

  /** Bytes of an option. */
  size(name: string): number | undefined {
    const value = this.last(name);
    return value === undefined ? undefined : parseDiskSize(value, `--${name}`);
  }

  /** --format, or what the ending of the name says. */
  format(file: string): DiskFormat {
    const given = this.oneOf('format', ['vhdx', 'vhd', 'raw']);
    if (given !== undefined) return given;
    const found = formatOfName(file);
    if (found === undefined) {
      throw this.usage(`"${file}" does not end as a disk file does: say --format=vhdx, vhd or raw`);
    }
    return found;
  }

  /** A layout of ours, or the name of a file that is read later. */
  layout(): { readonly layout?: LayoutChoice; readonly layoutFile?: string } {
    const value = this.last('layout');
    if (value === undefined) return {};
    if (value === '') throw this.usage('--layout takes uefi, bios, data, or the name of a JSON file');
    const named = namedLayouts.find((name) => name === value.toLowerCase());
    return named === undefined ? { layoutFile: value } : { layout: named };
  }
}

/** What the ending of a file's name says of its format. */
export function formatOfName(file: string): DiskFormat | undefined {
  const ending = /\.([^./\\]+)$/.exec(file)?.[1].toLowerCase() ?? '';
  return Object.hasOwn(formats, ending) ? formats[ending] : undefined;
}

const sizeUnits: Readonly<Record<string, number>> = {
  '': 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};

/** Bytes from a number with K, M, G or T (also GB, GiB), of 1024; fractions allowed before a unit. */
export function parseDiskSize(text: string, optionName: string): number {
  const match = /^(\d+(?:\.\d+)?)([kmgt]?)(?:i?b)?$/i.exec(text.trim());
  const bytes = match === null ? 0 : Number(match[1]) * sizeUnits[match[2].toLowerCase()];
  if (!(bytes > 0) || !Number.isSafeInteger(bytes)) {
    throw new UsageError(`${optionName}: "${text}" is no size; for example 64G or 512M`, 'disk');
  }
  return bytes;
}

const readers: Readonly<Record<DiskTask, (args: DiskArguments) => DiskAction>> = {
  list(args) {
    args.expect(0);
    return { verb: 'disk', task: 'list', request: {} };
  },
  info(args) {
    args.expect(1);
    return { verb: 'disk', task: 'info', request: { disk: args.operands[0] } };
  },
  create: readCreate,
  prepare: readPrepare,
  convert: readConvert,
  wipe: readWipe,
  repair: readRepair,
};

function readCreate(args: DiskArguments): DiskAction {
  args.expect(1);
  const parent = args.last('parent');
  const size = args.size('size');
  if (size === undefined && parent === undefined) throw args.usage('the size is missing: --size=64G');
  if (size !== undefined && parent !== undefined) {
    throw args.usage('a differencing disk has the size of its parent: leave out --size or --parent');
  }
  const kind = args.kind(['dynamic', 'fixed', 'differencing']);
  if (kind !== undefined && (kind === 'differencing') !== (parent !== undefined)) {
    throw args.usage('a differencing disk, and no other, has a --parent');
  }
  const { layout, layoutFile } = args.layout();
  if (parent !== undefined && (layout !== undefined || layoutFile !== undefined)) {
    throw args.usage('a differencing disk has the partitions of its parent: leave out --layout');
  }
  const [path] = args.operands;
  const request: Draft<DiskCreateRequest> = { path, size: size ?? 0, format: args.format(path) };
  if (parent !== undefined) request.kind = 'differencing';
  else if (kind !== undefined) request.kind = kind;
  if (parent !== undefined) request.parent = parent;
  if (layout !== undefined) request.layout = layout;
  const sectorSize = args.oneOf('sector-size', ['512', '4096']);
  if (sectorSize !== undefined) request.sectorSize = Number(sectorSize);
  const blockSize = args.size('block-size');
  if (blockSize !== undefined) request.blockSize = blockSize;
  if (args.has('overwrite')) request.overwrite = true;
  return { verb: 'disk', task: 'create', request, ...(layoutFile === undefined ? {} : { layoutFile }) };
}

function readPrepare(args: DiskArguments): DiskAction {
  args.expect(1);
  const { layout, layoutFile } = args.layout();
  if (layout === undefined && layoutFile === undefined) {
    throw args.usage('the layout is missing: --layout=uefi, bios, data, or a JSON file');
  }
  const request: Draft<DiskPrepareRequest> = { disk: args.operands[0], layout: layout ?? 'data' };
  readTarget(args, request);
  return { verb: 'disk', task: 'prepare', request, ...(layoutFile === undefined ? {} : { layoutFile }) };
}

function readConvert(args: DiskArguments): DiskAction {
  args.expect(2);
  const [disk, destination] = args.operands;
  const request: Draft<DiskConvertRequest> = { disk, destination, format: args.format(destination) };
  const kind = args.kind(['dynamic', 'fixed']);
  if (kind !== undefined) request.kind = kind;
  const blockSize = args.size('block-size');
  if (blockSize !== undefined) request.blockSize = blockSize;
  if (args.has('overwrite')) request.overwrite = true;
  return { verb: 'disk', task: 'convert', request };
}

function readWipe(args: DiskArguments): DiskAction {
  args.expect(1);
  const request: Draft<DiskWipeRequest> = { disk: args.operands[0] };
  readTarget(args, request);
  if (args.has('all')) request.all = true;
  return { verb: 'disk', task: 'wipe', request };
}

function readRepair(args: DiskArguments): DiskAction {
  args.expect(1);
  const request: Draft<DiskRepairRequest> = { disk: args.operands[0] };
  readTarget(args, request);
  const from = args.oneOf('from', ['primary', 'backup']);
  if (from !== undefined) request.from = from;
  return { verb: 'disk', task: 'repair', request };
}

function readTarget(
  args: DiskArguments,
  request: Draft<Pick<DiskWipeRequest, 'identity' | 'confirmation' | 'overwrite'>>,
): void {
  const confirm = args.last('confirm');
  if (confirm !== undefined) request.confirmation = confirm;
  const identity = args.last('identity');
  if (identity !== undefined) request.identity = identity;
  if (args.has('overwrite')) request.overwrite = true;
}
