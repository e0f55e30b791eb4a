import { FormatError } from '../../../../src-shared/errors/appError';
import { upcase } from '../../tree/nameOrder';
import { AttributeType } from '../records/attribute';
import { SystemFile } from '../records/fileRecord';
import { readContents, type ContentsSource } from './fileContents';
import { readValue } from './valueBytes';

const UPCASE_BYTES = 0x20000;

/** $UpCase: how the volume's own indexes compare names. Where it cannot be read, the usual one, with a warning. */
export function readUpcase(source: ContentsSource, warn: (text: string) => void): Uint16Array {
  try {
    const value = readContents(source, SystemFile.UPCASE)?.attributes.find(
      ({ type, name }) => type === AttributeType.DATA && name === '',
    );
    if (value?.size === UPCASE_BYTES) {
      const bytes = readValue(source, value, UPCASE_BYTES);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const table = new Uint16Array(UPCASE_BYTES / 2);
      for (let i = 0; i < table.length; i++) table[i] = view.getUint16(2 * i, true);
      return table;
    }
    warn('$UpCase is not there or has an impossible size; names are put in the usual order.');
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    warn(`$UpCase cannot be read (${error.message}); names are put in the usual order.`);
  }
  return upcase();
}
