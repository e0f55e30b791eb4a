import { pathNames } from './imagePath';
import { compileNamePattern, foldCase, hasWildcards, type NameTest } from './namePattern';

export interface PathGlobOptions {
  /** Letters of either case are equal; wimlib-imagex does this on Windows and with WIMLIB_IMAGEX_IGNORE_CASE. */
  readonly caseInsensitive?: boolean;
  /** false: '*' and '?' stand for themselves (--no-globs). */
  readonly wildcards?: boolean;
}

/** A compiled path with wildcards. Wildcards act within one name: they never match a separator. */
export interface PathGlob {
  /** As it was given. */
  readonly pattern: string;
  readonly hasWildcards: boolean;
  /** Number of names; 0 is the root. */
  readonly depth: number;
  /** Path of the directory, '/' at least, below which every match lies; the whole path when nothing is wild. */
  readonly literalPrefix: string;
  /** Whether a path of the image ('/Windows/notepad.exe') matches as a whole. */
  matches(path: string): boolean;
  /** Whether the name at that level (0 is right below the root) fits: to walk down without building paths. */
  matchesName(level: number, name: string): boolean;
}

/**
 * Compiles a path of the image, wildcards `*` and `?` allowed, as `wimlib-imagex extract` takes them: absolute with
 * or without the leading slash, either slash.
 */
export function compilePathGlob(pattern: string, options: PathGlobOptions = {}): PathGlob {
  const { caseInsensitive = false, wildcards = true } = options;
  const fold = caseInsensitive ? foldCase : (text: string): string => text;
  const names = pathNames(pattern);
  const isWild = (name: string): boolean => wildcards && hasWildcards(name);
  const tests = names.map((name): NameTest => {
    const folded = fold(name);
    return wildcards ? compileNamePattern(folded) : (candidate) => candidate === folded;
  });
  const firstWild = names.findIndex(isWild);
  const literal = firstWild < 0 ? names : names.slice(0, firstWild);
  return {
    pattern,
    hasWildcards: firstWild >= 0,
    depth: names.length,
    literalPrefix: '/' + literal.join('/'),
    matches(path) {
      const parts = path.split('/').filter((part) => part !== '');
      return parts.length === tests.length && tests.every((test, level) => test(fold(parts[level])));
    },
    matchesName(level, name) {
      return level < tests.length && tests[level](fold(name));
    },
  };
}
