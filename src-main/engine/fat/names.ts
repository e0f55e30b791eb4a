import { FatAttribute, LongNameEntry } from './records';

/** Characters of a long name, UTF-16 code units. */
export const MAX_LONG_NAME = 255;
const UNITS_PER_ENTRY = 13;
const LAST_PART = 0x40;
const LOWER_BASE = 0x08;
const LOWER_EXTENSION = 0x10;
const shortCharacters = /^[A-Z0-9$%'\-_@~`!(){}^#&]+$/;

/** An 8.3 name as it is stored, and whether it alone tells the whole name. */
export interface ShortName {
  /** 11 characters, padded. */
  readonly name: string;
  readonly caseFlags: number;
  readonly isWhole: boolean;
}

/** What is wrong with a name, in words; undefined for one that FAT can hold. */
export function faultOfName(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'is no name';
  if (name.length > MAX_LONG_NAME) return `is longer than ${MAX_LONG_NAME} characters`;
  if (/["*/:<>?\\|]/.test(name) || [...name].some((character) => character < ' ')) {
    return 'has a character that FAT32 cannot hold';
  }
  return /[. ]$/.test(name) ? 'ends with a dot or a space' : undefined;
}

/** Names that differ only by that are one name. */
export function nameKey(name: string): string {
  return name.toUpperCase();
}

/** Gives out the 8.3 names of one directory. */
export class ShortNames {
  private readonly taken = new Set<string>();
  private readonly lastNumber = new Map<string, number>();

  /** @param names keys of all names of the directory, whose own 8.3 names nobody else may get */
  constructor(private readonly names: { has(key: string): boolean }) {}

  /** Every name is added once. */
  add(name: string): ShortName {
    const own = ownShortName(name);
    if (own) return own;
    const { base, extension } = basisOf(name);
    const key = `${base.slice(0, 6)}.${extension}`;
    for (let number = (this.lastNumber.get(key) ?? 0) + 1; ; number++) {
      const tail = `~${number}`;
      const short = base.slice(0, 8 - tail.length) + tail;
      const shown = extension === '' ? short : `${short}.${extension}`;
      if (this.taken.has(shown) || this.names.has(shown)) continue;
      this.taken.add(shown);
      this.lastNumber.set(key, number);
      return { name: short.padEnd(8) + extension.padEnd(3), caseFlags: 0, isWhole: false };
    }
  }
}

/** The name itself, where it is 8.3. It tells all when there is one case on each side of the dot. */
function ownShortName(name: string): ShortName | undefined {
  const dot = name.lastIndexOf('.');
  const base = dot === -1 ? name : name.slice(0, dot);
  const extension = dot === -1 ? '' : name.slice(dot + 1);
  if (base.length < 1 || base.length > 8 || extension.length > 3 || (dot !== -1 && extension === '')) {
    return undefined;
  }
  const [upperBase, upperExtension] = [base.toUpperCase(), extension.toUpperCase()];
  if (!shortCharacters.test(upperBase + upperExtension)) return undefined;
  const isLower = (text: string, upper: string) => text !== upper && text === text.toLowerCase();
  const lowerBase = isLower(base, upperBase);
  const lowerExtension = isLower(extension, upperExtension);
  const isWhole = (base === upperBase || lowerBase) && (extension === upperExtension || lowerExtension);
  return {
    name: upperBase.padEnd(8) + upperExtension.padEnd(3),
    caseFlags: isWhole ? (lowerBase ? LOWER_BASE : 0) | (lowerExtension ? LOWER_EXTENSION : 0) : 0,
    isWhole,
  };
}

/** What an 8.3 name is made of, as Windows does it: no spaces, no dots but the last, others become '_'. */
function basisOf(name: string): { readonly base: string; readonly extension: string } {
  const stripped = name.replace(/^[. ]+/, '');
  const dot = stripped.lastIndexOf('.');
  const clean = (text: string) =>
    [...text.toUpperCase().replace(/[. ]/g, '')].map((c) => (shortCharacters.test(c) ? c : '_')).join('');
  const base = clean(dot > 0 ? stripped.slice(0, dot) : stripped);
  return {
    base: base === '' ? '_' : base,
    extension: dot > 0 ? clean(stripped.slice(dot + 1)).slice(0, 3) : '',
  };
}

/** The name that an 8.3 entry shows. */
export function shownShortName(stored: Uint8Array, caseFlags: number): string {
  const bytes = stored.slice();
  // 0xE5 marks a free entry, so a name that begins with it is stored with 5.
  if (bytes[0] === 0x05) bytes[0] = 0xe5;
  const text = String.fromCharCode(...bytes);
  const [base, extension] = [text.slice(0, 8).trimEnd(), text.slice(8).trimEnd()];
  const shownBase = caseFlags & LOWER_BASE ? base.toLowerCase() : base;
  const shownExtension = caseFlags & LOWER_EXTENSION ? extension.toLowerCase() : extension;
  return extension === '' ? shownBase : `${shownBase}.${shownExtension}`;
}

/** Sum by which long name entries belong to an 8.3 name. */
function shortNameChecksum(stored: Uint8Array): number {
  let sum = 0;
  for (const byte of stored) sum = (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff;
  return sum;
}

/** Entries that a long name takes. */
export function longNameEntries(name: string): number {
  return Math.ceil(name.length / UNITS_PER_ENTRY);
}

/** Long name entries in the order in which they are stored: the last part first. */
export function serializeLongName(name: string, stored: Uint8Array): Uint8Array[] {
  const checksum = shortNameChecksum(stored);
  const count = longNameEntries(name);
  return Array.from({ length: count }, (_, i) => {
    const part = count - i;
    const units = new Uint8Array(UNITS_PER_ENTRY * 2).fill(0xff);
    const view = new DataView(units.buffer);
    for (let unit = 0; unit < UNITS_PER_ENTRY; unit++) {
      const at = (part - 1) * UNITS_PER_ENTRY + unit;
      if (at < name.length) view.setUint16(unit * 2, name.charCodeAt(at), true);
      else if (at === name.length) view.setUint16(unit * 2, 0, true);
    }
    return LongNameEntry.serialize({
      order: part | (i === 0 ? LAST_PART : 0),
      name1: units.slice(0, 10),
      attributes: FatAttribute.LONG_NAME,
      type: 0,
      checksum,
      name2: units.slice(10, 22),
      cluster: 0,
      name3: units.slice(22, 26),
    });
  });
}

/** Collects the parts of a long name as a directory is read. */
export class LongNameReader {
  private units: number[] = [];
  private expected = 0;
  private checksum = 0;

  add(entry: LongNameEntry): void {
    const part = entry.order & ~LAST_PART;
    const isFirst = (entry.order & LAST_PART) !== 0;
    if (isFirst) {
      this.units = [];
      this.expected = part;
      this.checksum = entry.checksum;
    }
    if (part === 0 || part > 20 || part !== this.expected || entry.checksum !== this.checksum) {
      this.reset();
      return;
    }
    this.expected--;
    const bytes = [...entry.name1, ...entry.name2, ...entry.name3];
    const units = Array.from({ length: UNITS_PER_ENTRY }, (_, i) => bytes[i * 2] | (bytes[i * 2 + 1] << 8));
    this.units = [...units, ...this.units];
  }

  /** The long name of the 8.3 entry that follows; undefined where the parts are not whole or not of it. */
  take(stored: Uint8Array): string | undefined {
    const isWhole =
      this.units.length > 0 && this.expected === 0 && this.checksum === shortNameChecksum(stored);
    const end = this.units.indexOf(0);
    const name = isWhole
      ? String.fromCharCode(...(end === -1 ? this.units : this.units.slice(0, end)))
      : undefined;
    this.reset();
    return name === '' ? undefined : name;
  }

  reset(): void {
    this.units = [];
    this.expected = 0;
  }
}
