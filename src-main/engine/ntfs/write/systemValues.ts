import { upcase } from '../../tree/nameOrder';

/** Bytes of $UpCase: every UTF-16 unit. */
export const UPCASE_SIZE = 0x20000;

/** Contents of $UpCase: the table that names are ordered by. */
export function makeUpcase(): Uint8Array<ArrayBuffer> {
  const table = upcase();
  const bytes = new Uint8Array(UPCASE_SIZE);
  const view = new DataView(bytes.buffer);
  for (let unit = 0; unit < table.length; unit++) view.setUint16(2 * unit, table[unit], true);
  return bytes;
}
