import { FormatError } from '../../../src-shared/errors/appError';

/**
 * One element of a DER encoding (X.690): where it and its content lie. Elements are found by walking from a parent to its
 * children when they are asked for, so that a catalog with ten thousand members costs as little as it must.
 */
export interface DerElement {
  readonly bytes: Uint8Array;
  /** Identifier octet: class, 0x20 for constructed, number. */
  readonly tag: number;
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
  /** [0] and so on, constructed. */
  context: (number: number) => 0xa0 | number,
} as const;

/** Deepest nesting in a catalog; real ones reach about 25. */
export const MAX_DEPTH = 64;

const CONSTRUCTED = 0x20;

export function malformed(offset: number, problem: string, field?: string): FormatError {
  return new FormatError(
    { structure: 'catalog', offset, problem, ...(field === undefined ? {} : { field }) },
    'catalog/malformed',
  );
}

/**
 * Reads the header of the element at `offset`, which must end at or before `limit`. Catalogs are DER, so that lengths
 * are definite.
 * @throws FormatError `catalog/malformed`
 */
export function elementAt(bytes: Uint8Array, offset: number, limit = bytes.length): DerElement {
  if (offset + 2 > limit) throw malformed(offset, 'it ends within the header of an element');
  const tag = bytes[offset];
  if ((tag & 0x1f) === 0x1f) throw malformed(offset, 'a tag of several bytes, which no catalog has');
  let content = offset + 2;
  let length = bytes[offset + 1];
  if (length >= 0x80) {
    const count = length & 0x7f;
    if (count === 0) throw malformed(offset, 'an element of indefinite length, which DER does not allow');
    if (count > 4) throw malformed(offset, `a length of ${count} bytes`);
    if (content + count > limit) throw malformed(offset, 'it ends within the header of an element');
    length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + bytes[content + index];
    content += count;
  }
  const end = content + length;
  if (end > limit) throw malformed(offset, `an element of ${length} bytes reaches beyond what holds it`);
  return { bytes, tag, start: offset, content, end };
}

/**
 * Checks that everything below the element at `offset` nests properly, at most {@link MAX_DEPTH} deep, without recursion.
 * @returns the element
 * @throws FormatError `catalog/malformed`
 */
export function checkedElement(bytes: Uint8Array, offset = 0): DerElement {
  const whole = elementAt(bytes, offset);
  const ends = new Float64Array(MAX_DEPTH + 1);
  let depth = 0;
  let position = whole.start;
  let limit = whole.end;
  while (true) {
    const element = elementAt(bytes, position, limit);
    position = element.end;
    if ((element.tag & CONSTRUCTED) !== 0 && element.end > element.content) {
      if (depth === MAX_DEPTH) throw malformed(element.start, `elements nest deeper than ${MAX_DEPTH}`);
      ends[depth++] = limit;
      limit = element.end;
      position = element.content;
    }
    while (position === limit && depth > 0) limit = ends[--depth];
    if (depth === 0) return whole;
  }
}

/** Elements within a constructed element. */
export function childrenOf(element: DerElement): DerElement[] {
  const children: DerElement[] = [];
  for (let offset = element.content; offset < element.end;) {
    const child = elementAt(element.bytes, offset, element.end);
    children.push(child);
    offset = child.end;
  }
  return children;
}

/** Bytes of the content. A view, not a copy. */
export function contentOf(element: DerElement): Uint8Array {
  return element.bytes.subarray(element.content, element.end);
}

/** Bytes of the element with its header. A view, not a copy. */
export function encodingOf(element: DerElement): Uint8Array {
  return element.bytes.subarray(element.start, element.end);
}

/**
 * The element itself, when it is there and has that tag.
 * @param within what it should be part of, for the offset of the error
 * @throws FormatError `catalog/malformed`
 */
export function expectTag(
  element: DerElement | undefined,
  tag: number,
  field: string,
  within: DerElement,
): DerElement {
  if (element === undefined) throw malformed(within.start, 'is missing', field);
  if (element.tag !== tag)
    throw malformed(
      element.start,
      `has the tag 0x${element.tag.toString(16)} instead of 0x${tag.toString(16)}`,
      field,
    );
  return element;
}

/**
 * Dotted text of an OBJECT IDENTIFIER.
 * @throws FormatError `catalog/malformed`
 */
export function objectIdOf(element: DerElement): string {
  if (element.tag !== Tag.objectId || element.end === element.content)
    throw malformed(element.start, 'no object identifier where one should be');
  let text = '';
  let arc = 0;
  for (let index = element.content; index < element.end; index++) {
    arc = arc * 128 + (element.bytes[index] & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) throw malformed(element.start, 'an object identifier of huge numbers');
    if (element.bytes[index] >= 0x80) continue;
    if (text === '') {
      const root = Math.min(2, Math.floor(arc / 40));
      text = `${root}.${arc - root * 40}`;
    } else {
      text += `.${arc}`;
    }
    arc = 0;
  }
  return text;
}

/**
 * Object identifier of an AlgorithmIdentifier.
 * @throws FormatError `catalog/malformed`
 */
export function algorithmOf(element: DerElement): string {
  const [algorithm] = childrenOf(element);
  return objectIdOf(expectTag(algorithm, Tag.objectId, 'algorithm', element));
}
