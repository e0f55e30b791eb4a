/** How large a partition is to be. */
export type PartitionSize =
  | { readonly kind: 'bytes'; readonly bytes: number }
  /** Of the disk. */
  | { readonly kind: 'percent'; readonly percent: number }
  /** Whatever the others leave. */
  | { readonly kind: 'rest' };

const units = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 } as const;
const pattern = /^(\d{1,9}(?:\.\d{1,6})?)\s*(KB|MB|GB|TB|%)$/i;

/** @returns undefined for a text that is no size */
export function parsePartitionSize(text: string): PartitionSize | undefined {
  if (text.toLowerCase() === 'rest') return { kind: 'rest' };
  const match = pattern.exec(text);
  if (!match) return undefined;
  const value = Number(match[1]);
  if (value <= 0) return undefined;
  if (match[2] === '%') return value <= 100 ? { kind: 'percent', percent: value } : undefined;
  const bytes = Math.round(value * units[match[2].toUpperCase() as keyof typeof units]);
  return Number.isSafeInteger(bytes) ? { kind: 'bytes', bytes } : undefined;
}
