import { AppError } from '../../../../src-shared/errors/appError';
import type { EngineHost } from '../../os';
import type { Wim } from '../wim';
import { partPath } from './split';

/** Parts that a message names one by one. */
const NAMED = 4;

/**
 * Why data of an image is not at hand: parts of a set that lie nowhere, each by the name that it would have beside the
 * first, or files that nobody named.
 * @param path of a file of the image whose data it is
 */
export function missingData(host: EngineHost, wim: Wim, path: string): AppError {
  const { totalParts, partNumber } = wim.main.header;
  const present = new Set(wim.parts.map(({ header }) => header.partNumber));
  const missing: number[] = [];
  for (let number = 1; number <= totalParts; number++) if (!present.has(number)) missing.push(number);
  if (missing.length === 0) {
    const message = `the data of ${path} is in none of the files given for ${wim.path}`;
    return new AppError('wim/missing-blob', message, { path });
  }
  const names = missing
    .slice(0, NAMED)
    .map((number) =>
      partNumber === 1 ? host.files.baseName(partPath(host, wim.path, number)) : `part ${number}`,
    );
  const more = missing.length - names.length;
  const list = more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
  return new AppError(
    'wim/missing-part',
    `of the ${totalParts} parts of ${wim.path} ${missing.length === 1 ? 'one is' : `${missing.length} are`} missing, ` +
      `and data of the image with ${missing.length === 1 ? 'it' : 'them'}: ${list}`,
    { path, parts: missing.length },
  );
}
