/** Rows that are asked for at a time. */
export const PAGE = 1000;

/** Reads all rows of a session, page by page. */
export async function allRows<Row>(
  ask: (offset: number) => Promise<{ readonly total: number; readonly rows: readonly Row[] }>,
): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (;;) {
    const { total, rows } = await ask(all.length);
    all.push(...rows);
    if (all.length >= total || rows.length === 0) return all;
  }
}
