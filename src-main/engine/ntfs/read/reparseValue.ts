import { FormatError } from '../../../../src-shared/errors/appError';
import { ReparseTag } from '../../tree/attributes';
import { StreamKind } from '../../tree/tree';
import { ReparsePointHeader, WOF_PROVIDER_FILE, WofAlgorithm, WofReparseData } from '../records/reparsePoint';
import { Place, type ScanColumns, type WofFile } from './scanColumns';

/**
 * Takes a $REPARSE_POINT: a stream whose data begins after the header, or the way in which WOF compressed the file.
 * @param value the whole attribute
 * @throws FormatError `volume/malformed`
 */
export function takeReparsePoint(
  columns: ScanColumns,
  record: number,
  value: Uint8Array,
  device: number,
): void {
  const { tag, reserved } = ReparsePointHeader.parse(value, device);
  const wof = tag === ReparseTag.WOF ? wofFile(value, device) : undefined;
  if (wof !== undefined) columns.extras.wof.set(record, wof);
  columns.extras.reparse.set(record, { tag, reserved });
  columns.addStream(record, StreamKind.REPARSE, '', value.length - ReparsePointHeader.size, Place.RECORD);
}

/**
 * How WOF compressed a file into its own stream.
 * @param value a whole $REPARSE_POINT of tag WOF
 * @returns undefined where the data is kept in a WIM, which is a reparse point like any other
 * @throws FormatError `volume/unsupported` for an unknown algorithm
 */
export function wofFile(value: Uint8Array, device: number): WofFile | undefined {
  const data = value.subarray(ReparsePointHeader.size);
  if (data.length < WofReparseData.size) return undefined;
  const { wofProvider, algorithm } = WofReparseData.parse(data, device + ReparsePointHeader.size);
  if (wofProvider !== WOF_PROVIDER_FILE) return undefined;
  switch (algorithm) {
    case WofAlgorithm.XPRESS4K:
      return { format: 'xpress', chunkSize: 4096 };
    case WofAlgorithm.XPRESS8K:
      return { format: 'xpress', chunkSize: 8192 };
    case WofAlgorithm.XPRESS16K:
      return { format: 'xpress', chunkSize: 16384 };
    case WofAlgorithm.LZX:
      return { format: 'lzx', chunkSize: 32768 };
    default:
      throw new FormatError(
        { structure: 'WOF reparse data', offset: device, problem: `algorithm ${algorithm} is not known` },
        'volume/unsupported',
      );
  }
}
