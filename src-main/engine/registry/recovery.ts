import { baseBlockChecksum, writeBaseBlock, type BaseBlock } from './baseBlock';
import { readLog, type LogFile, type LoggedWrite } from './logFile';
import { BIN_HEADER, BinHeader, FileType, Magic, PAGE } from './records';

/** Where the lowest bit of the flags lies in the reserved part of the base block. */
const FLAGS_IN_RESERVED = 144 - 112;

/** A hive's file after its logs were applied. */
export interface Recovered {
  readonly file: Uint8Array<ArrayBuffer>;
  /** Writes that were applied. */
  readonly writes: number;
}

/** Whether a hive's base block says that a write was begun and not finished, or is itself damaged. */
export function isDirty(file: Uint8Array, block: BaseBlock): boolean {
  return block.primarySequence !== block.secondarySequence || block.checksum !== baseBlockChecksum(file);
}

/**
 * Brings a dirty hive up to date from its logs, by the rules that the specification gives for Windows.
 * @param file the hive, at least a base block and a bin's header long; it is not changed
 * @param block its base block; undefined when there is none
 * @returns undefined when no log holds what the hive lacks
 */
export function recover(
  file: Uint8Array,
  block: BaseBlock | undefined,
  logFiles: readonly Uint8Array[],
): Recovered | undefined {
  const logs = logFiles.map(readLog).filter((log) => log !== undefined);
  const valid = block !== undefined && block.checksum === baseBlockChecksum(file) ? block : undefined;
  const chosen = chooseNew(logs, valid) ?? chooseOld(logs, valid, file);
  if (chosen === undefined) return undefined;
  return apply(file, valid ?? chosen.block, chosen.writes, logFiles);
}

interface Chosen {
  /** Base block that takes the place of a damaged one. */
  readonly block: BaseBlock;
  readonly writes: readonly LoggedWrite[];
}

/**
 * Logs of the new format. Both may hold writes, the later ones in either; of a hive whose base block is damaged only
 * the log with the latest is used.
 */
function chooseNew(all: readonly LogFile[], valid: BaseBlock | undefined): Chosen | undefined {
  const logs = all
    .filter((log) => log.isNew && log.writes.length > 0)
    .sort((a, b) => a.writes[0].sequence - b.writes[0].sequence);
  if (logs.length === 0) return undefined;
  if (valid === undefined) {
    const latest = logs[logs.length - 1];
    return { block: latest.block, writes: latest.writes };
  }
  const writes: LoggedWrite[] = [];
  for (const log of logs) {
    const first = log.writes[0].sequence;
    const follows =
      writes.length === 0
        ? first >= valid.secondarySequence
        : first === writes[writes.length - 1].sequence + 1;
    if (follows) writes.push(...log.writes);
  }
  return writes.length === 0 ? undefined : { block: valid, writes };
}

/**
 * Of logs of the old format the first one that was written together with the hive. The time of a hive whose base block
 * is damaged is only in its first bin, where it is as old as the last write of that bin.
 */
function chooseOld(
  all: readonly LogFile[],
  valid: BaseBlock | undefined,
  file: Uint8Array,
): Chosen | undefined {
  const firstBin = valid === undefined ? firstBinTime(file) : undefined;
  const fits = ({ lastWritten }: BaseBlock): boolean =>
    valid !== undefined
      ? lastWritten === valid.lastWritten
      : firstBin !== undefined && lastWritten >= firstBin;
  const log = all.find(
    (candidate) =>
      !candidate.isNew &&
      fits(candidate.block) &&
      candidate.writes.every((write) => hasGoodBins(file, write)),
  );
  return log === undefined ? undefined : { block: log.block, writes: log.writes };
}

function firstBinTime(file: Uint8Array): bigint | undefined {
  if (file.length < PAGE + BIN_HEADER) return undefined;
  const view = new DataView(file.buffer, file.byteOffset + PAGE, BIN_HEADER);
  if (view.getUint32(0, true) !== Magic.HBIN) return undefined;
  return BinHeader.parse(file.subarray(PAGE, PAGE + BIN_HEADER)).timestamp;
}

/** Whether the pages that replace a bin's header hold one. Windows stops at one that does not. */
function hasGoodBins(file: Uint8Array, write: LoggedWrite): boolean {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  return write.pages.every(({ offset, bytes }) => {
    const at = PAGE + offset;
    if (offset % PAGE !== 0 || at + BIN_HEADER > file.length) return true;
    if (view.getUint32(at, true) !== Magic.HBIN || view.getUint32(at + 4, true) !== offset) return true;
    const page = new DataView(bytes.buffer, bytes.byteOffset, BIN_HEADER);
    return (
      page.getUint32(0, true) === Magic.HBIN &&
      page.getUint32(4, true) === offset &&
      page.getUint32(8, true) >= PAGE
    );
  });
}

function apply(
  file: Uint8Array,
  base: BaseBlock,
  writes: readonly LoggedWrite[],
  logFiles: readonly Uint8Array[],
): Recovered | undefined {
  // Whatever a hive has gained since it was written lies in the logs: it cannot have grown by more.
  const most = file.length + logFiles.reduce((sum, log) => sum + log.length, 0) + PAGE;
  const usable: LoggedWrite[] = [];
  let length = file.length;
  for (const write of writes) {
    if (PAGE + write.binsSize > most) break;
    length = Math.max(length, PAGE + write.binsSize);
    usable.push(write);
  }
  if (usable.length === 0) return undefined;
  const last = usable[usable.length - 1];

  const result = new Uint8Array(length);
  result.set(file);
  for (const { pages } of usable) for (const page of pages) result.set(page.bytes, PAGE + page.offset);

  const reserved = base.reserved.slice();
  if (last.locked !== undefined) {
    reserved[FLAGS_IN_RESERVED] = (reserved[FLAGS_IN_RESERVED] & 0xfe) | (last.locked ? 1 : 0);
  }
  const sequence = (Math.max(last.sequence, base.primarySequence) + 1) >>> 0;
  writeBaseBlock(result, {
    ...base,
    fileType: FileType.PRIMARY,
    binsSize: last.binsSize,
    primarySequence: sequence,
    secondarySequence: sequence,
    reserved,
  });
  return { file: result, writes: usable.length };
}
