import { AppError } from '../../../../src-shared/errors/appError';
import type { BlockDevice } from '../blockDevice';
import type { MbrPartition } from './readMbr';
import { ACTIVE, BootRecord, BOOT_CODE_SIZE, chsOf, MBR_MAGIC, MbrEntry } from './records';

/**
 * Writes a master boot record with primary partitions, and flushes.
 * @param table `signature` is not 0; partitions are numbered 1 to 4, at most one of them active
 * @throws AppError `layout/invalid` for partitions that overlap or that 32-bit addresses do not reach
 */
export function writeMbr(
  device: BlockDevice,
  table: {
    readonly signature: number;
    readonly partitions: readonly Omit<MbrPartition, 'kind'>[];
    /** At most 440 bytes that the BIOS runs at 0:7C00. */
    readonly bootCode?: Uint8Array;
  },
): void {
  const entries = [1, 2, 3, 4].map(() => MbrEntry.parse(new Uint8Array(MbrEntry.size)));
  let end = 1;
  for (const partition of [...table.partitions].sort((a, b) => a.firstLba - b.firstLba)) {
    const { number, firstLba, sectors } = partition;
    const refuse = (problem: string): never => {
      throw new AppError('layout/invalid', `partition ${number} ${problem}`);
    };
    if (![1, 2, 3, 4].includes(number) || entries[number - 1].type !== 0)
      refuse('has a number that is not free');
    if (firstLba < end) refuse('lies over the table or over another partition');
    if (sectors < 1 || firstLba + sectors > device.size / device.sectorSize)
      refuse('does not lie on the disk');
    if (firstLba > 0xffff_ffff || sectors > 0xffff_ffff) refuse('lies where an MBR does not reach');
    end = firstLba + sectors;
    entries[number - 1] = {
      status: partition.active ? ACTIVE : 0,
      firstChs: chsOf(firstLba),
      type: partition.type,
      lastChs: chsOf(end - 1),
      firstLba,
      sectors,
    };
  }
  if (entries.filter(({ status }) => status === ACTIVE).length > 1) {
    throw new AppError('layout/invalid', 'more than one partition is active');
  }
  const bootCode = new Uint8Array(BOOT_CODE_SIZE);
  if (table.bootCode) bootCode.set(table.bootCode);
  const sector = new Uint8Array(device.sectorSize);
  sector.set(
    BootRecord.serialize({
      bootCode,
      signature: table.signature,
      reserved: 0,
      entry1: entries[0],
      entry2: entries[1],
      entry3: entries[2],
      entry4: entries[3],
      magic: MBR_MAGIC,
    }),
  );
  device.write(0, sector);
  device.flush();
}
