import type {
  DeviceListChoice,
  DriverArchitecture,
  DriversAddRequest,
  DriversExportRequest,
  DriversListRequest,
  DriversMatchRequest,
  DriversRemoveRequest,
  DriversScanRequest,
  OfflinePlace,
} from '../../../src-shared/model/drivers';
import { ALL_IMAGES } from '../../../src-shared/model/requests';
import type { DriversAction, DriversTask, Draft, ParsedCommandLine } from '../command';
import { UsageError } from '../usageError';
import { readCommon } from './common';
import { driversOptions } from './driversOptions';
import { suggestion } from './nearest';
import { commonOptions } from './optionTables';
import { type GivenOption, splitArguments } from './options';
import { plain, withDryRun } from './outcome';
import { readIntegrity, readThreads } from './shared';
import { TaskArguments } from './taskArguments';
import { parseImage } from './values';
import { readVolume } from './volumeArguments';

/** How each task's line goes on after its name. */
export const driversUsages: Readonly<Record<DriversTask, string>> = {
  scan: 'PATH...',
  check: 'PATH...',
  match: 'PATH... --devices=FILE --windows=WINDOWS',
  add: 'TARGET [IMAGE] --driver=PATH...',
  list: 'TARGET [IMAGE]',
  export: 'TARGET [IMAGE] DESTINATION',
  remove: 'TARGET [IMAGE] NAME...',
  devices: '[FILE]',
  collect: 'FILE',
};

const architectures: readonly DriverArchitecture[] = ['x86', 'amd64', 'arm64', 'arm', 'ia64'];
/** What people call them besides. */
const architectureNames: Readonly<Record<string, DriverArchitecture>> = {
  x64: 'amd64',
  x86_64: 'amd64',
  i386: 'x86',
  aarch64: 'arm64',
};

/** A line that begins with `drivers`. @param args after that word */
export function parseDriversLine(
  args: readonly string[],
  leading: readonly GivenOption[],
): ParsedCommandLine {
  const untilEnd = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (untilEnd.includes('--help')) return plain({ verb: 'help', topic: 'drivers' });
  if (untilEnd.includes('--version')) return plain({ verb: 'version' });
  const at = args.findIndex((arg) => !arg.startsWith('-'));
  if (at < 0) throw new UsageError(`what about drivers: ${taskList()}?`, 'drivers');
  const task = args[at];
  if (!isDriversTask(task)) {
    const meant = suggestion(task, Object.keys(driversOptions), 'drivers ');
    throw new UsageError(`"drivers ${task}" is not known: ${taskList()}${meant}`, 'drivers');
  }
  const rest = [...args.slice(0, at), ...args.slice(at + 1)];
  const { options, operands } = splitArguments(
    task === 'add' ? severalDrivers(rest) : rest,
    [driversOptions[task], commonOptions],
    'drivers',
  );
  if (options.some(({ name }) => name === 'help')) return plain({ verb: 'help', topic: 'drivers' });
  if (options.some(({ name }) => name === 'version')) return plain({ verb: 'version' });
  const common = readCommon([...leading, ...options], 'drivers');
  const reader = new TaskArguments('drivers', task, driversUsages[task], options, operands);
  return { action: withDryRun(readers[task](reader), common.dryRun), common, notes: [], refusals: [] };
}

function isDriversTask(text: string): text is DriversTask {
  return Object.hasOwn(driversOptions, text);
}

function taskList(): string {
  return Object.keys(driversOptions).join(', ');
}

/**
 * `TARGET --driver A B C`, as a shell writes `--driver packs/*`: what follows the value after a blank is of the option,
 * too, once the target is there. A line whose first word is an option has its target behind one value.
 */
