import { FormatError } from '../../../src-shared/errors/appError';

/** A structure of a disk that breaks its format. `offset` in the file, bytes. */
export function malformed(structure: string, offset: number, problem: string, field?: string): FormatError {
  return new FormatError(
    { structure, offset, problem, ...(field === undefined ? {} : { field }) },
    'disk/malformed',
  );
}

/** A structure, or data, that lies outside the file. */
export function truncated(structure: string, offset: number, problem: string, field?: string): FormatError {
  return new FormatError(
    { structure, offset, problem, ...(field === undefined ? {} : { field }) },
    'disk/truncated',
  );
}

/** Something that the format allows, or a later version of it, and that is not known here. */
export function unsupported(structure: string, offset: number, problem: string, field?: string): FormatError {
  return new FormatError(
    { structure, offset, problem, ...(field === undefined ? {} : { field }) },
    'disk/unsupported',
  );
}
