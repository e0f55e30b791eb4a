import { unreadable, type DeviceListBuilder } from './listBuilder';
import { addRow } from './propertyRows';

const mostColumns = 1000;
const known =
  /^"?(node|instanceid|pnpdeviceid|deviceid|hardwareids?|friendlyname|name|class|pnpclass|caption)"?$/i;

/** Delimiter of a CSV file with devices, by its header; undefined where it is none. Export-Csv may use the culture's. */
export function csvDelimiter(header: string): string | undefined {
  return [',', ';', '\t'].find((delimiter) => {
    const columns = header.split(delimiter);
    return columns.length > 1 && columns.filter((column) => known.test(column.trim())).length >= 2;
  });
}

/**
 * Reads CSV as Export-Csv writes it (RFC 4180; '#TYPE' in the first line) and WMIC's.
 * @throws AppError `devices/unreadable` for a quotation mark that is not closed
 */
export function readCsvDevices(text: string, delimiter: string, list: DeviceListBuilder): void {
  let header: readonly string[] | undefined;
  let rows = 0;
  let others = 0;
  for (const { fields, line } of records(text, delimiter, list)) {
    if (fields.length === 1 && (fields[0].trim() === '' || fields[0].startsWith('#TYPE'))) continue;
    if (header === undefined) {
      header = fields.map((field) => field.trim().toLowerCase());
      continue;
    }
    rows++;
    const row = new Map<string, unknown>();
    for (const [index, name] of header.entries()) row.set(name, fields[index] ?? '');
    if (!addRow(row, list, line)) others++;
  }
  if (rows > 0 && others === rows) {
    throw unreadable(list.label, 'no row has an instance ID or hardware IDs', 2);
  }
  if (others > 0) list.warn(`${others} of its ${rows} rows have neither an instance ID nor hardware IDs`);
}

interface CsvRecord {
  readonly fields: readonly string[];
  /** 1-based, where it begins. */
  readonly line: number;
}

function* records(text: string, delimiter: string, list: DeviceListBuilder): Generator<CsvRecord> {
  let line = 1;
  for (let at = 0; at < text.length;) {
    const start = line;
    const fields: string[] = [];
    for (;;) {
      const field = text[at] === '"' ? quoted(text, at) : plain(text, at, delimiter);
      if (field === undefined) throw unreadable(list.label, 'a quotation mark is not closed', start);
      if (fields.length >= mostColumns) throw unreadable(list.label, 'it has too many columns', start);
      fields.push(field.value);
      for (let next = field.value.indexOf('\n'); next >= 0; next = field.value.indexOf('\n', next + 1))
        line++;
      at = field.end;
      if (text[at] !== delimiter) break;
      at++;
    }
    // What follows a closing quotation mark up to the line's end is nobody's.
    const end = text.indexOf('\n', at);
    at = end < 0 ? text.length : end + 1;
    line++;
    yield { fields, line: start };
  }
}

function quoted(text: string, start: number): { value: string; end: number } | undefined {
  let value = '';
  for (let at = start + 1; ;) {
    const mark = text.indexOf('"', at);
    if (mark < 0) return undefined;
    value += text.slice(at, mark);
    if (text[mark + 1] !== '"') return { value, end: mark + 1 };
    value += '"';
    at = mark + 2;
  }
}

function plain(text: string, start: number, delimiter: string): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end++;
  return { value: text.slice(start, end).replace(/\r$/, ''), end };
}
