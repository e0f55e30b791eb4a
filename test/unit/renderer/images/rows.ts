import type { LibraryRow } from '../../../../src-shared/contract/library';

/** A row of the library: a readable LZX file with two images unless told otherwise. */
export function libraryRow(change: Partial<LibraryRow> = {}): LibraryRow {
  return {
    path: '/images/lab.wim',
    name: 'lab.wim',
    folder: '/images',
    state: 'ok',
    problem: '',
    origin: 'opened',
    imageCount: 2,
    imageNames: ['Win 11 24H2 base', '+ Office'],
    compression: 'lzx',
    solid: false,
    partNumber: 1,
    totalParts: 1,
    size: 5_000,
    saved: 21_000,
    changedAt: '2026-11-02T09:14:00.000Z',
    addedAt: '2026-11-02T09:14:00.000Z',
    verified: null,
    ...change,
  };
}
