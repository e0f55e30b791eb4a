import type { HiveKey } from '../../registry/hive';
import { RegistryType, setText, textOf } from '../../registry/registryValues';

/** Folders that Windows searches for packages besides its driver store. */
const KEY = 'Microsoft\\Windows\\CurrentVersion';
const VALUE = 'DevicePath';
/** What the value holds in a Windows as it comes; it must never be lost. */
const USUAL = '%SystemRoot%\\inf';

/** How the value was before, and is now. */
export interface DevicePathRecord {
  readonly entry: string;
  /** Absent: there was no value. */
  readonly before?: { readonly type: number; readonly text: string };
  readonly after: string;
}

/**
 * Adds a folder to DevicePath. Entries that are there stay.
 * @returns undefined when it names the folder already
 */
export function addDevicePath(root: HiveKey, entry: string): DevicePathRecord | undefined {
  const key = root.ensure(KEY);
  const value = key.value(VALUE);
  const text = textOf(value);
  if (text !== undefined && entriesOf(text).some((one) => sameEntry(one, entry))) return undefined;
  const kept = text === undefined || text === '' ? USUAL : text;
  const after = kept.endsWith(';') ? kept + entry : `${kept};${entry}`;
  setText(key, VALUE, after, RegistryType.EXPAND_SZ);
  return {
    entry,
    ...(value === undefined || text === undefined ? {} : { before: { type: value.type, text } }),
    after,
  };
}

/**
 * Takes the folder out again: as it was, where nobody changed the value; else the entry alone.
 * @returns what is to be told
 */
export function removeDevicePath(root: HiveKey, record: DevicePathRecord): string | undefined {
  const key = KEY.split('\\').reduce<HiveKey | undefined>((at, name) => at?.subkey(name), root);
  const value = key?.value(VALUE);
  const text = textOf(value);
  if (key === undefined || value === undefined || text === undefined) return `${VALUE} is not there any more`;
  if (text === record.after) {
    if (record.before === undefined) key.deleteValue(VALUE);
    else setText(key, VALUE, record.before.text, record.before.type);
    return undefined;
  }
  const entries = entriesOf(text);
  const rest = entries.filter((one) => !sameEntry(one, record.entry));
  if (rest.length === entries.length) return `${VALUE} does not name ${record.entry} any more`;
  setText(key, VALUE, rest.join(';'), value.type);
  return undefined;
}

function entriesOf(text: string): string[] {
  return text.split(';');
}

function sameEntry(one: string, other: string): boolean {
  const plain = (text: string): string => text.trim().replace(/\\$/, '').toLowerCase();
  return plain(one) === plain(other);
}
