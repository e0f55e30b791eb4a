import { FormatError } from '../../../src-shared/errors/appError';
import type { ErrorCode } from '../../../src-shared/errors/codes';

/** How one field is read and written. `size` in bytes. All integers are little-endian. */
export interface FieldType<T> {
  readonly size: number;
  read(view: DataView, offset: number): T;
  write(view: DataView, offset: number, value: T): void;
}

/** A field at its place. */
export interface Field<T> {
  readonly offset: number;
  readonly type: FieldType<T>;
  readonly doc: string;
  /** The only legal value, where the format has one. */
  readonly constant?: T;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
/** The object that a struct's parse returns. */
export type Infer<S> =
  S extends Struct<infer F> ? { -readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never } : never;

/** One on-disk record, from whose declaration both directions come. */
export interface Struct<F extends Fields> {
  readonly structure: string;
  readonly size: number;
  readonly fields: F;
  /**
   * @param base file offset of `bytes[0]`, for errors
   * @throws FormatError when `bytes` is too short or a constant field holds something else
   */
  parse(bytes: Uint8Array, base?: number): Infer<Struct<F>>;
  serialize(value: Infer<Struct<F>>): Uint8Array<ArrayBuffer>;
}

export const u8: FieldType<number> = {
  size: 1,
  read: (view, offset) => view.getUint8(offset),
  write: (view, offset, value) => view.setUint8(offset, value),
};
export const u16: FieldType<number> = {
  size: 2,
  read: (view, offset) => view.getUint16(offset, true),
  write: (view, offset, value) => view.setUint16(offset, value, true),
};
export const u32: FieldType<number> = {
  size: 4,
  read: (view, offset) => view.getUint32(offset, true),
  write: (view, offset, value) => view.setUint32(offset, value, true),
};
/** A 64-bit field whose values are flags, times or magic. */
export const u64: FieldType<bigint> = {
  size: 8,
  read: (view, offset) => view.getBigUint64(offset, true),
  write: (view, offset, value) => view.setBigUint64(offset, value, true),
};

/** A fixed run of bytes. */
export function bytes(size: number): FieldType<Uint8Array> {
  return {
    size,
    read: (view, offset) => new Uint8Array(view.buffer, view.byteOffset + offset, size).slice(),
    write: (view, offset, value) => {
      if (value.length !== size) throw new RangeError(`${value.length} bytes given for a field of ${size}`);
      new Uint8Array(view.buffer, view.byteOffset + offset, size).set(value);
    },
  };
}

/** A record inside a record. */
export function nested<F extends Fields>(inner: Struct<F>): FieldType<Infer<Struct<F>>> {
  return {
    size: inner.size,
    read: (view, offset) => inner.parse(new Uint8Array(view.buffer, view.byteOffset + offset, inner.size)),
    write: (view, offset, value) =>
      new Uint8Array(view.buffer, view.byteOffset + offset, inner.size).set(inner.serialize(value)),
  };
}

/** Places a field. `constant` is checked when parsing and filled in when serializing. */
export function at<T>(offset: number, type: FieldType<T>, doc: string, constant?: T): Field<T> {
  return constant === undefined ? { offset, type, doc } : { offset, type, doc, constant };
}

/**
 * Declares a record.
 * @param code of the errors that parsing throws: `wim/truncated` and `wim/malformed` where absent
 * @throws RangeError at load when the fields leave a gap, overlap, or do not add up to `size`
 */
export function struct<F extends Fields>(
  structure: string,
  size: number,
  fields: F,
  code?: ErrorCode,
): Struct<F> {
  const names = Object.keys(fields).sort((a, b) => fields[a].offset - fields[b].offset);
  let end = 0;
  for (const name of names) {
    if (fields[name].offset !== end) {
      throw new RangeError(
        `${structure}.${name} begins at ${fields[name].offset}, the field before it ends at ${end}`,
      );
    }
    end += fields[name].type.size;
  }
  if (end !== size) throw new RangeError(`${structure} has ${end} bytes of fields, declared are ${size}`);

  return {
    structure,
    size,
    fields,
    parse(source, base = 0) {
      if (source.length < size) {
        throw new FormatError(
          { structure, offset: base, problem: `${source.length} bytes, the record has ${size}` },
          code ?? 'wim/truncated',
        );
      }
      const view = new DataView(source.buffer, source.byteOffset, size);
      const value: Record<string, unknown> = {};
      for (const name of names) {
        const field = fields[name];
        value[name] = field.type.read(view, field.offset);
        if (field.constant !== undefined && value[name] !== field.constant) {
          throw new FormatError(
            {
              structure,
              field: name,
              offset: base + field.offset,
              problem: `${describe(value[name])} found where ${describe(field.constant)} must be`,
            },
            code,
          );
        }
      }
      return value as Infer<Struct<F>>;
    },
    serialize(value) {
      const target = new Uint8Array(size);
      const view = new DataView(target.buffer);
      for (const name of names) {
        const field = fields[name];
        field.type.write(view, field.offset, field.constant ?? (value as Record<string, unknown>)[name]);
      }
      return target;
    },
  };
}

/** A field's value in an error. Only numbers are constants of a format. */
function describe(value: unknown): string {
  return typeof value === 'number' || typeof value === 'bigint' ? value.toString() : typeof value;
}
