/** What a diagnostics bundle must not tell of the person: their name in paths, and words that open doors. */

/** Stands in paths where the person's name was. */
const SOMEONE = '<user>';

/**
 * A function that takes a person's name out of paths, and values of tokens and passwords out of addresses and lines.
 * @param names of the person, as they stand in paths: the account's, the home folder's
 */
export function scrubber(names: readonly string[]): (text: string) => string {
  const known = [...new Set(names)].filter((name) => name !== '').sort((a, b) => b.length - a.length);
  const all = known.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  // A whole name between separators: '/', '\', and '\\' as JSON writes it.
  const inPath =
    known.length === 0 ? undefined : new RegExp(`(?<=[\\\\/])(?:${all})(?=$|[\\\\/"'\\s,;:)\\]])`, 'giu');
  return (text) => {
    const withoutName = inPath === undefined ? text : text.replace(inPath, SOMEONE);
    return withoutName.replace(
      /\b(token|password|passwd|secret|authorization|api[-_]?key)(["']?\s*[=:]\s*["']?)((?:Bearer\s+)?[^\s&"',;#]+)/gi,
      '$1$2<removed>',
    );
  };
}
