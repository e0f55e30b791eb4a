import { AppError } from '../../../../src-shared/errors/appError';
import type { BlockDevice } from '../../disk/blockDevice';
import type { ExtentPlacement } from '../../pipeline/tasks';
import { SEQUENCE_STRIDE } from '../records/fileRecord';
import { sequenceSlot } from './recordWriter';
import type { VolumePlan } from './volumePlan';

/** Says where threads write the data of streams: in clusters, or in the records of $MFT. */
export class StreamPlaces {
  constructor(
    private readonly device: BlockDevice,
    private readonly plan: VolumePlan,
  ) {}

  /** @param path of the entry, for messages */
  place(stream: number, path: string): ExtentPlacement {
    const { plan } = this;
    const { clusterSize } = plan.geometry;
    const size = plan.sizeOf(stream);
    const pieces: number[] = [];
    if (size > 0 && plan.streamClusters[stream] > 0) {
      const runs = plan.runsOf(stream);
      for (let i = 0; i < runs.length; i += 2) pieces.push(runs[i] * clusterSize, runs[i + 1] * clusterSize);
    } else if (size > 0) {
      this.addResident(stream, size, pieces);
    }
    return this.located(path, pieces);
  }

  /** A value in a record: the last two bytes of each 512 are kept in the record's update sequence array. */
  private addResident(stream: number, size: number, pieces: number[]): void {
    const { plan } = this;
    const { recordSize, clusterSize } = plan.geometry;
    const at = plan.firstCluster[stream] * 8;
    const start = at % recordSize;
    const record = plan.areas.mft.start * clusterSize + at - start;
    for (let offset = start; offset < start + size;) {
      const inStride = offset % SEQUENCE_STRIDE;
      if (inStride >= SEQUENCE_STRIDE - 2) {
        pieces.push(record + sequenceSlot((offset - inStride) / SEQUENCE_STRIDE), 2);
        offset += 2;
      } else {
        const length = Math.min(SEQUENCE_STRIDE - 2 - inStride, start + size - offset);
        pieces.push(record + offset, length);
        offset += length;
      }
    }
  }

  private located(path: string, pieces: readonly number[]): ExtentPlacement {
    const { device } = this;
    const extents: number[] = [];
    let file = '';
    for (let i = 0; i < pieces.length; i += 2) {
      for (const extent of device.extents(pieces[i], pieces[i + 1])) {
        if (extent.kind !== 'file' || (file !== '' && file !== extent.path))
          throw new AppError('internal/bug', `${device.name}: a place that was asked for is not in its file`);
        file = extent.path;
        extents.push(extent.offset, extent.length);
      }
    }
    return { kind: 'extents', path, file, extents: Float64Array.from(extents) };
  }
}