function severalDrivers(args: readonly string[]): string[] {
  const result: string[] = [];
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  let operands = 0;
  for (let i = 0; i < end; i++) {
    const arg = args[i];
    if (arg !== '--driver' && arg !== '-driver') {
      result.push(arg);
      if (!arg.startsWith('-')) operands += 1;
      // A value is no operand.
      else if (takesValue(arg) && i + 1 < end) result.push(args[(i += 1)]);
      continue;
    }
    result.push(arg);
    if (i + 1 < end) result.push(args[(i += 1)]);
    if (operands === 0) continue;
    while (i + 1 < end && !args[i + 1].startsWith('-')) {
      i += 1;
      if (operands === 1 && /^\d+$/.test(args[i]))
        throw new UsageError(`is "${args[i]}" an image? Write it before --driver`, 'drivers');
      result.push(`--driver=${args[i]}`);
    }
  }
  return [...result, ...args.slice(end)];
}

function takesValue(arg: string): boolean {
  if (arg.includes('=')) return false;
  const name = arg.replace(/^--?/, '');
  const tables = [...driversOptions.add, ...commonOptions];
  const exact = tables.find(({ names }) => names.includes(name));
  if (exact !== undefined) return exact.value !== undefined;
  return tables.some(
    ({ names, value }) => value !== undefined && names.some((known) => known.startsWith(name)),
  );
}

const readers: Readonly<Record<DriversTask, (args: TaskArguments) => DriversAction>> = {
  scan: (args) => ({ verb: 'drivers', task: 'scan', request: readPaths(args) }),
  check: (args) => ({ verb: 'drivers', task: 'check', request: { ...readPaths(args), check: true } }),
  match: readMatch,
  add: readAdd,
  list: readList,
  export: readExport,
  remove: readRemove,
  devices(args) {
    args.expect(0, 1);
    const request = args.operands.length === 0 ? {} : { path: args.operands[0] };
    return { verb: 'drivers', task: 'devices', request };
  },
  collect(args) {
    args.expect(1);
    if (!/\.(cmd|bat)$/i.test(args.operands[0]))
      throw args.usage(
        `the script is one of cmd.exe: give it a name that ends with .cmd, not "${args.operands[0]}"`,
      );
    return { verb: 'drivers', task: 'collect', request: { path: args.operands[0] } };
  },
};

function readPaths(args: TaskArguments): Draft<DriversScanRequest> {
  args.expect(1, Infinity);
  const request: Draft<DriversScanRequest> = { paths: args.operands };
  readThreads(args, request);
  return request;
}

function readMatch(args: TaskArguments): DriversAction {
  const scan = readPaths(args);
  const devices = readDevices(args, 'devices');
  if (devices === undefined) throw args.usage('the devices are missing: --devices=this-pc, or a saved list');
  const windows = args.text('windows');
  if (windows === undefined) throw args.usage('which Windows is missing: --windows=11-24H2');
  const request: Draft<DriversMatchRequest> = {
    ...scan,
    devices,
    windows,
    architecture: readArchitecture(args),
  };
  if (args.has('check')) request.check = true;
  return { verb: 'drivers', task: 'match', request };
}

function readArchitecture(args: TaskArguments): DriverArchitecture {
  const given = args.last('arch')?.toLowerCase();
  if (given === undefined) return 'amd64';
  const found = Object.hasOwn(architectureNames, given)
    ? architectureNames[given]
    : architectures.find((known) => known === given);
  if (found === undefined)
    throw args.usage(
      `--arch takes ${architectures.join(', ')}, not "${given}"${suggestion(given, architectures)}`,
    );
  return found;
}

function readDevices(args: TaskArguments, name: string): DeviceListChoice | undefined {
  const value = args.text(name);
  if (value === undefined) return undefined;
  return value.toLowerCase() === 'this-pc' ? { kind: 'this-pc' } : { kind: 'file', path: value };
}

