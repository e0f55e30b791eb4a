import { readExactly } from '../../binary/byteSource';
import type { BlockDevice } from '../../disk/blockDevice';
import { AttributeType } from '../records/attribute';
import { sparseRuns } from './holes';
import { RecordPatch } from './recordPatch';
import { writeSize } from './recordWriter';
import { HOLE, writeRunList, type Runs } from './runList';
import type { StaleIndexes } from './staleIndexes';
import type { VolumePlan } from './volumePlan';

/** Holes are in units of this: what Windows frees at least. */
const UNIT = 64 * 1024;
const PIECE = 4 * 1024 * 1024;

/**
 * Gives sparse files their holes, once their data is there: what is zero is freed. Run lists and sizes are changed in
 * place; the indexes that repeat the sizes are noted.
 */
export class SparseFiles {
  /** Clusters that were freed: start and end of each piece. */
  readonly freed: [start: number, end: number][] = [];
  constructor(
    private readonly device: BlockDevice,
    private readonly plan: VolumePlan,
    private readonly stale: StaleIndexes,
  ) {}

  *punch(): Generator<void> {
    const { plan } = this;
    for (const [stream, inode] of plan.sparseStreams) {
      if (plan.streamClusters[stream] === 0) continue;
      const isZero = yield* this.findZeroes(stream);
      this.punchStream(inode, stream, isZero);
    }
  }

  private get unit(): number {
    return Math.max(1, UNIT / this.plan.geometry.clusterSize);
  }

  /** Which units of a stream hold only zeroes. */
  private *findZeroes(stream: number): Generator<void, Uint8Array> {
    const { device, plan, unit } = this;
    const { clusterSize } = plan.geometry;
    const isZero = new Uint8Array(Math.ceil(plan.streamClusters[stream] / unit)).fill(1);
    let vcn = 0;
    const runs = plan.runsOf(stream);
    for (let i = 0; i < runs.length; i += 2) {
      const perPiece = Math.max(1, PIECE / clusterSize);
      for (let done = 0; done < runs[i + 1]; done += perPiece) {
        const count = Math.min(perPiece, runs[i + 1] - done);
        const position = (runs[i] + done) * clusterSize;
        const bytes = readExactly(
          device,
          position,
          count * clusterSize,
          'data of a sparse file',
          'io/failed',
        );
        markData(bytes, clusterSize, vcn, unit, isZero);
        vcn += count;
        yield;
      }
    }
    return isZero;
  }

  private punchStream(inode: number, stream: number, isZero: Uint8Array): void {
    const { plan } = this;
    const { layout } = plan;
    const whole = plan.runsOf(stream);
    layout.lay(inode);
    const row = layout.rows
      .slice(0, layout.count)
      .find(({ type, ref }) => type === AttributeType.DATA && ref === stream);
    if (row === undefined) return;
    const runs = sparseRuns(whole, this.unit, isZero, row.runListRoom);
    let taken = 0;
    for (let i = 0; i < runs.length; i += 2) if (runs[i] !== HOLE) taken += runs[i + 1];
    if (taken === plan.streamClusters[stream]) return;
    this.noteFreed(whole, runs);
    plan.takenClusters.set(stream, taken);
    for (let index = 0; index <= layout.extensions; index++)
      this.patch(plan.record(inode, index), runs, taken, index === row.record);
    this.stale.note(inode);
  }

  /** Changes the run list, and the sizes in the file's own names. */
  private patch(record: number, runs: Runs, taken: number, hasData: boolean): void {
    const { plan, device } = this;
    const { clusterSize } = plan.geometry;
    const patch = new RecordPatch(device, plan, record);
    const { view, bytes } = patch;
    if (hasData) {
      for (const at of patch.attributes(AttributeType.DATA)) {
        const list = at + view.getUint16(at + 0x20, true);
        bytes.fill(0, list, at + view.getUint32(at + 0x04, true));
        writeRunList(runs, bytes, list);
        writeSize(view, at + 0x40, taken * clusterSize);
      }
    }
    for (const at of patch.attributes(AttributeType.FILE_NAME))
      writeSize(view, patch.valueOf(at) + 0x28, taken * clusterSize);
    patch.write();
  }

  private noteFreed(whole: Runs, runs: Runs): void {
    let piece = 0;
    let inPiece = 0;
    for (let i = 0; i < runs.length; i += 2) {
      for (let left = runs[i + 1]; left > 0;) {
        const count = Math.min(left, whole[piece + 1] - inPiece);
        const start = whole[piece] + inPiece;
        if (runs[i] === HOLE) this.freed.push([start, start + count]);
        inPiece += count;
        left -= count;
        if (inPiece < whole[piece + 1]) continue;
        piece += 2;
        inPiece = 0;
      }
    }
  }
}

/** Marks the units that hold anything. @param vcn of the first cluster in `bytes` */
function markData(
  bytes: Uint8Array,
  clusterSize: number,
  vcn: number,
  unit: number,
  isZero: Uint8Array,
): void {
  const words = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  const perCluster = clusterSize / 8;
  for (let cluster = 0; cluster * clusterSize < bytes.length; cluster++) {
    const number = Math.floor((vcn + cluster) / unit);
    if (isZero[number] === 0) continue;
    const end = (cluster + 1) * perCluster;
    for (let i = cluster * perCluster; i < end; i++) {
      // Not a number is not zero, and neither is what compares with it.
      if (words[i] === 0 && !Object.is(words[i], -0)) continue;
      isZero[number] = 0;
      break;
    }
  }
}
