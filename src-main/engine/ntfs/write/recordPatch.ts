import type { BlockDevice } from '../../disk/blockDevice';
import { readExactly } from '../../binary/byteSource';
import { AttributeType } from '../records/attribute';
import { SEQUENCE_STRIDE } from '../records/fileRecord';
import { protect, SEQUENCE_OFFSET } from './recordWriter';
import type { VolumePlan } from './volumePlan';

/** A record of $MFT that was written before, with the data that threads put into it, to be changed in place. */
export class RecordPatch {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  private readonly position: number;

  constructor(
    private readonly device: BlockDevice,
    { geometry, areas }: VolumePlan,
    record: number,
  ) {
    const { recordSize, clusterSize } = geometry;
    this.position = areas.mft.start * clusterSize + record * recordSize;
    this.bytes = readExactly(device, this.position, recordSize, 'file record', 'io/failed');
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, recordSize);
    let slot = SEQUENCE_OFFSET + 2;
    for (let end = SEQUENCE_STRIDE; end <= recordSize; end += SEQUENCE_STRIDE) {
      this.bytes.copyWithin(end - 2, slot, slot + 2);
      slot += 2;
    }
  }

  /** Offsets of the attributes of a type that have no name, or `$I30`. */
  *attributes(type: number): Generator<number> {
    const { view } = this;
    let at = view.getUint16(0x14, true);
    while (view.getUint32(at, true) !== AttributeType.END) {
      const isNamed = view.getUint8(at + 0x09) !== 0;
      if (view.getUint32(at, true) === type && (!isNamed || type !== AttributeType.DATA)) yield at;
      at += view.getUint32(at + 0x04, true);
    }
  }

  /** Offset of the value of a resident attribute. */
  valueOf(attribute: number): number {
    return attribute + this.view.getUint16(attribute + 0x14, true);
  }

  write(): void {
    protect(this.bytes, 0, this.bytes.length, SEQUENCE_OFFSET);
    this.device.write(this.position, this.bytes);
  }
}
