import { FormatError } from '../../../../src-shared/errors/appError';
import { AttributeType } from '../records/attribute';
import { SystemFile } from '../records/fileRecord';
import { readContents, type ContentsSource } from './fileContents';
import { valueSource } from './valueBytes';

/** For the 64 million records that are read at most. */
const MAX_BYTES = 2 ** 23;

/** $Bitmap of $MFT: which records are in use. What says that a record is lost whose place was overwritten. */
export class RecordBitmap {
  private readonly bits: Uint8Array;

  constructor(source: ContentsSource, warn: (text: string) => void) {
    let bits = new Uint8Array();
    try {
      const value = readContents(source, SystemFile.MFT)?.attributes.find(
        ({ type, name }) => type === AttributeType.BITMAP && name === '',
      );
      if (value !== undefined) {
        bits = new Uint8Array(Math.min(value.size, Math.ceil(source.mft.count / 8), MAX_BYTES));
        valueSource(source, value).read(0, bits);
      } else warn('The bitmap of $MFT is not there: lost files cannot be told.');
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      warn(`The bitmap of $MFT cannot be read (${error.message}): lost files cannot be told.`);
    }
    this.bits = bits;
  }

  /** Records that it tells of. */
  get count(): number {
    return this.bits.length * 8;
  }

  has(record: number): boolean {
    const byte = Math.floor(record / 8);
    return byte < this.bits.length && (this.bits[byte] & (1 << (record % 8))) !== 0;
  }
}
