/** Names of files beside a WIM: the parts of a split one, and proposals. Paths are those of the host's system. */

/** The path of part `number` of a set whose first part is `first`: lab.swm, lab2.swm, lab3.swm. */
export function partPath(first: string, number: number): string {
  if (number === 1) return first;
  const { stem, ending } = split(first);
  return `${stem}${number}${ending}`;
}

/** The path of the first part, from the path and the number of another one. */
export function firstPartPath(path: string, number: number): string {
  const { stem, ending } = split(path);
  const digits = String(number);
  return number > 1 && stem.endsWith(digits) ? `${stem.slice(0, -digits.length)}${ending}` : path;
}

/** The same path with another ending (with its dot). */
export function withEnding(path: string, ending: string): string {
  return `${split(path).stem}${ending}`;
}

/** A file of another name in the same folder. */
export function besidePath(path: string, name: string): string {
  return `${path.slice(0, folderLength(path))}${name}`;
}

function split(path: string): { stem: string; ending: string } {
  const dot = path.lastIndexOf('.');
  if (dot <= folderLength(path)) return { stem: path, ending: '' };
  return { stem: path.slice(0, dot), ending: path.slice(dot) };
}

function folderLength(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
}
