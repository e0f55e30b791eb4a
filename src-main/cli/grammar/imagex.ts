import type { CommonChoices, ParsedCommandLine } from '../command';
import { UsageError } from '../usageError';
import { logFile, readCommon } from './common';
import { operandsInRun, type RefRun, refRunAt } from './imagexRef';
import { type ImageXLine, imagexAction } from './imagexVerbs';
import {
  imagexHelp,
  imagexMountVerbs,
  imagexSwitches,
  imagexVerbs,
  effectiveSwitches,
  type ImageXVerb,
  knownSwitch,
  type TypedSwitch,
} from './imagexSwitches';
import { commonOptions } from './optionTables';
import { suggestion } from './nearest';
import { mountRefusal, plain, withDryRun } from './outcome';
import { type GivenOption, splitArguments } from './options';

const allSwitches = [...Object.keys(imagexVerbs), ...Object.keys(imagexSwitches)];

/** Say something about the way in which ImageX works that needs no answer. */
const silentSwitches: readonly string[] = ['logfile', 'verify', 'scroll'];

const compressionWords = ['maximum', 'max', 'fast', 'none', 'recovery'];

/** Whether a command line whose first argument is `first` is one of ImageX's. */
export function beginsImageXLine(first: string): boolean {
  return first.startsWith('/') || (first.startsWith('-') && !first.startsWith('--') && first !== '-');
}

/**
 * Understands ImageX's own lines. Switches begin with '/' or '-', in any letter case, anywhere. On POSIX a path begins
 * with '/' too: an argument is a switch when ImageX knows a switch of exactly that name, so the directory /boot is
 * written /boot/ here.
 */
export function parseImageXLine(
  args: readonly string[],
  leading: readonly GivenOption[],
  platform: string,
): ParsedCommandLine {
  const scan = scanLine(args, platform);
  const common: CommonChoices = readCommon([...leading, ...scan.common], null);
  const named = (name: string): boolean => scan.common.some((option) => option.name === name);
  if (scan.help !== undefined) return plain({ verb: 'help', topic: scan.help });
  if (named('help')) return plain({ verb: 'help', topic: 'imagex' });
  if (named('version')) return plain({ verb: 'version' });
  if (scan.mounting) return plain({ verb: 'help', topic: 'imagex' }, [mountRefusal], common);
  if (scan.verb === null) {
    const meant = suggestion(args[0].slice(1), Object.keys(imagexVerbs), '/');
    throw new UsageError(`${args[0]} is no verb of ImageX${meant}`, 'imagex');
  }
  const typedLog = scan.values.get('logfile')?.at(-1);
  const log = typedLog === undefined ? undefined : logFile(typedLog, '/logfile', 'imagex');
  const notes = notesOn(scan.verb, [...scan.values.keys()]);
  const line: ImageXLine = { verb: scan.verb, operands: scan.operands, values: scan.values };
  return {
    action: withDryRun(imagexAction(line), common.dryRun),
    common: { ...common, ...(log === undefined ? {} : { log }) },
    notes,
    refusals: [],
  };
}

interface ScannedLine {
  readonly verb: ImageXVerb | null;
  /** Topic of the help that is asked for: ImageX's lines by "/?", the overview by "-h". */
  readonly help: 'imagex' | null | undefined;
  readonly mounting: boolean;
  readonly operands: readonly string[];
  /** Switch to its values; a switch without one has an empty list. */
  readonly values: ReadonlyMap<string, string[]>;
  readonly common: readonly GivenOption[];
}

