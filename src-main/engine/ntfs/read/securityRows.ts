import { AppError, FormatError } from '../../../../src-shared/errors/appError';
import type { ScanOptions } from '../../tree/source';
import { NONE, type Tree } from '../../tree/tree';
import type { Remarks } from './remarks';
import type { ScanColumns } from './scanColumns';

/** The security descriptors of a tree that is built from a scanned volume: each is kept once. */
export class SecurityRows {
  /** By ID in $Secure; NONE for one that cannot be read. */
  private readonly byId = new Map<number, number>();
  private readonly byContent = new Map<string, number>();

  /** @param read a descriptor of $Secure; undefined for an ID that is not there. @throws FormatError */
  constructor(
    private readonly tree: Tree,
    private readonly columns: ScanColumns,
    private readonly kept: ScanOptions['securityDescriptors'],
    private readonly remarks: Remarks,
    private readonly read: (id: number) => Uint8Array | undefined,
  ) {}

  /**
   * Row of a record's descriptor in the tree, or NONE.
   * @throws AppError `source/unreadable` where it must be had and cannot be read
   */
  of(record: number, pathOf: () => string): number {
    if (this.kept === 'none') return NONE;
    const id = this.columns.securityId[record];
    if (id === 0) {
      const own = this.columns.extras.descriptors.get(record);
      return own === undefined ? NONE : this.row(own);
    }
    const known = this.byId.get(id);
    if (known !== undefined && known !== NONE) return known;
    let problem = `its security descriptor ${id} is not in $Secure`;
    try {
      const descriptor = known === NONE ? undefined : this.read(id);
      if (descriptor !== undefined) {
        const row = this.row(descriptor);
        this.byId.set(id, row);
        return row;
      }
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problem = error.message;
    }
    this.byId.set(id, NONE);
    if (this.kept === 'strict')
      throw new AppError('source/unreadable', `${pathOf()}: ${problem}`, { path: pathOf() });
    this.remarks.add('files have no readable security descriptor', pathOf, problem);
    return NONE;
  }

  private row(descriptor: Uint8Array): number {
    let key = '';
    for (const byte of descriptor) key += String.fromCharCode(byte);
    let row = this.byContent.get(key);
    if (row === undefined) {
      row = this.tree.securityDescriptors.length;
      this.tree.securityDescriptors.push(descriptor);
      this.byContent.set(key, row);
    }
    return row;
  }
}
