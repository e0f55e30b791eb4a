import { directoryNames } from '../../platform/directoryNames';
import { AppError } from '../../../src-shared/errors/appError';
import { extensionTest } from './listing';
import { naturalKey } from './naturalOrder';
import type { PathRules } from './pathRules';

export interface CompletionRequest {
  readonly typed: string;
  readonly extensions: readonly string[];
  readonly directoriesOnly: boolean;
}

/** Paths that are offered. */
const OFFERED = 50;
/** Names that are looked at, and matches that are put in order: a person types on meanwhile. */
const NAMES = 200_000;
const MATCHES = 2000;

/**
 * Absolute paths that begin with what was typed, in any case of letters: directories first and with a separator at
 * their end, at most 50. Hidden names only when a dot was typed. Nothing where there is no such directory.
 */
export async function completePath(
  { typed, extensions, directoriesOnly }: CompletionRequest,
  rules: PathRules,
): Promise<string[]> {
  if (typed.includes('\0')) return [];
  const { directory, start } = whereTo(typed, rules);
  const wanted = extensionTest(extensions);
  const begin = start.toLowerCase();
  const found: { name: string; directory: boolean }[] = [];
  let looked = 0;
  try {
    for await (const piece of directoryNames(directory)) {
      for (const { name, kind } of piece) {
        const isDirectory = kind === 'directory';
        if (!name.toLowerCase().startsWith(begin) || (name.startsWith('.') && !start.startsWith('.')))
          continue;
        if (isDirectory || (!directoriesOnly && kind === 'file' && wanted(name))) {
          found.push({ name, directory: isDirectory });
        }
      }
      looked += piece.length;
      if (looked >= NAMES || found.length >= MATCHES) break;
    }
  } catch (error) {
    // Half a path often leads nowhere: there is nothing to offer.
    if (error instanceof AppError && error.code.startsWith('io/')) return [];
    throw error;
  }
  return found
    .map((match) => ({ ...match, key: naturalKey(match.name) }))
    .sort((a, b) => rank(a, start) - rank(b, start) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .slice(0, OFFERED)
    .map((match) => rules.join(directory, match.name) + (match.directory ? rules.separator : ''));
}

/** The directory whose names are offered, and what they begin with. `~` alone is the home directory. */
function whereTo(typed: string, rules: PathRules): { directory: string; start: string } {
  const whole = /^(~|[a-z]:)?$/i.test(typed) && (typed === '~' || typed === '' || rules.separator === '\\');
  if (whole) return { directory: rules.absolute(typed === '' ? '~' : typed), start: '' };
  const { directory, start } = rules.cut(typed);
  return { directory: rules.absolute(directory === '' ? '~' : directory), start };
}

/** Directories before files, and what begins with the very letters before what begins with others. */
function rank(match: { name: string; directory: boolean }, start: string): number {
  return (match.directory ? 0 : 2) + (match.name.startsWith(start) ? 0 : 1);
}
