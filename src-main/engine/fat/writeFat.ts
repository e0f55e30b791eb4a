import type { BlockDevice } from '../disk/blockDevice';
import type { Fat32Plan } from './geometry';

const END_OF_CHAIN = 0x0fff_ffff;
const PIECE = 1 << 20;

/** Chains of clusters as they are given out: always the next free ones. */
export class ClusterChains {
  private readonly firsts: number[] = [];
  private readonly counts: number[] = [];
  /** First cluster of the run that follows in the chain. */
  private readonly nexts: number[] = [];
  private free: number;

  constructor(
    first: number,
    private readonly end: number,
  ) {
    this.free = first;
  }

  get nextFree(): number {
    return this.free;
  }

  get left(): number {
    return this.end - this.free;
  }

  /** Gives out a run; the caller has looked at {@link left}. */
  allocate(count: number): number {
    const first = this.free;
    this.firsts.push(first);
    this.counts.push(count);
    this.nexts.push(END_OF_CHAIN);
    this.free += count;
    return first;
  }

  /** Makes the run that begins at `next` follow the one that begins at `first`. */
  append(first: number, next: number): void {
    this.nexts[this.firsts.indexOf(first)] = next;
  }

  /** Fills entries of the FAT from cluster `from` on. */
  fill(entries: Uint32Array, from: number): void {
    const end = from + entries.length;
    for (let run = this.runAt(from); run < this.firsts.length && this.firsts[run] < end; run++) {
      const last = this.firsts[run] + this.counts[run] - 1;
      for (let cluster = Math.max(this.firsts[run], from); cluster <= last && cluster < end; cluster++) {
        entries[cluster - from] = cluster === last ? this.nexts[run] : cluster + 1;
      }
    }
  }

  /** First run that ends behind a cluster. Runs are in ascending order. */
  private runAt(cluster: number): number {
    let [low, high] = [0, this.firsts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.firsts[middle] + this.counts[middle] <= cluster) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Writes the parts of both FATs that are not zero. */
export function writeFats(device: BlockDevice, plan: Fat32Plan, chains: ClusterChains): void {
  const fatSize = plan.fatSectors * plan.sectorSize;
  const used = Math.ceil((chains.nextFree * 4) / plan.sectorSize) * plan.sectorSize;
  for (let fat = 0; fat < 2; fat++) {
    const offset = plan.reservedSectors * plan.sectorSize + fat * fatSize;
    for (let at = 0; at < used; at += PIECE) {
      const entries = new Uint32Array(Math.min(PIECE, used - at) / 4);
      chains.fill(entries, at / 4);
      if (at === 0) {
        entries[0] = 0x0fff_fff8;
        entries[1] = END_OF_CHAIN;
      }
      device.write(offset + at, littleEndian(entries));
    }
  }
}

function littleEndian(entries: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(entries.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [i, entry] of entries.entries()) view.setUint32(i * 4, entry, true);
  return bytes;
}
