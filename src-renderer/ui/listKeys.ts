/** Rows that a page key goes over. */
const PAGE = 15;

/**
 * Where a key leads in a list.
 * @param index the row at hand; -1: none
 * @returns undefined for keys that do not move
 */
export function listKeyTarget(key: string, index: number, count: number): number | undefined {
  if (count === 0) return undefined;
  const clamp = (value: number): number => Math.min(count - 1, Math.max(0, value));
  switch (key) {
    case 'ArrowDown':
      return clamp(index + 1);
    case 'ArrowUp':
      return clamp(index < 0 ? count - 1 : index - 1);
    case 'PageDown':
      return clamp(index + PAGE);
    case 'PageUp':
      return clamp(index - PAGE);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
