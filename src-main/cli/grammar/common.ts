import type { CommonChoices, Draft } from '../command';
import { UsageError } from '../usageError';
import { commonOptions } from './optionTables';
import type { GivenOption } from './options';

export const defaultChoices: CommonChoices = {
  json: false,
  progress: 'auto',
  quiet: false,
  verbose: false,
  lowPriority: false,
  dryRun: false,
};

const progressForms = ['auto', 'line', 'json', 'none'] as const;

/** Options of every verb, whichever grammar they came with. */
export function readCommon(options: readonly GivenOption[], verb: string | null): CommonChoices {
  const common: Draft<CommonChoices> = { ...defaultChoices };
  for (const { name, value } of options) {
    if (name === 'json') common.json = true;
    else if (name === 'quiet') common.quiet = true;
    else if (name === 'verbose') common.verbose = true;
    else if (name === 'low-priority') common.lowPriority = true;
    else if (name === 'dry-run') common.dryRun = true;
    else if (name === 'log') common.log = logFile(value, '--log', verb);
    else if (name === 'progress') {
      const form = progressForms.find((known) => known === value);
      if (form === undefined) {
        throw new UsageError(`--progress takes ${progressForms.join(', ')}, not "${value}"`, verb);
      }
      common.progress = form;
    }
  }
  return common;
}

/** The name of the log, which must be one. */
export function logFile(value: string, option: string, verb: string | null): string {
  if (value === '') throw new UsageError(`${option} needs the name of a file`, verb);
  return value;
}

/** Whether a line asks for a document, also one that is not understood. */
export function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((arg) => arg === '--json' || arg === '-json');
}

/**
 * Takes the common options off the front, where they may stand before the verb or before an ImageX switch.
 * @returns how many arguments they are
 */
export function leadingOptions(args: readonly string[]): {
  readonly options: GivenOption[];
  readonly count: number;
} {
  const options: GivenOption[] = [];
  let i = 0;
  for (; i < args.length && args[i].startsWith('--') && args[i] !== '--'; i++) {
    const text = args[i].slice(2);
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    const spec = commonOptions.find((known) => known.names.includes(name));
    if (spec === undefined) {
      throw new UsageError(`--${name} stands before the verb; write the verb first`);
    }
    if (spec.value === undefined) options.push({ name, value: '' });
    else if (equals >= 0) options.push({ name, value: text.slice(equals + 1) });
    else {
      i += 1;
      if (i >= args.length) throw new UsageError(`--${name} needs a value: --${name}=${spec.value}`);
      options.push({ name, value: args[i] });
    }
  }
  return { options, count: i };
}
