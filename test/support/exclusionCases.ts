/** A configuration and a tree, with what a capture by wimlib leaves out of it. */
export interface ExclusionCase {
  readonly name: string;
  readonly config: string;
  readonly caseInsensitive: boolean;
  /** Parents before children. A directory's path ends without a slash. */
  readonly entries: readonly {
    readonly path: string;
    readonly directory: boolean;
    readonly excluded: boolean;
  }[];
}

/** The format of wimlib's own list: a configuration, a line '@@@', then paths; '- ' before one says it is left out. */
export function parseExclusionCase(name: string, text: string): ExclusionCase {
  const [config, list] = text.split('@@@\n');
  const entries = list
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({
      path: '/' + line.slice(2).replace(/\/$/, ''),
      directory: line.endsWith('/'),
      excluded: line.startsWith('- '),
    }));
  return { name, config, caseInsensitive: config.startsWith('# case insensitive'), entries };
}

/** Cases beyond wimlib's own, each about one rule. */
export const ownExclusionCases: readonly ExclusionCase[] = [
  parseExclusionCase(
    'star within one name',
    '[ExclusionList]\n\\a\\*\\c\n@@@\n  a/\n  a/b/\n- a/b/c\n  a/b/d/\n  a/b/d/c\n  a/c\n',
  ),
  parseExclusionCase(
    'a directory goes with all that is in it',
    '[ExclusionList]\nTemp\n@@@\n- Temp/\n- Temp/x\n  a/\n- a/Temp/\n- a/Temp/y/\n  a/Temperature\n',
  ),
  parseExclusionCase(
    'a relative exception does not reach into an excluded directory',
    '[ExclusionList]\n/dir\n[ExclusionException]\nkeep.txt\n@@@\n- dir/\n- dir/keep.txt\n',
  ),
  parseExclusionCase(
    'an exception takes back a whole directory',
    '[ExclusionList]\n/a/*\n[ExclusionException]\n/a/b\n@@@\n  a/\n  a/b/\n  a/b/c/\n  a/b/c/d\n- a/e\n',
  ),
  parseExclusionCase(
    'the way to a wild exception is kept',
    '[ExclusionList]\n/a\n[ExclusionException]\n/a/*/keep\n@@@\n  a/\n  a/b/\n  a/b/keep\n- a/b/drop\n  a/c/\n',
  ),
  parseExclusionCase('all names', '[ExclusionList]\n*\n[ExclusionException]\nb\n@@@\n- a/\n- a/b\n  b\n'),
  parseExclusionCase(
    'several wildcards',
    '[ExclusionList]\n*a?c*e\n@@@\n- abcde\n- xxabcde\n- aaabcace\n  ace\n  abcdef\n- axce\n',
  ),
  parseExclusionCase(
    'quotes, comments, drive letters',
    '; c\n[ExclusionList]\n"/with space"\nC:\\drive\n#/x\n@@@\n- with space\n- drive\n  x\n',
  ),
];
