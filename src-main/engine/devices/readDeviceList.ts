import type { DeviceList } from '../../../src-shared/model/drivers';
import { csvDelimiter, readCsvDevices } from './csvDevices';
import { decodeList } from './decodeList';
import { DeviceListBuilder, unreadable } from './listBuilder';
import { readPlainIdentifiers } from './plainIdentifiers';
import { looksLikePnputil, readPnputilText } from './pnputilText';
import { readJsonDevices } from './propertyRows';
import { readXmlDevices } from './xmlDevices';

/** No list is larger: one of a thousand devices with all their properties takes about 10 MB. */
const largestList = 64 << 20;
const mostLines = 1_000_000;

/**
 * Reads a saved list of devices: pnputil /enum-devices (text or XML), Get-PnpDevice or Win32_PnPEntity as CSV or JSON,
 * an msinfo32 .nfo, or plain identifiers, one a line. Its content tells which.
 *
 * @param name the list's label, usually the file's name
 * @throws AppError `devices/unreadable`, which names the line where there is one
 */
export function readDeviceList(bytes: Uint8Array, name: string): DeviceList {
  if (bytes.length > largestList) throw unreadable(name, 'it is too large for a list of devices');
  const text = decodeList(bytes).replace(/^\ufeff/, '');
  if (text.trim() === '') throw unreadable(name, 'it is empty');
  const list = new DeviceListBuilder(name);
  readText(text, list);
  if (list.count === 0) throw unreadable(name, 'it holds no devices');
  return list.build();
}

function readText(text: string, list: DeviceListBuilder): void {
  const begin = text.trimStart();
  if (begin.startsWith('<')) readXmlDevices(text, list);
  else if (begin.startsWith('[') || begin.startsWith('{')) readJsonDevices(text, list);
  else readLines(text, list);
}

function readLines(text: string, list: DeviceListBuilder): void {
  const lines = text.split(/\r\n|\n|\r/, mostLines + 1);
  if (lines.length > mostLines) throw unreadable(list.label, `it has more than ${mostLines} lines`);
  const header = lines.find((line) => line.trim() !== '' && !line.startsWith('#TYPE')) ?? '';
  const delimiter = csvDelimiter(header);
  if (delimiter !== undefined) readCsvDevices(text, delimiter, list);
  else if (looksLikePnputil(lines)) readPnputilText(lines, list);
  else readPlainIdentifiers(lines, list);
}
