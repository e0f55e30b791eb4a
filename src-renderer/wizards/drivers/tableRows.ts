import type { CSSProperties } from 'react';

/** Tells the styles how many rows a table has: it is as high as they are, up to a bound. */
export function rowsStyle(rows: number): CSSProperties {
  const properties: Record<`--${string}`, number> = { '--rows': Math.max(2, rows) };
  return properties;
}
