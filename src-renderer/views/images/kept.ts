export interface Sorting {
  readonly id: string;
  readonly descending: boolean;
}

/** Columns to hide from what was kept; what is damaged or was never kept gives the default. */
export function readHidden(kept: string | null): readonly string[] {
  const value = parsed(kept);
  return Array.isArray(value) && value.every((id) => typeof id === 'string') ? value : ['origin'];
}

/** Sorting from what was kept: the file that changed last comes first unless the person chose otherwise. */
export function readSorting(kept: string | null): Sorting {
  const value = parsed(kept);
  return typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'descending' in value &&
    typeof value.descending === 'boolean'
    ? { id: value.id, descending: value.descending }
    : { id: 'changed', descending: true };
}

function parsed(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
