import { UsageError } from '../usageError';
import { suggestion } from './nearest';

/** An option of a verb. The first name is the one that the rest of the program knows. */
export interface OptionSpec {
  readonly names: readonly string[];
  /** Word for the value in help texts; absent: the option takes none. */
  readonly value?: string;
  /** One line for the help page; empty: not listed there. */
  readonly help: string;
}

export interface GivenOption {
  readonly name: string;
  /** '' for options without a value. */
  readonly value: string;
}

export interface SplitArguments {
  readonly options: readonly GivenOption[];
  readonly operands: readonly string[];
}

/**
 * Splits arguments as getopt_long_only does: options anywhere, with one or two dashes, the value after '=' or as the
 * next argument, unambiguous beginnings of names, '--' before arguments that are no options.
 *
 * @param tables searched in order; a beginning is looked up in a later table only when no earlier one knows it, so
 *   options that wimsmith adds never make a line ambiguous that wimlib-imagex accepts
 */
export function splitArguments(
  args: readonly string[],
  tables: readonly (readonly OptionSpec[])[],
  verb: string,
): SplitArguments {
  const options: GivenOption[] = [];
  const operands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '--') {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      operands.push(arg);
      continue;
    }
    const text = arg.slice(arg.startsWith('--') ? 2 : 1);
    const equals = text.indexOf('=');
    const given = equals < 0 ? text : text.slice(0, equals);
    const spec = findOption(given, tables, verb);
    const shown = `--${spec.names[0]}`;
    if (spec.value === undefined) {
      if (equals >= 0) throw new UsageError(`${shown} takes no value`, verb);
      options.push({ name: spec.names[0], value: '' });
    } else if (equals >= 0) {
      options.push({ name: spec.names[0], value: text.slice(equals + 1) });
    } else {
      i += 1;
      if (i >= args.length) throw new UsageError(`${shown} needs a value: ${shown}=${spec.value}`, verb);
      options.push({ name: spec.names[0], value: args[i] });
    }
  }
  return { options, operands };
}

/** The option that is called `given`, or that alone begins so. */
function findOption(given: string, tables: readonly (readonly OptionSpec[])[], verb: string): OptionSpec {
  for (const table of tables) {
    const exact = table.find((spec) => spec.names.includes(given));
    if (exact !== undefined) return exact;
  }
  for (const table of given === '' ? [] : tables) {
    const found = table.filter((spec) => spec.names.some((name) => name.startsWith(given)));
    if (found.length === 1) return found[0];
    if (found.length > 1) {
      const names = found.map((spec) => `--${spec.names[0]}`).join(', ');
      throw new UsageError(`--${given} can mean ${names}`, verb);
    }
  }
  const known = tables.flatMap((table) => table.flatMap((spec) => spec.names));
  throw new UsageError(`${verb} has no option --${given}${suggestion(given, known, '--')}`, verb);
}
