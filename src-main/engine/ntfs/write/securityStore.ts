import { bytesEqual } from '../../binary/bytesEqual';
import { SECURITY_BLOCK_SIZE, securityHash } from '../records/secure';
import type { SecurityPlaces } from './viewIndexes';

const HEADER = 0x14;
/** A descriptor that is longer cannot be: its entry must lie in one block. */
const LONGEST = SECURITY_BLOCK_SIZE - HEADER;

const align16 = (size: number): number => Math.ceil(size / 16) * 16;

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

const SYSTEM = '010100000000000512000000';
const ADMINISTRATORS = '01020000000000052000000020020000';
const AUTHENTICATED_USERS = '01010000000000050b000000';
const USERS = '01020000000000052000000021020000';

/** An entry that allows: flags, access mask and SID. */
function allow(flags: string, mask: string, sid: string): string {
  const size = (8 + sid.length / 2).toString(16).padStart(2, '0');
  return `00${flags}${size}00${mask}${sid}`;
}

/** A self-relative descriptor: owner and group follow the list. */
function descriptor(owner: string, group: string, entries: readonly string[]): Uint8Array {
  const list = entries.join('');
  const listSize = 8 + list.length / 2;
  const word = (value: number): string =>
    [0, 8, 16, 24].map((shift) => ((value >> shift) & 0xff).toString(16).padStart(2, '0')).join('');
  const ownerAt = 0x14 + listSize;
  return fromHex(
    `01000480${word(ownerAt)}${word(ownerAt + owner.length / 2)}${word(0)}${word(0x14)}` +
      `0200${word(listSize).slice(0, 4)}${word(entries.length).slice(0, 4)}0000${list}${owner}${group}`,
  );
}

const READ = '89001200';
const READ_WRITE = '9f011200';

/** $MFT and the other files that nobody writes to. */
const SYSTEM_READ = descriptor(SYSTEM, ADMINISTRATORS, [
  allow('00', READ, SYSTEM),
  allow('00', READ, ADMINISTRATORS),
]);
/** $Volume, $Secure and those in $Extend. */
const SYSTEM_WRITE = descriptor(SYSTEM, ADMINISTRATORS, [
  allow('00', READ_WRITE, SYSTEM),
  allow('00', READ_WRITE, ADMINISTRATORS),
]);
/** What Windows gives to the root of a new volume. */
const ROOT = descriptor(SYSTEM, SYSTEM, [
  allow('00', 'ff011f00', ADMINISTRATORS),
  allow('0b', '00000010', ADMINISTRATORS),
  allow('00', 'ff011f00', SYSTEM),
  allow('0b', '00000010', SYSTEM),
  allow('00', 'bf011300', AUTHENTICATED_USERS),
  allow('0b', '000001e0', AUTHENTICATED_USERS),
  allow('00', 'a9001200', USERS),
  allow('0b', '000000a0', USERS),
]);
/** What a file and a directory inherit from it. */
const INHERITED_FILE = descriptor(SYSTEM, SYSTEM, [
  allow('10', 'ff011f00', ADMINISTRATORS),
  allow('10', 'ff011f00', SYSTEM),
  allow('10', 'bf011300', AUTHENTICATED_USERS),
  allow('10', 'a9001200', USERS),
]);
const INHERITED_DIRECTORY = descriptor(SYSTEM, SYSTEM, [
  allow('10', 'ff011f00', ADMINISTRATORS),
  allow('1b', '00000010', ADMINISTRATORS),
  allow('10', 'ff011f00', SYSTEM),
  allow('1b', '00000010', SYSTEM),
  allow('10', 'bf011300', AUTHENTICATED_USERS),
  allow('1b', '000001e0', AUTHENTICATED_USERS),
  allow('10', 'a9001200', USERS),
  allow('1b', '000000a0', USERS),
]);

/** Rows of the descriptors that every volume has. */
export const DefaultSecurity = {
  SYSTEM_READ: 0,
  SYSTEM_WRITE: 1,
  ROOT: 2,
  FILE: 3,
  DIRECTORY: 4,
} as const;

/** The distinct security descriptors of a volume, in the order of their IDs, and how they lie in $SDS. */
export class SecurityStore implements SecurityPlaces {
  hashes = new Uint32Array();
  offsets = new Float64Array();
  lengths = new Uint32Array();
  private readonly descriptors: Uint8Array[] = [];
  private readonly rows = new Map<number, number[]>();
  /** Bytes of $SDS. */
  dataSize = 0;

  constructor() {
    for (const bytes of [SYSTEM_READ, SYSTEM_WRITE, ROOT, INHERITED_FILE, INHERITED_DIRECTORY])
      this.add(bytes);
  }

  /** Row of a descriptor, which is added where it is new; undefined for one that is too long or empty. */
  add(bytes: Uint8Array): number | undefined {
    if (bytes.length > LONGEST || bytes.length === 0) return undefined;
    const hash = securityHash(bytes);
    const same = this.rows.get(hash) ?? [];
    const known = same.find((row) => bytesEqual(this.descriptors[row], bytes));
    if (known !== undefined) return known;
    const row = this.descriptors.push(bytes) - 1;
    this.rows.set(hash, [...same, row]);
    return row;
  }

  /** Lays $SDS out; nothing can be added afterwards. */
  layOut(): void {
    const count = this.descriptors.length;
    this.hashes = new Uint32Array(count);
    this.offsets = new Float64Array(count);
    this.lengths = new Uint32Array(count);
    let at = 0;
    for (const [row, bytes] of this.descriptors.entries()) {
      const length = HEADER + bytes.length;
      const room = SECURITY_BLOCK_SIZE - (at % SECURITY_BLOCK_SIZE);
      // An entry must not cross a block, and the block after each is its copy.
      if (length > room) at += room + SECURITY_BLOCK_SIZE;
      this.hashes[row] = securityHash(bytes);
      this.offsets[row] = at;
      this.lengths[row] = length;
      at += align16(length);
      if (at % SECURITY_BLOCK_SIZE === 0 && row < count - 1) at += SECURITY_BLOCK_SIZE;
    }
    const last = count - 1;
    this.dataSize = this.offsets[last] + this.lengths[last] + SECURITY_BLOCK_SIZE;
  }

  /** Writes what of $SDS lies in [`start`, `start` + `target.length`) into memory that is zero. */
  write(start: number, target: Uint8Array): void {
    const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
    for (const [row, bytes] of this.descriptors.entries()) {
      for (const copy of [0, SECURITY_BLOCK_SIZE]) {
        const at = this.offsets[row] + copy - start;
        if (at < 0 || at + HEADER + bytes.length > target.length) continue;
        view.setUint32(at, this.hashes[row], true);
        view.setUint32(at + 0x04, row + 0x100, true);
        view.setBigUint64(at + 0x08, BigInt(this.offsets[row]), true);
        view.setUint32(at + 0x10, this.lengths[row], true);
        target.set(bytes, at + HEADER);
      }
    }
  }
}
