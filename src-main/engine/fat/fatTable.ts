import { FormatError } from '../../../src-shared/errors/appError';
import { readExactly } from '../binary/byteSource';
import type { BlockDevice } from '../disk/blockDevice';
import type { FatGeometry } from './geometry';

const PIECE = 1 << 20;
const FIRST_CLUSTER = 2;

/** A FAT, read through a window. */
export class FatTable {
  private window: Uint8Array = new Uint8Array(0);
  private windowStart = 0;

  constructor(
    private readonly device: BlockDevice,
    private readonly geometry: FatGeometry,
    /** Byte offset of the FAT that is in use. */
    private readonly offset: number,
  ) {}

  /**
   * The clusters of a chain, as runs.
   * @param first 0: none
   * @param limit clusters that are read at most; the rest of the chain is not looked at
   * @throws FormatError `volume/malformed` for a chain that leaves the volume, comes back to itself, or runs into a
   *   free or bad cluster
   */
  chain(first: number, limit: number): { readonly first: number; count: number }[] {
    const runs: { readonly first: number; count: number }[] = [];
    const { clusters } = this.geometry;
    let left = limit;
    // A chain of more clusters than there are has one of them twice.
    let steps = 0;
    for (let cluster = first; left > 0 && !(steps > 0 && this.isEnd(cluster)); left--) {
      if (cluster < FIRST_CLUSTER || cluster >= FIRST_CLUSTER + clusters) {
        if (steps === 0 && cluster === 0) return [];
        this.fail(cluster, `a chain that begins at cluster ${first} goes on at ${cluster}, which is none`);
      }
      if (++steps > clusters)
        this.fail(cluster, `the chain that begins at cluster ${first} comes back to itself`);
      const last = runs.at(-1);
      if (last && last.first + last.count === cluster) last.count++;
      else runs.push({ first: cluster, count: 1 });
      cluster = this.next(cluster);
    }
    this.checkOnce(runs, first);
    return runs;
  }

  /** A chain that comes back may be cut off by its limit before it has more clusters than there are. */
  private checkOnce(
    runs: readonly { readonly first: number; readonly count: number }[],
    first: number,
  ): void {
    const sorted = [...runs].sort((a, b) => a.first - b.first);
    for (let i = 1; i < sorted.length; i++) {
      if (sorted[i - 1].first + sorted[i - 1].count > sorted[i].first) {
        this.fail(sorted[i].first, `the chain that begins at cluster ${first} comes back to itself`);
      }
    }
  }

  /** Free clusters, by counting. */
  countFree(): number {
    let free = 0;
    for (let cluster = FIRST_CLUSTER; cluster < FIRST_CLUSTER + this.geometry.clusters; cluster++) {
      if (this.next(cluster) === 0) free++;
    }
    return free;
  }

  private isEnd(value: number): boolean {
    if (this.geometry.type === 'fat12') return value >= 0xff8;
    return this.geometry.type === 'fat16' ? value >= 0xfff8 : value >= 0x0fff_fff8;
  }

  private next(cluster: number): number {
    switch (this.geometry.type) {
      case 'fat12': {
        const at = this.locate(cluster + (cluster >> 1), 2);
        const word = this.window[at] | (this.window[at + 1] << 8);
        return cluster & 1 ? word >> 4 : word & 0xfff;
      }
      case 'fat16': {
        const at = this.locate(cluster * 2, 2);
        return this.window[at] | (this.window[at + 1] << 8);
      }
      case 'fat32': {
        const at = this.locate(cluster * 4, 4);
        const [a, b, c, d] = this.window.subarray(at, at + 4);
        return (a | (b << 8) | (c << 16) | (d << 24)) & 0x0fff_ffff;
      }
    }
  }

  /** Brings bytes of the FAT into the window. Returns where in it. */
  private locate(offset: number, length: number): number {
    const at = offset - this.windowStart;
    if (at >= 0 && at + length <= this.window.length) return at;
    this.windowStart = offset - (offset % PIECE);
    // Two more bytes, for an entry of FAT12 that lies over the edge.
    const size = Math.min(PIECE + 2, this.geometry.fatSize - this.windowStart);
    this.window = readExactly(this.device, this.offset + this.windowStart, size, 'FAT', 'disk/truncated');
    return offset - this.windowStart;
  }

  private fail(cluster: number, problem: string): never {
    throw new FormatError(
      { structure: 'FAT', offset: this.offset + cluster * 4, problem },
      'volume/malformed',
    );
  }
}
