import { AppError } from '../../../src-shared/errors/appError';
import type {
  Dism,
  DismAddition,
  DismAddReport,
  DismAddRequest,
  DismContext,
  DismDriver,
} from '../../engine/drivers/dism';
import {
  type AddOutput,
  type InfLine,
  parseAddOutput,
  parseDriverList,
  parseError,
  parseToolVersion,
} from './dismOutput';
import type { ProgramResult, RunProgram } from './runProgram';

/** ERROR_ELEVATION_REQUIRED */
const NEEDS_ADMINISTRATOR = 740;
/** ERROR_INVALID_PARAMETER: an option that this DISM does not know. */
const UNKNOWN_OPTION = 87;
/** ERROR_NOT_SUPPORTED: an image that this DISM cannot service. */
const NOT_SUPPORTED = 50;

/**
 * INFs of one run. DISM opens and closes the image each time, some seconds; but it must not be ended on its way, so a
 * request to stop waits for the end of the run.
 */
const INFS_OF_A_RUN = 16;
/** A command line of Windows ends at 32,767 characters. */
const MAX_LINE = 24_000;

/** DISM at `program`. Its text is asked for in English; see dismOutput for what is understood without. */
export function createDism(program: string, run: RunProgram): Dism {
  const dism = (args: readonly string[], onOutput?: (text: string) => void): Promise<ProgramResult> =>
    run(program, ['/English', ...args], onOutput);

  const listDrivers = async (image: string, all: boolean, signal?: AbortSignal): Promise<DismDriver[]> => {
    signal?.throwIfAborted();
    const result = await dism([`/Image:${image}`, '/Get-Drivers', ...(all ? ['/All'] : [])]);
    if (result.exitCode !== 0) throw failure(result, image, 'list the drivers of');
    return parseDriverList(result.output);
  };

  return {
    program,
    listDrivers,
    async readiness(signal) {
      signal?.throwIfAborted();
      // Whatever it is asked, it first wants to be run by an administrator.
      const { exitCode, output } = await dism(['/Get-MountedWimInfo']);
      if (exitCode === NEEDS_ADMINISTRATOR)
        return { usable: false, why: 'DISM needs a command prompt that runs as administrator' };
      if (exitCode !== 0) return { usable: false, why: `DISM ends with ${codeText(exitCode)}` };
      return { usable: true, version: parseToolVersion(output) ?? '' };
    },
    async addDrivers(request, context) {
      const before = await listDrivers(request.image, false, context.signal);
      const report = await addInRuns(dism, request, context);
      return confirmed(report, before, request.image, listDrivers);
    },
    async removeDrivers(image, published, signal) {
      for (const part of runsOf(published, 0)) {
        signal?.throwIfAborted();
        const names = part.map((name) => `/Driver:${name}`);
        const result = await dism([`/Image:${image}`, '/Remove-Driver', ...names]);
        if (result.exitCode !== 0) throw failure(result, image, 'remove drivers from');
      }
    },
  };
}

async function addInRuns(
  dism: (args: readonly string[], onOutput?: (text: string) => void) => Promise<ProgramResult>,
  request: DismAddRequest,
  { signal, onDriver }: DismContext,
): Promise<DismAddReport> {
  const additions: DismAddition[] = [];
  const infs = request.drivers.filter(isInf);
  const folders = request.drivers.filter((path) => !isInf(path));
  const runs = [...runsOf(infs, INFS_OF_A_RUN), ...folders.map((folder) => [folder])];
  let exitCode = 0;
  let done = 0;
  for (const paths of runs) {
    signal?.throwIfAborted();
    const args = [`/Image:${request.image}`, '/Add-Driver', ...paths.map((path) => `/Driver:${path}`)];
    if (!isInf(paths[0])) args.push('/Recurse');
    if (request.forceUnsigned === true) args.push('/ForceUnsigned');
    if (request.scratch !== undefined) args.push(`/ScratchDir:${request.scratch}`);
    const finished = done;
    const result = await dism(
      args,
      lineWatcher(({ number, total, inf }) => {
        onDriver?.(finished + number, isInf(paths[0]) ? infs.length : finished + total, inf);
      }),
    );
    const output = parseAddOutput(result.output, result.exitCode);
    if (result.exitCode !== 0) {
      exitCode = result.exitCode;
      // Before the image is open nothing of it is about a package.
      if (output.imageVersion === undefined) throw failure(result, request.image, 'add drivers to');
    }
    additions.push(...additionsOf(output, paths));
    done = isInf(paths[0]) ? done + paths.length : done;
  }
  return { additions, exitCode, warnings: [] };
}