/** TARGET [IMAGE], and which volume. @param words operands that are left for them */
function readPlace(args: TaskArguments, words: readonly string[]): Draft<OfflinePlace> {
  const [path, image] = words as readonly [string, string | undefined];
  const place: Draft<OfflinePlace> = { path };
  readVolume(args, place, path);
  if (image === undefined) return place;
  if (place.volume !== undefined) throw args.usage(`a volume has no images: leave out "${image}"`);
  const choice = parseImage(image);
  if (choice === ALL_IMAGES) throw args.usage('one image at a time, not all of them');
  place.image = choice;
  return place;
}

function readAdd(args: TaskArguments): DriversAction {
  args.expect(1, 2);
  const drivers = args.all('driver');
  if (drivers.length === 0) throw args.usage('the drivers are missing: --driver=PATH');
  const request: Draft<DriversAddRequest> = { ...readPlace(args, args.operands), drivers };
  const devices = readDevices(args, 'match');
  if (devices !== undefined) request.devices = devices;
  const only = args.all('only');
  const hashes = only.filter(isHash).map((hash) => hash.toLowerCase());
  const names = only.filter((text) => !isHash(text));
  if (hashes.length > 0) request.only = hashes;
  const method = args.oneOf('method', ['stage', 'dism'] as const);
  if (method !== undefined) request.method = method;
  for (const name of ['setup-complete', 'no-answer-file', 'answer-file', 'boot'])
    if (method === 'dism' && args.has(name)) throw args.usage(`--${name} belongs to --method=stage`);
  if (args.has('boot')) request.registerForBoot = true;
  if (args.has('setup-complete')) request.setupComplete = true;
  if (args.has('no-answer-file')) request.noAnswerFile = true;
  const answerFile = args.text('answer-file');
  if (answerFile !== undefined) request.answerFile = answerFile;
  args.exclusive('skip-faulty', 'force-faulty');
  if (args.has('skip-faulty')) request.skipFaulty = true;
  if (args.has('force-faulty')) request.forceFaulty = true;
  readWrite(args, request);
  return { verb: 'drivers', task: 'add', request, ...(names.length === 0 ? {} : { onlyNames: names }) };
}

function readList(args: TaskArguments): DriversAction {
  args.expect(1, 2);
  const request: Draft<DriversListRequest> = readPlace(args, args.operands);
  if (args.has('all')) request.all = true;
  return { verb: 'drivers', task: 'list', request };
}

function readExport(args: TaskArguments): DriversAction {
  args.expect(2, 3);
  const place = readPlace(args, args.operands.slice(0, -1));
  const request: Draft<DriversExportRequest> = {
    ...place,
    destination: args.operands[args.operands.length - 1],
  };
  const names = args.all('driver-name');
  if (names.length > 0) request.drivers = names;
  return { verb: 'drivers', task: 'export', request };
}

/** Names of drivers end with ".inf", so what does not is the image. */
function readRemove(args: TaskArguments): DriversAction {
  args.expect(1, Infinity);
  const first = args.operands.findIndex((word, i) => i > 0 && isInfName(word));
  const place = first < 0 ? args.operands : args.operands.slice(0, first);
  const names = first < 0 ? [] : args.operands.slice(first);
  const other = names.find((name) => !isInfName(name)) ?? place[2];
  if (other !== undefined)
    throw args.usage(`"${other}" is no driver: their names end with .inf, as "wimsmith drivers list" shows`);
  const all = args.has('all-staged');
  if (all && names.length > 0) throw args.usage('--all-staged removes all: leave out the names');
  if (!all && names.length === 0) throw args.usage('what to remove is missing: names, or --all-staged');
  const request: Draft<DriversRemoveRequest> = { ...readPlace(args, place), drivers: all ? 'all' : names };
  readWrite(args, request);
  return { verb: 'drivers', task: 'remove', request };
}

/** Options about a WIM that is written. */
function readWrite(args: TaskArguments, request: Draft<DriversAddRequest | DriversRemoveRequest>): void {
  readIntegrity(args, request);
  readThreads(args, request);
  if (args.has('rebuild')) request.rebuild = true;
}

function isInfName(text: string): boolean {
  return /\.inf$/i.test(text);
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(text);
}
