import { NONE } from '../../tree/tree';
import { NameSpace } from '../records/fileName';
import { SystemFile } from '../records/fileRecord';
import type { ScanColumns } from './scanColumns';

/** The names of a scanned volume by directory, told by the references in $FILE_NAME. */
export class LinkOrder {
  /** Where the names of each record's directory begin in `links`, and one more. */
  private readonly starts: Uint32Array;
  private readonly links: Uint32Array;
  /** 1 where a name is that of a file in a directory that is there. */
  private readonly listed: Uint8Array;

  constructor(private readonly columns: ScanColumns) {
    const { linkCount, linkParent, recordCount } = columns;
    this.starts = new Uint32Array(recordCount + 1);
    this.listed = new Uint8Array(linkCount);
    let count = 0;
    for (let link = 0; link < linkCount; link++) {
      if (!this.isListed(link)) continue;
      this.listed[link] = 1;
      this.starts[linkParent[link] + 1]++;
      count++;
    }
    for (let record = 0; record < recordCount; record++) this.starts[record + 1] += this.starts[record];
    this.links = new Uint32Array(count);
    const next = this.starts.slice();
    for (let link = 0; link < linkCount; link++)
      if (this.listed[link] === 1) this.links[next[linkParent[link]]++] = link;
  }

  /** Names in all directories. */
  get count(): number {
    return this.links.length;
  }

  childCount(record: number): number {
    return this.starts[record + 1] - this.starts[record];
  }

  /** Names in a directory. */
  unsorted(record: number): Uint32Array {
    return this.links.subarray(this.starts[record], this.starts[record + 1]);
  }

  /** Names in a directory, in the order of its index. */
  sorted(record: number, upcase: Uint16Array): Uint32Array {
    const { columns } = this;
    const links = this.unsorted(record);
    return links.length < 2 ? links : links.sort((a, b) => columns.compareNames(a, b, upcase) || a - b);
  }

  /** The link that holds the short name of a long one; itself for a name that is both; NONE where it has none. */
  shortNameOf(link: number): number {
    const space = this.columns.linkSpace[link];
    if (space === NameSpace.WIN32_AND_DOS) return link;
    return space === NameSpace.WIN32 ? this.partner(link, NameSpace.DOS) : NONE;
  }

  /** Whether a short name belongs to a long one. */
  isPaired(link: number): boolean {
    return this.partner(link, NameSpace.WIN32) !== NONE;
  }

  /** Whether the directory that a name is in is there. */
  hasParent(link: number): boolean {
    const { columns } = this;
    const parent = columns.linkParent[link];
    if (parent >= columns.recordCount || columns.found[parent] === 0 || columns.isDirectory[parent] === 0)
      return false;
    const sequence = columns.linkParentSequence[link];
    return sequence === 0 || sequence === columns.sequence[parent];
  }

  private isListed(link: number): boolean {
    const { columns } = this;
    if (columns.linkRecord[link] === SystemFile.ROOT || !this.hasParent(link)) return false;
    return columns.linkSpace[link] !== NameSpace.DOS || !this.isPaired(link);
  }

  /** The name of that kind that the same file has in the same directory. */
  private partner(link: number, space: number): number {
    const { columns } = this;
    const record = columns.linkRecord[link];
    for (let row = columns.firstLink[record]; row < columns.linkCount; row++) {
      if (columns.linkRecord[row] !== record) break;
      if (columns.linkSpace[row] === space && columns.linkParent[row] === columns.linkParent[link])
        return row;
    }
    return NONE;
  }
}
