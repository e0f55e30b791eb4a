import { canonicalImagePath } from './imagePath';
import { contentLines, decodeTextFile, lineError, splitWords, unquote } from './textLines';

/**
 * Paths of a list file (`extract @LISTFILE`): one on a line, white space around it and quotes that enclose it taken
 * off, lines that begin with ';' or '#' are comments.
 * @throws AppError usage/invalid when the file is not text
 */
export function parsePathList(content: string | Uint8Array, label = 'list file'): string[] {
  return Array.from(contentLines(decodeTextFile(content, label)), (line) => unquote(line.text));
}

/** One line of a source list: what is captured, and where in the image it goes. */
export interface ListedSource {
  /** Path outside, as written. */
  readonly source: string;
  /** Path in the image, in canonical form; '/' is its root. */
  readonly target: string;
}

/**
 * A source list (`capture --source-list`): one or two words on a line, the source and its place in the image; without
 * the second, the place is the source's own path.
 * @throws AppError usage/invalid with the number of the line that has too few, too many or unclosed words
 */
export function parseSourceList(content: string | Uint8Array, label = 'source list'): ListedSource[] {
  const sources: ListedSource[] = [];
  for (const line of contentLines(decodeTextFile(content, label))) {
    const words = splitWords(line, label);
    if (words.length > 2) {
      throw lineError(label, line.number, `'${words[2]}' is one word too many; quote a path that has spaces`);
    }
    const [source, target = source] = words;
    if (source === '') throw lineError(label, line.number, 'the source is empty');
    sources.push({ source, target: canonicalImagePath(target) });
  }
  return sources;
}
