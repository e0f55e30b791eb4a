import type {
  ApplyRequest,
  CompactChoice,
  PrepareChoice,
  VolumeChoice,
} from '../../../src-shared/model/requests';
import type { Draft } from '../command';
import { formatOfName, parseDiskSize } from './diskVerb';
import type { ArgumentReader, OptionReader } from './reader';

const namedLayouts = ['uefi', 'bios', 'data'] as const;

/**
 * Whether a name is that of a disk rather than of a WIM or a directory: by its ending, or because it is a device.
 * /dev/shm is a volume in memory, with files.
 */
export function isDiskName(name: string): boolean {
  return (
    /^(\/dev\/(?!shm(?:\/|$))|[\\/]{2}[.?][\\/]PhysicalDrive)/i.test(name) || formatOfName(name) !== undefined
  );
}

/** Sets `volume` where it is named, or where the name is that of a disk. */
export function readVolume(
  args: OptionReader,
  request: Draft<{ readonly volume?: VolumeChoice }>,
  name: string,
): void {
  const volume = args.last('volume');
  if (volume === '') throw args.usage('--volume takes auto, a number, a label or a GUID');
  if (volume !== undefined) request.volume = volume;
  else if (isDiskName(name)) request.volume = 'auto';
}

/**
 * Sets what an application to a disk needs.
 * @returns the file that holds the layout of --prepare, where it is none of ours
 */
export function readDiskTarget(args: ArgumentReader, request: Draft<ApplyRequest>): string | undefined {
  const layout = args.last('prepare');
  const confirm = args.last('confirm');
  const identity = args.last('identity');
  if (args.has('overwrite')) request.overwrite = true;
  if (confirm !== undefined) request.confirmation = confirm;
  if (identity !== undefined) request.identity = identity;
  if (layout === undefined) {
    for (const name of ['size', 'format', 'kind', 'sector-size'])
      if (args.has(name)) throw args.usage(`--${name} belongs to --prepare`);
    readVolume(args, request, request.target);
    return undefined;
  }
  if (args.has('volume')) throw args.usage('--prepare makes the volumes: leave out --volume');
  if (layout === '') throw args.usage('--prepare takes uefi, bios, data, or the name of a JSON file');
  const named = namedLayouts.find((name) => name === layout.toLowerCase());
  const prepare: Draft<PrepareChoice> = { layout: named ?? 'data' };
  const size = args.last('size');
  if (size !== undefined) prepare.size = parseDiskSize(size, '--size');
  const format = oneOf(args, 'format', ['vhdx', 'vhd', 'raw'] as const) ?? formatOfName(request.target);
  if (size !== undefined && format === undefined) {
    throw args.usage(`"${request.target}" does not end as a disk file does: say --format=vhdx, vhd or raw`);
  }
  if (format !== undefined) prepare.format = format;
  const kind = oneOf(args, 'kind', ['dynamic', 'fixed'] as const);
  if (kind !== undefined) prepare.kind = kind;
  const sectorSize = oneOf(args, 'sector-size', ['512', '4096'] as const);
  if (sectorSize !== undefined) prepare.sectorSize = Number(sectorSize);
  request.prepare = prepare;
  return named === undefined ? layout : undefined;
}

const compactFormats: readonly CompactChoice[] = ['xpress4k', 'xpress8k', 'xpress16k', 'lzx'];

/** --compact, as wimlib-imagex names the formats. */
export function readCompact(args: ArgumentReader): CompactChoice | undefined {
  const value = args.last('compact');
  if (value === undefined) return undefined;
  const found = compactFormats.find((format) => format === value.toLowerCase());
  if (found === undefined)
    throw args.usage(`"${value}" is no system compression; the choices are ${compactFormats.join(', ')}`);
  return found;
}

function oneOf<T extends string>(args: ArgumentReader, name: string, choices: readonly T[]): T | undefined {
  const value = args.last(name);
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value.toLowerCase());
  if (found === undefined) throw args.usage(`--${name} takes ${choices.join(', ')}, not "${value}"`);
  return found;
}
