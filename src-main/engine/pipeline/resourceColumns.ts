import type { ResourceLocation } from './tasks';

/** What the resources of one file have in common. */
export type ResourceFile = Pick<ResourceLocation, 'file' | 'format' | 'chunkSize' | 'pipable'>;

/** Resources and the SHA-1s of their data, in columns: between threads thousands of objects cost more than the work. */
export interface ResourceColumns {
  readonly length: number;
  readonly files: readonly ResourceFile[];
  /** Index into `files`. */
  readonly file: Uint16Array;
  /** 1 where the resource is stored as it is, whatever the format of its file. */
  readonly plain: Uint8Array;
  readonly offset: Float64Array;
  readonly storedSize: Float64Array;
  readonly size: Float64Array;
  /** 20 bytes each. */
  readonly sha1: Uint8Array;
}

/** The resource of a row. */
export function resourceAt(columns: ResourceColumns, row: number): ResourceLocation {
  const { file, format, chunkSize, pipable } = columns.files[columns.file[row]];
  return {
    file,
    offset: columns.offset[row],
    storedSize: columns.storedSize[row],
    size: columns.size[row],
    format: columns.plain[row] === 1 ? 'none' : format,
    chunkSize,
    pipable,
  };
}

/** The SHA-1 of a row's data: a view. */
export function sha1At(columns: ResourceColumns, row: number): Uint8Array {
  return columns.sha1.subarray(20 * row, 20 * row + 20);
}

/** Columns of resources that are at hand one by one. */
export function resourceColumns(
  items: readonly { readonly resource: ResourceLocation; readonly sha1: Uint8Array }[],
): ResourceColumns {
  const sha1 = new Uint8Array(20 * items.length);
  items.forEach((item, row) => sha1.set(item.sha1.subarray(0, 20), 20 * row));
  const column = (of: (resource: ResourceLocation) => number): Float64Array =>
    Float64Array.from(items, ({ resource }) => of(resource));
  return {
    length: items.length,
    files: items.map(({ resource }) => resource),
    file: Uint16Array.from(items, (_, row) => row),
    plain: new Uint8Array(items.length),
    offset: column(({ offset }) => offset),
    storedSize: column(({ storedSize }) => storedSize),
    size: column(({ size }) => size),
    sha1,
  };
}
