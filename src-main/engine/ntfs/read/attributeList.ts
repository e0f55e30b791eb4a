import { FormatError } from '../../../../src-shared/errors/appError';
import { ATTRIBUTE_LIST_LIMIT } from '../records/attribute';
import { sizeAt, textAt } from './attributes';

/** An entry of $ATTRIBUTE_LIST. */
export interface ListedPart {
  readonly type: number;
  readonly name: string;
  readonly lowestVcn: number;
  /** Record number and sequence number of the record that holds it. */
  readonly record: number;
  readonly sequence: number;
  readonly id: number;
}

const ENTRY_SIZE = 0x1a;

/**
 * Reads an attribute list.
 * @param device offset of the record that has it, for errors
 * @throws FormatError `volume/malformed`
 */
export function parseAttributeList(bytes: Uint8Array, device: number): ListedPart[] {
  const fail = (at: number, problem: string): never => {
    throw new FormatError(
      { structure: 'attribute list', offset: device, problem: `entry at ${at}: ${problem}` },
      'volume/malformed',
    );
  };
  if (bytes.length > ATTRIBUTE_LIST_LIMIT) fail(0, `${bytes.length} bytes are too many`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: ListedPart[] = [];
  for (let at = 0; at + ENTRY_SIZE <= bytes.length;) {
    const length = view.getUint16(at + 4, true);
    const nameUnits = view.getUint8(at + 6);
    const nameAt = at + view.getUint8(at + 7);
    if (length < ENTRY_SIZE || at + length > bytes.length) fail(at, `${length} bytes are impossible here`);
    if (nameUnits > 0 && nameAt + 2 * nameUnits > at + length) fail(at, 'its name lies outside');
    parts.push({
      type: view.getUint32(at, true),
      name: textAt(view, nameAt, nameUnits),
      lowestVcn: sizeAt(view, at + 8, device, 'lowestVcn'),
      record: view.getUint16(at + 20, true) * 4294967296 + view.getUint32(at + 16, true),
      sequence: view.getUint16(at + 22, true),
      id: view.getUint16(at + 24, true),
    });
    at += length;
  }
  return parts;
}
