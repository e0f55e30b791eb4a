import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Hive, HiveKey } from '../../src-main/engine/registry/hive';
import { fixtures } from './tools';

/** Bytes of a hive of the fixtures, unpacked. */
export function fixtureHive(name: string): Uint8Array {
  const file = fixtures('regf', ...name.split('/'));
  return new Uint8Array(
    name.endsWith('.xz') ? execFileSync('xz', ['-dc', file], { maxBuffer: 2 ** 28 }) : readFileSync(file),
  );
}

/** All that a key is, without its subkeys. */
export interface FlatKey {
  readonly path: string;
  readonly lastWritten: bigint;
  readonly className: string | undefined;
  readonly security: string;
  readonly subkeys: readonly string[];
  readonly values: readonly { readonly name: string; readonly type: number; readonly data: Uint8Array }[];
}

/** Every key of a hive. */
export function flatten(hive: Hive): FlatKey[] {
  const keys: FlatKey[] = [];
  const walk = (key: HiveKey, path: string): void => {
    const subkeys = key.subkeys();
    keys.push({
      path,
      lastWritten: key.lastWritten,
      className: key.className,
      security: Buffer.from(key.security).toString('hex'),
      subkeys: subkeys.map(({ name }) => name),
      values: key.values().map(({ name, type, data }) => ({ name, type, data })),
    });
    for (const subkey of subkeys) walk(subkey, path === '' ? subkey.name : `${path}\\${subkey.name}`);
  };
  walk(hive.root, '');
  return keys;
}

/** A line that hivexsh prints for a value. */
function lineOf({ name, type, data }: FlatKey['values'][number]): string {
  const bytes = Buffer.from(data);
  const text = (): string => bytes.toString('utf16le').split('\0')[0].replace(/[\\"]/g, '\\$&');
  const hex = (): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(',');
  const shown =
    type === 1
      ? `"${text()}"`
      : type === 2
        ? `str(2):"${text()}"`
        : type === 4 && bytes.length === 4
          ? `dword:${bytes.readUInt32LE().toString(16).padStart(8, '0')}`
          : `hex(${type}):${hex()}`;
  return `"${name === '' ? '@' : cString(name).replace(/[\\"]/g, '\\$&')}"=${shown}`;
}

/** A name as C has it: hivexsh cuts names at their first NUL. */
function cString(name: string): string {
  return name.split('\0')[0];
}

/** hivexsh sorts what it lists by lower-case letters, whatever the order in the hive is. */
function compareIgnoringCase(a: string, b: string): number {
  const lower = (name: string): Buffer =>
    Buffer.from(name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
  return Buffer.compare(lower(a), lower(b));
}

/** What hivexsh must print for these keys when it is told to {@link listByHivexsh} them. */
export function expectedListing(keys: readonly FlatKey[]): string {
  return keys
    .flatMap(({ subkeys, values }) => [
      ...subkeys.map(cString).sort(compareIgnoringCase),
      ...values.map(lineOf),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

/** Subkeys and values of these keys, as hivexsh finds them by their paths. */
export function listByHivexsh(file: string, keys: readonly FlatKey[]): string {
  const input = keys.map(({ path }) => `cd \\${path}\nls\nlsval\n`).join('');
  return execFileSync('hivexsh', [file], {
    input,
    maxBuffer: 2 ** 28,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  }).toString();
}

/** Changes a hive with hivexsh. */
export function writeByHivexsh(file: string, commands: readonly string[]): void {
  execFileSync('hivexsh', ['-w', file], {
    input: [...commands, 'commit', ''].join('\n'),
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
}

const reglookupTypes: Readonly<Record<string, number>> = {
  NONE: 0,
  SZ: 1,
  EXPAND_SZ: 2,
  BINARY: 3,
  DWORD: 4,
  DWORD_BE: 5,
  LINK: 6,
  MULTI_SZ: 7,
  RSRC_LIST: 8,
  RSRC_DESC: 9,
  RSRC_REQ_LIST: 10,
  QWORD: 11,
};

/** Times of keys to the second, and types of values, counted, as reglookup finds them. */
export function countByReglookup(file: string): Map<string, number> {
  const counts = new Map<string, number>();
  const lines = execFileSync('reglookup', ['-H', file], {
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .toString('latin1')
    .split('\n');
  for (const line of lines) {
    const [, type, , time] = line.split(',');
    if (type === undefined) continue;
    const known = type in reglookupTypes ? reglookupTypes[type] : Number(type);
    const fact = type === 'KEY' ? `key of ${time}` : `value of type ${known}`;
    counts.set(fact, (counts.get(fact) ?? 0) + 1);
  }
  return counts;
}

/** What {@link countByReglookup} must find. */
export function expectedCounts(keys: readonly FlatKey[]): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (fact: string): void => void counts.set(fact, (counts.get(fact) ?? 0) + 1);
  for (const { lastWritten, values } of keys) {
    const date = new Date(Number(lastWritten / 10_000_000n - 11_644_473_600n) * 1000);
    add(`key of ${date.toISOString().slice(0, 19).replace('T', ' ')}`);
    for (const { type } of values) add(`value of type ${type}`);
  }
  return counts;
}
