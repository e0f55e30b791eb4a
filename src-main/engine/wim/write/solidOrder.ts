/** What the place of a stream in a solid resource comes from. */
interface Sortable {
  /** File name; undefined for data that no single file name belongs to. */
  readonly name: string | undefined;
}

/**
 * Indices of `items` in the order in which their data compresses best together: data without a name first, in the order
 * it came, then names without an extension, then by extension and name, without regard to case. It is the order that
 * wimlib has: files of a kind lie together, and versions of a file beside each other.
 */
export function solidOrder(items: readonly Sortable[]): number[] {
  const keys = items.map(({ name }) => (name === undefined ? undefined : sortKey(name)));
  return items
    .map((_, index) => index)
    .sort((a, b) => {
      const first = keys[a];
      const second = keys[b];
      if (first === undefined || second === undefined)
        return Number(first !== undefined) - Number(second !== undefined) || a - b;
      return (
        Number(first.extension !== undefined) - Number(second.extension !== undefined) ||
        compare(first.extension ?? '', second.extension ?? '') ||
        compare(first.name, second.name) ||
        a - b
      );
    });
}

interface SortKey {
  readonly extension: string | undefined;
  readonly name: string;
}

function sortKey(name: string): SortKey {
  const upper = name.toUpperCase();
  const dot = upper.lastIndexOf('.');
  return { extension: dot < 0 ? undefined : upper.slice(dot + 1), name: upper };
}

/** By UTF-16 code units. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