function scanLine(args: readonly string[], platform: string): ScannedLine {
  let verb: ImageXVerb | null = null;
  let help: 'imagex' | null | undefined;
  let mounting = false;
  const operands: string[] = [];
  const values = new Map<string, string[]>();
  const common: GivenOption[] = [];
  let run: RefRun | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg.startsWith('--')) {
      // A value of its own follows only such options as take one and have none attached.
      const takesNext = commonOptions.some(
        (spec) => spec.value !== undefined && `--${spec.names[0]}` === arg,
      );
      const taken = args.slice(i, i + (takesNext ? 2 : 1));
      common.push(...splitArguments(taken, [commonOptions], 'imagex').options);
      i += taken.length - 1;
      continue;
    }
    const typed = knownSwitch(arg);
    if (typed === undefined) {
      if (arg.startsWith('/') && platform === 'win32')
        throw new UsageError(
          `ImageX has no switch ${arg}${suggestion(arg.slice(1), allSwitches, '/')}`,
          'imagex',
        );
      operands.push(platform === 'win32' ? rootOfDrive(arg) : arg);
    } else if (Object.hasOwn(imagexVerbs, typed.name)) {
      if (verb === null) verb = typed.name as ImageXVerb;
      else operands.push(arg);
    } else if (imagexHelp.includes(typed.name)) {
      help = arg.startsWith('/') ? 'imagex' : null;
    } else if (imagexMountVerbs.includes(typed.name)) {
      mounting = true;
    } else if (typed.name === 'ref' && typed.attached === undefined && i + 1 < args.length) {
      if (knownSwitch(args[i + 1]) !== undefined) throw new UsageError('/ref needs a value', 'imagex');
      run = refRunAt(args, i, operands.length);
      values.set('ref', [...(values.get('ref') ?? []), ...run.files]);
      i += run.files.length;
    } else {
      const taken = takeValues(typed, args, i);
      values.set(typed.name, [...(values.get(typed.name) ?? []), ...taken.values]);
      i += taken.count;
    }
  }
  if (run !== undefined && verb !== null && help === undefined) {
    const count = operandsInRun(run, operands, verb);
    const ref = values.get('ref') ?? [];
    // The run is the last of the references, and its end is what belongs to the verb.
    if (count > 0) operands.splice(run.at, 0, ...ref.splice(-count));
  }
  return { verb, help, mounting, operands, values, common };
}

/** Values of the switch at `index`: attached with ':' or '=', or the arguments after it. */
function takeValues(
  typed: TypedSwitch,
  args: readonly string[],
  index: number,
): { readonly values: string[]; readonly count: number } {
  const kind = imagexSwitches[typed.name];
  if (typed.attached !== undefined) {
    if (kind === 'none') throw new UsageError(`/${typed.name} takes no value`, 'imagex');
    if (kind === 'compression') compressionWord(typed.attached, `/compress:${typed.attached}`);
    return { values: [typed.attached], count: 0 };
  }
  const next = args.at(index + 1);
  if (kind === 'none') return { values: [], count: 0 };
  if (kind === 'compression') {
    if (next === undefined) throw new UsageError(compressionProblem('/compress'), 'imagex');
    return { values: [compressionWord(next, `/compress ${next}`)], count: 1 };
  }
  if (kind === 'count') {
    return next !== undefined && /^\d+$/.test(next) ? { values: [next], count: 1 } : { values: [], count: 0 };
  }
  if (next === undefined || knownSwitch(next) !== undefined) {
    throw new UsageError(`/${typed.name} needs a value`, 'imagex');
  }
  return { values: [next], count: 1 };
}

/** Anything else after /compress is a slip, and would end as a name or a description. */
function compressionWord(word: string, typed: string): string {
  if (compressionWords.includes(word.toLowerCase())) return word;
  throw new UsageError(compressionProblem(typed), 'imagex');
}

function compressionProblem(typed: string): string {
  return `${typed}: /compress takes maximum, fast or none`;
}

/** What is said about switches that change nothing in this line. */
function notesOn(verb: ImageXVerb, names: readonly string[]): string[] {
  return names
    .filter((name) => !effectiveSwitches[verb].includes(name) && !silentSwitches.includes(name))
    .map((name) =>
      name === 'temp'
        ? '/temp has no effect: temporary files lie beside the WIM'
        : `/${name} has no effect with /${verb}`,
    );
}

/** "C:" means the drive's current directory to Windows, and its root to ImageX. */
function rootOfDrive(argument: string): string {
  return /^[a-z]:$/i.test(argument) ? `${argument}\\` : argument;
}
