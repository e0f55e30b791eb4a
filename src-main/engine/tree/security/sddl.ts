import { conditionText } from './condition';
import { readSid, sddlOfSid } from './sid';

/*
 * A self-relative security descriptor ([MS-DTYP] 2.4.6) as text ([MS-DTYP] 2.5.1), spelt as Windows spells it.
 */

const Control = {
  DACL_PRESENT: 0x0004,
  SACL_PRESENT: 0x0010,
  DACL_AUTO_INHERIT_REQ: 0x0100,
  SACL_AUTO_INHERIT_REQ: 0x0200,
  DACL_AUTO_INHERITED: 0x0400,
  SACL_AUTO_INHERITED: 0x0800,
  DACL_PROTECTED: 0x1000,
  SACL_PROTECTED: 0x2000,
  SELF_RELATIVE: 0x8000,
} as const;

const HEADER_SIZE = 20;
const ACL_HEADER_SIZE = 8;

/** Something that the text form cannot say, or a descriptor that is not whole. */
class Unspeakable extends Error {}

/**
 * The text of a descriptor.
 * @returns undefined when it is malformed, or holds something that the text form has no word for
 */
export function sddlOf(descriptor: Uint8Array): string | undefined {
  try {
    return writeDescriptor(descriptor);
  } catch (error) {
    if (error instanceof Unspeakable) return undefined;
    throw error;
  }
}

/** The owner's SID; undefined when there is none. */
export function ownerOf(descriptor: Uint8Array): string | undefined {
  if (descriptor.length < HEADER_SIZE) return undefined;
  const offset = viewOf(descriptor).getUint32(4, true);
  return offset === 0 ? undefined : readSid(descriptor, offset)?.text;
}

function writeDescriptor(bytes: Uint8Array): string {
  const view = viewOf(bytes);
  if (bytes.length < HEADER_SIZE || bytes[0] !== 1) throw new Unspeakable();
  const control = view.getUint16(2, true);
  if ((control & Control.SELF_RELATIVE) === 0) throw new Unspeakable();
  const [owner, group, sacl, dacl] = [4, 8, 12, 16].map((at) => view.getUint32(at, true));
  let text = '';
  if (owner !== 0) text += `O:${sidAt(bytes, owner)}`;
  if (group !== 0) text += `G:${sidAt(bytes, group)}`;
  const has = (bit: number): boolean => (control & bit) !== 0;
  if (has(Control.DACL_PRESENT)) {
    text += 'D:';
    if (has(Control.DACL_PROTECTED)) text += 'P';
    if (has(Control.DACL_AUTO_INHERIT_REQ)) text += 'AR';
    if (has(Control.DACL_AUTO_INHERITED)) text += 'AI';
    text += dacl === 0 ? 'NO_ACCESS_CONTROL' : aclAt(bytes, dacl);
  }
  if (has(Control.SACL_PRESENT)) {
    text += 'S:';
    if (has(Control.SACL_PROTECTED)) text += 'P';
    if (has(Control.SACL_AUTO_INHERIT_REQ)) text += 'AR';
    if (has(Control.SACL_AUTO_INHERITED)) text += 'AI';
    text += sacl === 0 ? 'NO_ACCESS_CONTROL' : aclAt(bytes, sacl);
  }
  return text;
}

/** Revision u8, 0, size u16, count u16, 0, then the entries. */
function aclAt(bytes: Uint8Array, at: number): string {
  const view = viewOf(bytes);
  if (at + ACL_HEADER_SIZE > bytes.length) throw new Unspeakable();
  const end = at + view.getUint16(at + 2, true);
  const count = view.getUint16(at + 4, true);
  if (end > bytes.length) throw new Unspeakable();
  let text = '';
  let position = at + ACL_HEADER_SIZE;
  for (let i = 0; i < count; i++) {
    const size = position + 4 <= end ? view.getUint16(position + 2, true) : 0;
    if (size < 8 || position + size > end) throw new Unspeakable();
    text += aceText(bytes.subarray(position, position + size));
    position += size;
  }
  return text;
}

/** How the bytes of an entry after the mask are laid out. */
type AceShape = 'plain' | 'object' | 'callback' | 'label' | 'policy';

const aceTypes: Readonly<Record<number, readonly [letters: string, shape: AceShape]>> = {
  0x00: ['A', 'plain'],
  0x01: ['D', 'plain'],
  0x02: ['AU', 'plain'],
  0x03: ['AL', 'plain'],
  0x05: ['OA', 'object'],
  0x06: ['OD', 'object'],
  0x07: ['OU', 'object'],
  0x08: ['OL', 'object'],
  0x09: ['XA', 'callback'],
  0x0a: ['XD', 'callback'],
  0x0d: ['XU', 'callback'],
  0x11: ['ML', 'label'],
  0x13: ['SP', 'policy'],
  0x14: ['TL', 'policy'],
};