/** One for each INF that is named, and one for each path that is not. */
function additionsOf({ lines, error }: AddOutput, paths: readonly string[]): DismAddition[] {
  const byOrder = paths.every(isInf);
  // INFs are installed in the order of the command line. Their paths come back in another code page.
  const given = ({ number, total, inf }: InfLine): string =>
    byOrder && total === paths.length && number > 0 ? paths[number - 1] : (same(paths, inf) ?? inf);
  const additions = lines.map((line): DismAddition => {
    if (line.installed === true) return { inf: given(line), outcome: 'installed' };
    const problem = line.problem === undefined || line.problem === '' ? error : line.problem;
    return {
      inf: given(line),
      outcome: 'failed',
      problem: problem === '' ? 'DISM does not say why' : problem,
      ...(line.errorCode === undefined ? {} : { errorCode: line.errorCode }),
    };
  });
  if (!byOrder && lines.length > 0) return additions;
  const named = new Set(additions.map(({ inf }) => inf.toLowerCase()));
  for (const path of paths) {
    if (named.has(path.toLowerCase())) continue;
    const problem = error === '' ? 'DISM passed it over' : error;
    additions.push({ inf: path, outcome: 'failed', problem });
  }
  return additions;
}

/** Holds what DISM said against its own list of the image. */
async function confirmed(
  report: DismAddReport,
  before: readonly DismDriver[],
  image: string,
  list: (image: string, all: boolean, signal?: AbortSignal) => Promise<readonly DismDriver[]>,
): Promise<DismAddReport> {
  if (report.additions.every(({ outcome }) => outcome === 'failed')) return report;
  // What is in the image now is told even when the person has asked to stop.
  const { signal } = new AbortController();
  let after = await list(image, false, signal);
  const missing = report.additions.some(
    ({ outcome, inf }) => outcome === 'installed' && entriesOf(after, inf).length === 0,
  );
  // A package that Windows brings itself is in the long list only.
  if (missing) after = await list(image, true, signal);
  const known = new Set(before.map(({ published }) => published.toLowerCase()));
  const additions = report.additions.map((addition): DismAddition => {
    if (addition.outcome === 'failed') return addition;
    const entries = entriesOf(after, addition.inf);
    if (entries.length === 0) {
      const problem = 'DISM says that it installed it, but its list of the image does not show it';
      return { inf: addition.inf, outcome: 'failed', problem };
    }
    const added = entries.filter(({ published }) => !known.has(published.toLowerCase()));
    const candidates = added.length > 0 ? added : entries;
    return candidates.length === 1 ? { ...addition, published: candidates[0].published } : addition;
  });
  return { ...report, additions };
}

function entriesOf(list: readonly DismDriver[], inf: string): DismDriver[] {
  const name = baseName(inf).toLowerCase();
  return list.filter(({ original }) => baseName(original).toLowerCase() === name);
}

function failure({ exitCode, output }: ProgramResult, image: string, doing: string): AppError {
  const facts = { path: image, exitCode };
  if (exitCode === NEEDS_ADMINISTRATOR)
    return new AppError('io/no-permission', `DISM needs administrator rights to ${doing} ${image}`, facts);
  const told = parseError(output, exitCode);
  const words = told === '' ? '' : `: ${told}`;
  const usual =
    exitCode === NOT_SUPPORTED
      ? '; this DISM may be older than the Windows in the image'
      : exitCode === UNKNOWN_OPTION
        ? '; this DISM may be too old for it'
        : '';
  return new AppError(
    'drivers/dism-failed',
    `DISM could not ${doing} ${image} (${codeText(exitCode)})${words}${usual}`,
    facts,
  );
}

/** Windows errors are known by their number, HRESULTs by their hexadecimal digits. */
function codeText(exitCode: number): string {
  const unsigned = exitCode >>> 0;
  return unsigned > 0xffff ? `error 0x${unsigned.toString(16).toUpperCase()}` : `error ${unsigned}`;
}

/** Calls `told` for each line of an INF once it is whole. */
function lineWatcher(told: (line: InfLine) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines)
      for (const found of parseAddOutput(line, 0).lines) if (found.number > 0) told(found);
  };
}

/** @param most members of one part; 0 for as many as the line takes */
function runsOf(paths: readonly string[], most: number): string[][] {
  const runs: string[][] = [];
  let length = 0;
  for (const path of paths) {
    const last = runs.at(-1);
    const size = path.length + '"/Driver:" '.length;
    if (last === undefined || length + size > MAX_LINE || (most > 0 && last.length >= most)) {
      runs.push([path]);
      length = size;
    } else {
      last.push(path);
      length += size;
    }
  }
  return runs;
}

function isInf(path: string): boolean {
  return /\.inf$/i.test(path);
}

/** The path that DISM means. Letters outside ASCII come in another code page: they are left out, if that is clear. */
function same(paths: readonly string[], inf: string): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[^\x20-\x7e]+/g, '?');
  const alike = paths.filter((path) => plain(path) === plain(inf));
  return alike.length === 1 ? alike[0] : undefined;
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
}
