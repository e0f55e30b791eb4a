import { FormatError } from '../../../../src-shared/errors/appError';
import { SEQUENCE_STRIDE } from '../records/fileRecord';

/**
 * Checks and undoes the update sequence of a record or block that lies in memory: the last two bytes of every 512 were
 * replaced by a number that tells whether all of it was written at the same time.
 * @param start of the record in `view`
 * @param sequenceOffset of the array, from the start of the record
 * @param count words of the array
 * @param device offset of the record on the device, for errors
 * @throws FormatError `volume/malformed` when the array is not one, or a part of the record is older than the others
 */
export function undoSequence(
  view: DataView,
  start: number,
  size: number,
  sequenceOffset: number,
  count: number,
  structure: string,
  device: number,
): void {
  const strides = size / SEQUENCE_STRIDE;
  if (count !== strides + 1 || sequenceOffset % 2 !== 0 || sequenceOffset + 2 * count > SEQUENCE_STRIDE) {
    throw new FormatError(
      {
        structure,
        offset: device,
        problem: `its update sequence array (${count} words at ${sequenceOffset}) is impossible`,
      },
      'volume/malformed',
    );
  }
  const array = start + sequenceOffset;
  const number = view.getUint16(array, true);
  for (let i = 1; i <= strides; i++) {
    const at = start + i * SEQUENCE_STRIDE - 2;
    if (view.getUint16(at, true) !== number) {
      throw new FormatError(
        {
          structure,
          offset: device + i * SEQUENCE_STRIDE - 2,
          problem: 'it is torn: this part was not written together with the others',
        },
        'volume/malformed',
      );
    }
    view.setUint16(at, view.getUint16(array + 2 * i, true), true);
  }
}