const aceFlags: readonly (readonly [bit: number, letters: string])[] = [
  [0x01, 'OI'],
  [0x02, 'CI'],
  [0x04, 'NP'],
  [0x08, 'IO'],
  [0x10, 'ID'],
  [0x40, 'SA'],
  [0x80, 'FA'],
];

const OBJECT_TYPE_PRESENT = 1;
const INHERITED_OBJECT_TYPE_PRESENT = 2;

function aceText(ace: Uint8Array): string {
  const type = Object.hasOwn(aceTypes, ace[0]) ? aceTypes[ace[0]] : undefined;
  if (type === undefined) throw new Unspeakable();
  const [letters, shape] = type;
  const view = viewOf(ace);
  const flags = aceFlags.map(([bit, name]) => ((ace[1] & bit) === 0 ? '' : name)).join('');
  const mask = view.getUint32(4, true);
  const rights = shape === 'label' ? labelRights(mask) : rightsText(mask);
  let at = 8;
  let objects = ';';
  if (shape === 'object') {
    if (ace.length < 12) throw new Unspeakable();
    const present = view.getUint32(8, true);
    at = 12;
    const guid = (bit: number): string => {
      if ((present & bit) === 0) return '';
      at += 16;
      return guidAt(ace, at - 16);
    };
    objects = `${guid(OBJECT_TYPE_PRESENT)};${guid(INHERITED_OBJECT_TYPE_PRESENT)}`;
  }
  const sid = readSid(ace, at);
  if (sid === undefined) throw new Unspeakable();
  let text = `(${letters};${flags};${rights};${objects};${sddlOfSid(sid.text)}`;
  if (shape === 'callback') {
    const condition = conditionText(ace.subarray(at + sid.size));
    if (condition === undefined) throw new Unspeakable();
    text += `;${condition}`;
  }
  return `${text})`;
}

/** Sets of rights that have a word of their own: those of files come first, as Windows looks for them. */
const wholeRights: Readonly<Record<number, string>> = {
  0x1f01ff: 'FA',
  0x120089: 'FR',
  0x120116: 'FW',
  0x1200a0: 'FX',
  0xf003f: 'KA',
  0x20019: 'KR',
  0x20006: 'KW',
};

const singleRights: readonly (readonly [bit: number, letters: string])[] = [
  [0x0001, 'CC'],
  [0x0002, 'DC'],
  [0x0004, 'LC'],
  [0x0008, 'SW'],
  [0x0010, 'RP'],
  [0x0020, 'WP'],
  [0x0040, 'DT'],
  [0x0080, 'LO'],
  [0x0100, 'CR'],
  [0x1_0000, 'SD'],
  [0x2_0000, 'RC'],
  [0x4_0000, 'WD'],
  [0x8_0000, 'WO'],
  [0x1000_0000, 'GA'],
  [0x2000_0000, 'GX'],
  [0x4000_0000, 'GW'],
  [0x8000_0000, 'GR'],
];
const spelledRights = singleRights.reduce((all, [bit]) => all + bit, 0);

function rightsText(mask: number): string {
  if (Object.hasOwn(wholeRights, mask)) return wholeRights[mask];
  // A right without letters, as SYNCHRONIZE, makes the whole mask a number.
  if ((mask & ~spelledRights) !== 0) return `0x${mask.toString(16)}`;
  return singleRights.map(([bit, letters]) => ((mask & bit) === 0 ? '' : letters)).join('');
}

function labelRights(mask: number): string {
  if (mask === 0 || mask > 7) return `0x${mask.toString(16)}`;
  return ((mask & 1) !== 0 ? 'NW' : '') + ((mask & 2) !== 0 ? 'NR' : '') + ((mask & 4) !== 0 ? 'NX' : '');
}

function sidAt(bytes: Uint8Array, at: number): string {
  const sid = readSid(bytes, at);
  if (sid === undefined) throw new Unspeakable();
  return sddlOfSid(sid.text);
}

function guidAt(bytes: Uint8Array, at: number): string {
  if (at + 16 > bytes.length) throw new Unspeakable();
  const view = viewOf(bytes);
  const digits = (value: number, width: number): string => value.toString(16).padStart(width, '0');
  const tail = Array.from(bytes.subarray(at + 8, at + 16), (byte) => digits(byte, 2)).join('');
  return [
    digits(view.getUint32(at, true), 8),
    digits(view.getUint16(at + 4, true), 4),
    digits(view.getUint16(at + 6, true), 4),
    tail.slice(0, 4),
    tail.slice(4),
  ].join('-');
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
