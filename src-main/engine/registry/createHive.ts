import { writeBaseBlock } from './baseBlock';
import type { Hive } from './hive';
import { nameBytes } from './names';
import { openHive } from './openHive';
import {
  BIN_HEADER,
  BinHeader,
  CellMagic,
  FileType,
  KeyFlag,
  KeyNode,
  KeySecurity,
  Magic,
  NOWHERE,
  PAGE,
} from './records';

/** What a new hive may be told. */
export interface CreateHiveOptions {
  /** How errors call the hive. Default: "the new hive". */
  readonly label?: string;
  /** Name of the root key. Default: "ROOT". */
  readonly rootName?: string;
  /** Self-relative security descriptor of the root, which every key inherits. */
  readonly security?: Uint8Array;
  /** Time that keys get, FILETIME. Default: the clock. */
  readonly now?: () => bigint;
}

/** KEY_ALL_ACCESS and KEY_READ. */
const ALL = 0x000f003f;
const READ = 0x00020019;
/** BUILTIN\Administrators, BUILTIN\Users and SYSTEM. */
const ADMINISTRATORS = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0];
const USERS = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x21, 2, 0, 0];
const SYSTEM = [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0];

/** O:BAG:SYD:(A;CI;KA;;;BA)(A;CI;KA;;;SY)(A;CI;KR;;;BU), self-relative as [MS-DTYP] 2.4.6 has it. */
function defaultSecurity(): Uint8Array {
  const entries = [
    { sid: ADMINISTRATORS, access: ALL },
    { sid: SYSTEM, access: ALL },
    { sid: USERS, access: READ },
  ].flatMap(({ sid, access }) => [0, 2, 8 + sid.length, 0, ...littleEndian(access), ...sid]);
  const acl = [2, 0, entries.length + 8, 0, 3, 0, 0, 0, ...entries];
  const group = 20 + ADMINISTRATORS.length;
  const list = group + SYSTEM.length;
  const head = [
    1,
    0,
    4,
    0x80,
    ...littleEndian(20),
    ...littleEndian(group),
    0,
    0,
    0,
    0,
    ...littleEndian(list),
  ];
  return Uint8Array.from([...head, ...ADMINISTRATORS, ...SYSTEM, ...acl]);
}

function littleEndian(number: number): number[] {
  return [number & 0xff, (number >> 8) & 0xff, (number >> 16) & 0xff, number >>> 24];
}

const align8 = (size: number): number => Math.ceil(size / 8) * 8;

/** Makes an empty hive of format 1.5. */
export function createHive(options: CreateHiveOptions = {}): Hive {
  const security = options.security ?? defaultSecurity();
  const name = nameBytes(options.rootName ?? 'ROOT');
  const rootSize = align8(4 + KeyNode.size + name.bytes.length);
  const securitySize = align8(4 + KeySecurity.size + security.length);
  const binSize = Math.ceil((BIN_HEADER + rootSize + securitySize + 8) / PAGE) * PAGE;
  const file = new Uint8Array(PAGE + binSize);
  const bin = file.subarray(PAGE);
  const view = new DataView(file.buffer, PAGE);
  const root = BIN_HEADER;
  const descriptor = root + rootSize;
  const rest = descriptor + securitySize;

  bin.set(
    BinHeader.serialize({
      magic: Magic.HBIN,
      offset: 0,
      size: binSize,
      reserved: 0n,
      timestamp: 0n,
      spare: 0,
    }),
  );
  view.setInt32(root, -rootSize, true);
  bin.set(
    KeyNode.serialize({
      magic: CellMagic.NK,
      flags: KeyFlag.ROOT | KeyFlag.NO_DELETE | (name.compressed ? KeyFlag.COMPRESSED_NAME : 0),
      lastWritten: options.now?.() ?? 0n,
      accessBits: 0,
      parent: NOWHERE,
      subkeyCount: 0,
      volatileCount: 0,
      subkeyList: NOWHERE,
      volatileList: NOWHERE,
      valueCount: 0,
      valueList: NOWHERE,
      security: descriptor,
      className: NOWHERE,
      largestSubkeyName: 0,
      virtualization: 0,
      debug: 0,
      largestClassName: 0,
      largestValueName: 0,
      largestValueData: 0,
      workVar: 0,
      nameLength: name.bytes.length,
      classNameLength: 0,
    }),
    root + 4,
  );
  bin.set(name.bytes, root + 4 + KeyNode.size);
  view.setInt32(descriptor, -securitySize, true);
  bin.set(
    KeySecurity.serialize({
      magic: CellMagic.SK,
      reserved: 0,
      next: descriptor,
      previous: descriptor,
      references: 1,
      size: security.length,
    }),
    descriptor + 4,
  );
  bin.set(security, descriptor + 4 + KeySecurity.size);
  view.setInt32(rest, binSize - rest, true);
  writeBaseBlock(file, {
    magic: Magic.REGF,
    primarySequence: 1,
    secondarySequence: 1,
    lastWritten: 0n,
    major: 1,
    minor: 5,
    fileType: FileType.PRIMARY,
    fileFormat: 1,
    root,
    binsSize: binSize,
    clusteringFactor: 1,
    fileName: new Uint8Array(64),
    reserved: new Uint8Array(396),
    checksum: 0,
  });
  return openHive(file, {
    label: options.label ?? 'the new hive',
    ...(options.now === undefined ? {} : { now: options.now }),
  });
}
