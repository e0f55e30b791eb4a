import { AppError, FormatError } from '../../../src-shared/errors/appError';
import { UNIX_EPOCH } from '../wim/fileTime';
import { baseBlockChecksum, writeBaseBlock, type BaseBlock } from './baseBlock';
import { CellStore } from './cellStore';
import type { Hive, HiveKey, OpenHiveOptions } from './hive';
import { HiveCore } from './hiveCore';
import { Key } from './key';
import { keyAt } from './keyNodes';
import { BIN_HEADER, BaseBlock as BaseBlockRecord, Magic, PAGE } from './records';
import { isDirty, recover } from './recovery';

/**
 * Opens a hive. A dirty one is recovered from its logs, as Windows does when it loads it.
 * @throws AppError `registry/not-a-hive`, `registry/unsupported`; FormatError `registry/malformed`
 */
export function openHive(given: Uint8Array, options: OpenHiveOptions = {}): Hive {
  // A plain array over the same memory: slices of some subclasses are no copies.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.length);
  const label = options.label ?? 'the hive';
  const isHive = startsWith(bytes, 0, Magic.REGF);
  // A hive without its base block can be told by its first bin; only a log can bring the block back.
  if (!isHive && !(startsWith(bytes, PAGE, Magic.HBIN) && (options.logs ?? []).length > 0)) {
    throw new AppError('registry/not-a-hive', `${label} is no registry hive`);
  }
  if (bytes.length < PAGE + BIN_HEADER) {
    throw new FormatError(
      { structure: 'base block', offset: 0, problem: `${label} ends after ${bytes.length} bytes` },
      'registry/malformed',
    );
  }
  const stored = isHive ? BaseBlockRecord.parse(bytes) : undefined;
  const needsRecovery = stored === undefined || isDirty(bytes, stored);
  const recovered = needsRecovery ? recover(bytes, stored, options.logs ?? []) : undefined;
  const file = recovered?.file ?? bytes;
  const block = recovered === undefined ? stored : BaseBlockRecord.parse(file);
  if (block === undefined) throw new AppError('registry/not-a-hive', `${label} is no registry hive`);
  requireFormat(label, block, block.checksum === baseBlockChecksum(file));
  const isDirtyStill = needsRecovery && recovered === undefined;
  const hive = new OpenHive(file, block, {
    label,
    recovered: recovered !== undefined,
    dirty: isDirtyStill,
    unchangeable:
      isDirtyStill && options.acceptDirty !== true
        ? new AppError(
            'registry/dirty',
            `${label}: a write of the hive was never finished, and no log that fits is there`,
          )
        : undefined,
    now: options.now ?? clock,
  });
  if (recovered !== undefined) {
    hive.warn(`the hive was dirty; ${recovered.writes} writes were recovered from its logs`);
  } else if (isDirtyStill) {
    hive.warn('the hive is dirty, and no log that fits is there: what was written last may be missing');
  }
  return hive;
}

function startsWith(bytes: Uint8Array, at: number, magic: number): boolean {
  if (bytes.length < at + 4) return false;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at, true) === magic;
}

function clock(): bigint {
  return BigInt(Date.now()) * 10_000n + UNIX_EPOCH;
}

/** Formats before 1.3 lay out their cells in other ways. */
function requireFormat(label: string, { major, minor, fileType }: BaseBlock, isValid: boolean): void {
  if (fileType !== 0) {
    throw new AppError('registry/not-a-hive', `${label} is the log of a registry hive, not a hive`);
  }
  if (major !== 1 || minor < 3 || minor > 6) {
    if (!isValid) {
      throw new FormatError(
        {
          structure: 'base block',
          offset: 0,
          problem: `${label} needs one of its logs: its checksum is wrong`,
        },
        'registry/malformed',
      );
    }
    throw new AppError(
      'registry/unsupported',
      `${label} has the hive format ${major}.${minor}; 1.3 to 1.6 are known`,
    );
  }
}

/** What {@link OpenHive} is made of, besides the file. */
interface HiveState {
  readonly label: string;
  readonly recovered: boolean;
  readonly dirty: boolean;
  readonly unchangeable: AppError | undefined;
  readonly now: () => bigint;
}

export class OpenHive implements Hive {
  readonly root: HiveKey;
  readonly recovered: boolean;
  readonly dirty: boolean;
  private readonly core: HiveCore;
  private readonly rootKey: Key;

  constructor(
    private readonly file: Uint8Array,
    block: BaseBlock,
    private readonly state: HiveState,
  ) {
    // A base block with a wrong checksum is not to be trusted with the size, either.
    const declared = block.checksum === baseBlockChecksum(file) ? block.binsSize : undefined;
    const cells = new CellStore(file.subarray(PAGE), declared);
    this.core = new HiveCore(state.label, block, cells, state.unchangeable, state.now);
    this.recovered = state.recovered;
    this.dirty = state.dirty;
    for (const { offset, problem } of cells.faults)
      this.core.warn(`hive bin at offset ${offset}: ${problem}`);
    keyAt(cells, block.root);
    this.rootKey = new Key(this.core, block.root, undefined, 0);
    this.root = this.rootKey;
  }

  get warnings(): readonly string[] {
    return this.core.warnings;
  }

  get changed(): boolean {
    return this.core.changed;
  }

  warn(text: string): void {
    this.core.warn(text);
  }

  key(path: string): HiveKey | undefined {
    return this.rootKey.descend(path);
  }

  serialize(): Uint8Array<ArrayBuffer> {
    const { core, state } = this;
    if (state.unchangeable !== undefined) throw state.unchangeable;
    const { cells, block } = core;
    if (!core.changed && !this.dirty) return this.file.slice();
    const allocator = core.change();
    allocator.dropFreeBins(PAGE * Math.ceil(block.binsSize / PAGE));
    const file = new Uint8Array(PAGE + cells.size);
    file.set(this.file.subarray(0, PAGE));
    file.set(cells.bytes.subarray(0, cells.size), PAGE);
    const sequence = (Math.max(block.primarySequence, block.secondarySequence) + 1) >>> 0;
    // Windows 8.1 and later leave the time alone; where there is one, the first bin holds it, too.
    const lastWritten = block.lastWritten === 0n ? 0n : state.now();
    if (lastWritten !== 0n) new DataView(file.buffer).setBigUint64(PAGE + 20, lastWritten, true);
    writeBaseBlock(file, {
      ...block,
      primarySequence: sequence,
      secondarySequence: sequence,
      binsSize: cells.size,
      lastWritten,
    });
    return file;
  }
}
