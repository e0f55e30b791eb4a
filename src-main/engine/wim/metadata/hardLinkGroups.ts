import { NONE, type Tree } from '../../tree/tree';

/**
 * Finds the inode that dentries of one hard-link group share. Real images carry groups whose members differ in data or
 * attributes; those members stay inodes of their own, because linking them would lose one of them.
 */
export class HardLinkGroups {
  /** Entries that share a group number but not their data. */
  inconsistent = 0;
  private readonly groups = new Map<number | string, number>();

  constructor(private readonly tree: Tree) {}

  /**
   * @param inode the inode just read, last in the tree and not linked yet
   * @returns the inode to link: an earlier one of the same group when both agree, else `inode`
   */
  merge(low: number, high: number, inode: number): number {
    const key = high < 0x20_0000 ? high * 0x1_0000_0000 + low : `${high}:${low}`;
    const known = this.groups.get(key);
    if (known === undefined) {
      this.groups.set(key, inode);
      return inode;
    }
    if (this.agree(known, inode)) {
      this.forget(inode);
      return known;
    }
    this.inconsistent += 1;
    return inode;
  }

  private agree(a: number, b: number): boolean {
    const { tree } = this;
    if (tree.attributes[a] !== tree.attributes[b] || tree.securityId[a] !== tree.securityId[b]) return false;
    let left = tree.firstStream[a];
    let right = tree.firstStream[b];
    while (left !== NONE && right !== NONE) {
      if (
        tree.streamKind[left] !== tree.streamKind[right] ||
        tree.streamBlob[left] !== tree.streamBlob[right] ||
        tree.streamName(left) !== tree.streamName(right)
      ) {
        return false;
      }
      left = tree.streamNext[left];
      right = tree.streamNext[right];
    }
    return left === right;
  }

  /** Takes back the row just added: it is the last one, so the next inode takes its place. */
  private forget(inode: number): void {
    const { tree } = this;
    for (let stream = tree.firstStream[inode]; stream !== NONE; stream = tree.streamNext[stream])
      tree.streamCount -= 1;
    tree.extras.delete(inode);
    tree.inodeCount -= 1;
  }
}
