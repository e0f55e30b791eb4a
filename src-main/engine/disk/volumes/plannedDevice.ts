import { AppError } from '../../../../src-shared/errors/appError';
import type { BlockDevice } from '../blockDevice';

/**
 * A device that is not there yet: what a volume would need of it can be worked out before anything is made. It reads as
 * zeroes and takes nothing, until the device is there and is attached.
 */
export class PlannedDevice implements BlockDevice {
  readonly physicalSectorSize: number;
  readonly writable = true;
  private attached: BlockDevice | undefined;

  constructor(
    readonly name: string,
    readonly size: number,
    readonly sectorSize: number,
  ) {
    this.physicalSectorSize = Math.max(sectorSize, 4096);
  }

  /** @param device of the size and the sectors that were planned */
  attach(device: BlockDevice): void {
    if (device.size !== this.size || device.sectorSize !== this.sectorSize)
      throw new AppError('internal/bug', `${device.name} is not the device that was planned`);
    this.attached = device;
  }

  read(offset: number, target: Uint8Array): number {
    if (this.attached !== undefined) return this.attached.read(offset, target);
    const count = Math.max(0, Math.min(target.length, this.size - offset));
    target.fill(0, 0, count);
    return count;
  }

  write(offset: number, bytes: Uint8Array): void {
    this.real().write(offset, bytes);
  }

  flush(): void {
    this.real().flush();
  }

  extents(offset: number, length: number): ReturnType<BlockDevice['extents']> {
    return this.attached?.extents(offset, length) ?? [{ kind: 'zero', length }];
  }

  allocate(offset: number, length: number): void {
    this.real().allocate(offset, length);
  }

  close(): void {
    this.attached?.close();
  }

  private real(): BlockDevice {
    if (this.attached === undefined)
      throw new AppError('internal/bug', `${this.name} is only planned: nothing can be written to it`);
    return this.attached;
  }
}
