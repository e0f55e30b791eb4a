import { contentLines, decodeTextFile, lineError, unquote } from '../textLines';

/**
 * A capture configuration (wimscript.ini, WimBootCompress.ini). Patterns have '/' as separator: with a leading one they
 * are paths from the root of what is captured, without they are names that match in every directory.
 */
export interface CaptureConfig {
  /** Left out of the image; a directory with all that is in it. */
  readonly exclusionList: readonly string[];
  /** Kept although {@link exclusionList} says otherwise. */
  readonly exclusionException: readonly string[];
  /** Stored without compression. */
  readonly compressionExclusionList: readonly string[];
  readonly compressionFolderList: readonly string[];
  /** Data that starts on a 64 KiB boundary of the file, for executing in place. */
  readonly alignmentList: readonly string[];
  /** Written as real files, not as pointers into the WIM, when the image is applied for WIMBoot. */
  readonly prepopulateList: readonly string[];
  readonly warnings: readonly ConfigWarning[];
}

/** Something in the configuration that has no effect, or not the one it seems to have. */
export interface ConfigWarning {
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

const sectionKeys = {
  exclusionlist: 'exclusionList',
  exclusionexception: 'exclusionException',
  compressionexclusionlist: 'compressionExclusionList',
  compressionfolderlist: 'compressionFolderList',
  alignmentlist: 'alignmentList',
  prepopulatelist: 'prepopulateList',
} as const;

type SectionKey = (typeof sectionKeys)[keyof typeof sectionKeys];

/**
 * What applies when no configuration is given: ImageX's documented lists, with the second spelling of the recycle bin
 * that Windows makes, because names may be compared with case.
 */
export const defaultCaptureConfig: CaptureConfig = {
  exclusionList: [
    '/$ntfs.log',
    '/hiberfil.sys',
    '/pagefile.sys',
    '/swapfile.sys',
    '/System Volume Information',
    '/RECYCLER',
    '/$RECYCLE.BIN',
    '/$Recycle.Bin',
    '/Windows/CSC',
  ],
  exclusionException: [],
  compressionExclusionList: ['*.mp3', '*.zip', '*.cab', '/WINDOWS/inf/*.pnf'],
  compressionFolderList: [],
  alignmentList: [],
  prepopulateList: [],
  warnings: [],
};

/**
 * Reads a capture configuration: UTF-8 or UTF-16LE, sections in brackets (in any case, as Windows reads INI files),
 * one pattern on a line, quotes around it optional, ';' and '#' begin comments. Sections that nobody knows are skipped
 * with a warning.
 * @throws AppError usage/invalid with the number of the line whose pattern cannot mean anything
 */
export function parseCaptureConfig(
  content: string | Uint8Array,
  label = 'capture configuration',
): CaptureConfig {
  const lists: Record<SectionKey, string[]> = {
    exclusionList: [],
    exclusionException: [],
    compressionExclusionList: [],
    compressionFolderList: [],
    alignmentList: [],
    prepopulateList: [],
  };
  const warnings: ConfigWarning[] = [];
  let section: SectionKey | 'none' | 'unknown' = 'none';
  for (const { text, number } of contentLines(decodeTextFile(content, label))) {
    if (text.startsWith('[') && text.endsWith(']')) {
      section = sectionOf(text.slice(1, -1));
      if (section === 'unknown')
        warnings.push({ line: number, message: `unknown section ${text} is ignored` });
    } else if (section === 'none') {
      warnings.push({ line: number, message: `'${text}' stands in no section and is ignored` });
    } else if (section !== 'unknown') {
      lists[section].push(canonicalPattern(unquote(text), number, label, warnings));
    }
  }
  return { ...lists, warnings };
}

function sectionOf(name: string): SectionKey | 'unknown' {
  const key = name.toLowerCase();
  return isSection(key) ? sectionKeys[key] : 'unknown';
}

function isSection(key: string): key is keyof typeof sectionKeys {
  return Object.hasOwn(sectionKeys, key);
}

function canonicalPattern(written: string, line: number, label: string, warnings: ConfigWarning[]): string {
  let pattern = written;
  if (!/^[/\\]/.test(pattern) && pattern[1] === ':') {
    if (!/^[/\\]/.test(pattern.slice(2))) {
      const better = `${pattern.slice(0, 2)}\\${pattern.slice(2)}`;
      throw lineError(
        label,
        line,
        `'${written}' is relative to the current directory of a drive; write '${better}'`,
      );
    }
    warnings.push({ line, message: `the drive letter of '${written}' is ignored` });
    pattern = pattern.slice(2);
  }
  pattern = pattern.replace(/[/\\]+/g, '/');
  if (pattern.length > 1 && pattern.endsWith('/')) pattern = pattern.slice(0, -1);
  if (pattern === '') throw lineError(label, line, 'the pattern is empty');
  if (!pattern.startsWith('/') && pattern.includes('/')) {
    const problem = `'${written}' has directories but does not begin at the root; write '\\${written}'`;
    throw lineError(label, line, problem);
  }
  return pattern;
}
