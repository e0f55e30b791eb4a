import { isIdentifier, isInstanceId } from './instanceIdentifiers';
import { problemText, unreadable, type DeviceListBuilder } from './listBuilder';

/**
 * A device as a row of properties, from CSV or JSON: those of Get-PnpDevice and Win32_PnPEntity (MicrosoftDocs
 * win32-pnpentity), of this program's own lists, and of our script. Names in lower case.
 */
export type PropertyRow = ReadonlyMap<string, unknown>;

const names = {
  instance: ['instanceid', 'pnpdeviceid', 'deviceid'],
  name: ['friendlyname', 'name', 'caption', 'description'],
  className: ['pnpclass', 'class', 'classname'],
  hardware: ['hardwareids', 'hardwareid'],
  compatible: ['compatibleids', 'compatibleid'],
  inf: ['currentinf', 'infname', 'driverinfpath', 'inf'],
} as const;

/** Whether a row of properties is that of a device. */
export function isDeviceRow(row: PropertyRow): boolean {
  return (
    names.instance.some((name) => isInstanceId(textOf(row.get(name)))) ||
    names.hardware.some((name) => identifiersOf(row.get(name)).length > 0)
  );
}

/** Adds the device of a row; rows of other things are left out. @returns whether it was one */
export function addRow(row: PropertyRow, list: DeviceListBuilder, line: number): boolean {
  const manufacturer = textOf(row.get('pcmanufacturer'));
  if (manufacturer !== '') list.model ??= `${manufacturer} ${textOf(row.get('pcmodel'))}`.trim();
  if (!isDeviceRow(row)) return false;
  const code = Number(textOf(row.get('configmanagererrorcode')));
  const problem = textOf(row.get('problem'));
  list.add(
    {
      instanceId: first(row, names.instance),
      name: first(row, names.name),
      className: first(row, names.className),
      hardwareIds: listed(row, names.hardware),
      compatibleIds: listed(row, names.compatible),
      problem: problemText(code) ?? problemOf(problem),
      currentInf: first(row, names.inf),
    },
    line,
  );
  return true;
}

/** `Problem` of Get-PnpDevice: a code, 'CM_PROB_FAILED_INSTALL', or words of our own lists. */
function problemOf(text: string): string | undefined {
  if (text === '' || text === '0' || /^CM_PROB_NONE$/i.test(text)) return undefined;
  if (/^\d+$/.test(text)) return problemText(Number(text));
  if (/^CM_PROB_FAILED_INSTALL$/i.test(text)) return problemText(28);
  return text
    .replace(/^CM_PROB_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');
}

function first(row: PropertyRow, keys: readonly string[]): string | undefined {
  return keys.map((key) => textOf(row.get(key))).find((text) => text !== '');
}

function listed(row: PropertyRow, keys: readonly string[]): string[] {
  for (const key of keys) {
    const identifiers = identifiersOf(row.get(key));
    if (identifiers.length > 0) return identifiers;
  }
  return [];
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' ? String(value) : '';
}

/**
 * A list of identifiers: an array, PowerShell's `{value, Count}`, or text with ';', '|', commas or line ends between
 * them, as people join them for CSV; WMIC has braces around. 'System.String[]' is what Export-Csv makes of a list.
 */
function identifiersOf(value: unknown, depth = 0): string[] {
  if (Array.isArray(value)) return value.map(textOf).filter((text) => text !== '');
  if (typeof value === 'object' && value !== null && 'value' in value && depth === 0) {
    return identifiersOf(value.value, 1);
  }
  const text = textOf(value).replace(/^\{(.*)\}$/s, '$1');
  if (text === '' || /^System\.(String|Object)\[\]$/i.test(text)) return [];
  const parts = text.split(/[;|,\r\n]+/).map((part) => part.trim().replace(/^"(.*)"$/, '$1'));
  // ConvertTo-Json joins what is too deep with blanks; identifiers of printers may have blanks of their own.
  const [only = ''] = parts;
  const words = parts.length === 1 ? only.split(/\s+/) : [];
  if (words.length > 1 && words.every((word) => isIdentifier(word))) return words;
  return parts.filter((part) => part !== '');
}

/** Reads JSON: an array of devices, one device, or an object that holds such an array. */
export function readJsonDevices(text: string, list: DeviceListBuilder): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Its message has the place: 'in JSON at position 17'.
    if (!(error instanceof SyntaxError)) throw error;
    const position = Number(/position (\d+)/.exec(error.message)?.[1] ?? 0);
    throw unreadable(list.label, 'it is no JSON from here', lineAt(text, position));
  }
  const rows = rowsOf(value, 0, list);
  if (rows === undefined)
    throw unreadable(list.label, 'the JSON holds no devices with an instance ID or hardware IDs');
  let others = 0;
  for (const row of rows) if (!addRow(row, list, 1)) others++;
  if (others > 0)
    list.warn(`${others} of its ${rows.length} entries have neither an instance ID nor hardware IDs`);
}

function rowsOf(value: unknown, depth: number, list: DeviceListBuilder): PropertyRow[] | undefined {
  if (depth > 4 || typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const rows = value.filter(isRecord).map(rowOf);
    return rows.some(isDeviceRow) ? rows : undefined;
  }
  if (isRecord(value)) {
    const own = rowOf(value);
    if (typeof own.get('model') === 'string') list.model ??= textOf(own.get('model'));
    if (isDeviceRow(own)) return [own];
  }
  for (const inner of Object.values(value)) {
    const rows = rowsOf(inner, depth + 1, list);
    if (rows !== undefined) return rows;
  }
  return undefined;
}

function rowOf(value: Record<string, unknown>): PropertyRow {
  return new Map(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), inner]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < position; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
