import type { ParsedCommandLine, WorkVerb } from '../command';
import { UsageError } from '../usageError';
import { leadingOptions, readCommon, wantsJson } from './common';
import { beginsImageXLine, parseImageXLine } from './imagex';
import { parseDiskLine } from './diskVerb';
import { parseDriversLine } from './driversVerb';
import { commonOptions, optionTables, ownOptions } from './optionTables';
import { type GivenOption, splitArguments } from './options';
import { mountRefusal, plain, withDryRun } from './outcome';
import { nearest } from './nearest';
import { ArgumentReader } from './reader';
import { wimlibVerbs } from './wimlibVerbs';

/** Verbs of wimlib-imagex that are understood and refused. */
export const mountVerbs: readonly string[] = ['mount', 'mountrw', 'unmount'];

/**
 * Understands a command line in either grammar: wimlib-imagex's when it begins with a verb, ImageX's when it begins
 * with one of its switches.
 * @param args without the program's name
 * @param platform as Node names it; 'win32' has no paths that begin with '/'
 * @throws UsageError
 */
export function parseCommandLine(args: readonly string[], platform: string): ParsedCommandLine {
  const { action, common, ...remarks } = parseLine(args, platform);
  // Lines that only print a text, and those that are refused, have no options but this one.
  return { ...remarks, action, common: { ...common, json: common.json || wantsJson(args) } };
}

function parseLine(args: readonly string[], platform: string): ParsedCommandLine {
  const leading = leadingOptions(args);
  const rest = args.slice(leading.count);
  if (leading.options.some(({ name }) => name === 'version')) return plain({ verb: 'version' });
  const helpFirst = leading.options.some(({ name }) => name === 'help');
  if (rest.length === 0) {
    if (helpFirst) return plain({ verb: 'help', topic: null });
    throw new UsageError('no verb');
  }
  if (helpFirst) return plain({ verb: 'help', topic: rest[0] });
  if (beginsImageXLine(rest[0])) return parseImageXLine(rest, leading.options, platform);
  return parseWimlibLine(rest, leading.options);
}

function parseWimlibLine(args: readonly string[], leading: readonly GivenOption[]): ParsedCommandLine {
  const [first, ...rest] = args;
  if (first === 'help') return plain({ verb: 'help', topic: helpTopic(rest) });
  if (first === 'disk') return parseDiskLine(rest, leading);
  if (first === 'drivers') return parseDriversLine(rest, leading);
  // Before anything else is looked at, as wimlib-imagex does.
  const untilEnd = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (mountVerbs.includes(first)) {
    return plain({ verb: 'help', topic: first }, untilEnd.includes('--help') ? [] : [mountRefusal]);
  }
  if (!isWorkVerb(first)) {
    throw new UsageError(`"${first}" is no verb${meantVerb(first)}`);
  }
  if (untilEnd.includes('--help')) return plain({ verb: 'help', topic: first });
  if (untilEnd.includes('--version')) return plain({ verb: 'version' });
  const tables = [optionTables[first], ownOptions[first] ?? [], commonOptions];
  const { options, operands } = splitArguments(rest, tables, first);
  if (options.some(({ name }) => name === 'help')) return plain({ verb: 'help', topic: first });
  if (options.some(({ name }) => name === 'version')) return plain({ verb: 'version' });
  const reader = new ArgumentReader(first, options, operands);
  const common = readCommon([...leading, ...options], first);
  return {
    action: withDryRun(wimlibVerbs[first](reader), common.dryRun),
    common,
    notes: reader.notes,
    refusals: reader.refusals,
  };
}

/** What help is asked for; options of every verb may stand anywhere. */
function helpTopic(args: readonly string[]): string | null {
  const isCommon = (arg: string): boolean =>
    arg.startsWith('--') && commonOptions.some(({ names }) => names.includes(arg.slice(2).split('=')[0]));
  return args.find((arg) => !isCommon(arg)) ?? null;
}

function meantVerb(word: string): string {
  const verb = nearest(word, [...Object.keys(wimlibVerbs), 'disk', 'drivers', ...mountVerbs, 'help']);
  return verb === undefined ? '' : `; did you mean "${verb}"?`;
}

export function isWorkVerb(text: string): text is WorkVerb {
  return Object.hasOwn(wimlibVerbs, text);
}
