import { SOURCES_MAXIMUM } from '../../../src-shared/contract/driverLibrary';

/** What adding places to the library comes to. */
export interface AddedSources {
  readonly sources: readonly string[];
  /** Places that lie within another one of the library. */
  readonly covered: readonly string[];
  /** Places for which there was no room. */
  readonly left: readonly string[];
}

/**
 * The places of the library with further ones. What lies within a folder of the library is looked through with it: it is
 * not added, and a folder takes the place of what lies in it.
 * @param separator the system's
 */
export function withSources(
  sources: readonly string[],
  added: readonly string[],
  separator: string,
): AddedSources {
  const within = (inner: string, outer: string): boolean =>
    same(inner, separator) === same(outer, separator) ||
    same(inner, separator).startsWith(folderStart(same(outer, separator), separator));
  let kept = [...sources];
  const covered: string[] = [];
  const left: string[] = [];
  for (const path of added) {
    const others = kept.filter((other) => !within(other, path));
    if (kept.some((other) => within(path, other))) covered.push(path);
    else if (others.length >= SOURCES_MAXIMUM) left.push(path);
    else kept = [...others, path];
  }
  return { sources: kept, covered, left };
}

/** Whether a file can hold driver packages, by its name. */
export function isDriverFile(name: string): boolean {
  return /\.(?:zip|cab|inf)$/i.test(name);
}

/** Windows does not tell upper case from lower case. */
function same(path: string, separator: string): string {
  const trimmed = path.length > 1 && path.endsWith(separator) ? path.slice(0, -1) : path;
  return separator === '\\' ? trimmed.toLowerCase() : trimmed;
}

function folderStart(path: string, separator: string): string {
  return path.endsWith(separator) ? path : path + separator;
}
