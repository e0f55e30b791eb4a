import { isIdentifier, isInstanceId } from './instanceIdentifiers';
import { problemText, type DeviceListBuilder, type ListedDevice } from './listBuilder';

type Field = 'instance' | 'name' | 'class' | 'status' | 'driver' | 'hardware' | 'compatible';

/**
 * Labels of `pnputil /enum-devices`, English and German; the value's shape tells in other languages. Without letters
 * outside ASCII, because those depend on the console's code page.
 */
const labels: readonly (readonly [RegExp, Field])[] = [
  [/^(instance id|instanz-?id|ger.{1,3}teinstanz-?id)$/i, 'instance'],
  [/^(device description|ger.{1,3}tebeschreibung)$/i, 'name'],
  [/^(class name|klassenname)$/i, 'class'],
  [/^(driver name|treibername)$/i, 'driver'],
  [/^(hardware ids?|hardware-?ids?)$/i, 'hardware'],
  [/^(compatible ids?|kompatible ids?|kompatible-ids?)$/i, 'compatible'],
];

const labelled = /^(\s*)([^\s:][^:]{0,60}?)\s*:(?:\s+(.*))?$/;

/** Whether a text is what `pnputil /enum-devices` prints: a line with a label and an instance ID. */
export function looksLikePnputil(lines: readonly string[]): boolean {
  return lines.slice(0, 200).some((line) => {
    const match = labelled.exec(line);
    return match?.[1] === '' && isInstanceId((match[3] ?? '').trim());
  });
}

/**
 * Reads the text of `pnputil /enum-devices`, with whatever it was asked for. A device begins with the label that the
 * first instance ID has. Lines with deeper labels (matching drivers, properties) belong to the label above them;
 * of properties, those of identifiers are taken. MicrosoftDocs/windows-driver-docs devtest/pnputil-command-syntax.md
 * names what can be asked for.
 */
export function readPnputilText(lines: readonly string[], list: DeviceListBuilder): void {
  const reader = new PnputilReader(list);
  for (const [index, line] of lines.entries()) reader.line(line, index + 1);
  reader.end();
}

class PnputilReader {
  /** Label that begins a device. */
  #first: string | undefined;
  #device: Gathered | undefined;

  constructor(readonly list: DeviceListBuilder) {}

  line(text: string, number: number): void {
    const line = text.trimEnd();
    const [, indent, label, rest] = labelled.exec(line) ?? [];
    if (indent === '' && label !== undefined) this.#label(label, (rest ?? '').trim(), number);
    else if (line.trim() !== '' && this.#device !== undefined) this.#deeper(this.#device, line.trim());
  }

  end(): void {
    const device = this.#device;
    if (device === undefined) return;
    this.#device = undefined;
    this.list.add(device.listed, device.line);
  }

  #label(label: string, value: string, line: number): void {
    this.#first ??= isInstanceId(value) ? label : undefined;
    if (label === this.#first) {
      this.end();
      this.#device = { listed: { instanceId: value }, line, plain: 0, into: undefined, lists: [] };
      return;
    }
    const device = this.#device;
    if (device === undefined) return;
    device.into = undefined;
    const field = labels.find(([pattern]) => pattern.test(label))?.[1] ?? fieldOf(device, label, value);
    take(device, field, value);
    device.plain++;
  }

  /** A line within a label: a further identifier, or something below a heading. */
  #deeper(device: Gathered, text: string): void {
    const property =
      /(?:DEVPKEY_Device_(HardwareIds|CompatibleIds)|DEVPKEY_\w+|^\{[0-9a-f-]{36}\}\[\d+\])/i.exec(text);
    if (property !== null) {
      const name = property[1]?.toLowerCase();
      device.into = name === undefined ? undefined : name === 'hardwareids' ? 'hardware' : 'compatible';
      return;
    }
    if (device.into !== undefined && isIdentifier(text)) add(device.listed, device.into, text);
  }
}

interface Gathered {
  readonly listed: ListedDevice;
  readonly line: number;
  /** Labels after the first. */
  plain: number;
  /** Where further lines with identifiers belong. */
  into: 'hardware' | 'compatible' | undefined;
  /** Labels in another language that gave identifiers. */
  readonly lists: string[];
}

/** What a label means by its place and its value, in whatever language. */
function fieldOf(device: Gathered, label: string, value: string): Field | undefined {
  if (device.plain === 0) return 'name';
  if (device.plain === 1) return 'class';
  if (/^\d+ \(0x[0-9A-F]+\) \[CM_PROB_\w+\]$/i.test(value)) return 'status';
  if (/^[\w.-]{1,100}\.inf$/i.test(value)) return 'driver';
  // Parents and children of a device have instance IDs.
  if (!isIdentifier(value) || isInstanceId(value)) return undefined;
  if (!device.lists.includes(label)) device.lists.push(label);
  return device.lists.length === 1 ? 'hardware' : 'compatible';
}

function take(device: Gathered, field: Field | undefined, value: string): void {
  const { listed } = device;
  switch (field) {
    case 'name':
      listed.name ??= value;
      break;
    case 'class':
      listed.className ??= value;
      break;
    case 'driver':
      listed.currentInf ??= value;
      break;
    case 'status':
      listed.problem ??= problemText(Number.parseInt(value, 10));
      break;
    case 'hardware':
    case 'compatible':
      device.into = field;
      if (isIdentifier(value)) add(listed, field, value);
      break;
    default:
  }
}

function add(listed: ListedDevice, field: 'hardware' | 'compatible', identifier: string): void {
  if (field === 'hardware') listed.hardwareIds = appended(listed.hardwareIds, identifier);
  else listed.compatibleIds = appended(listed.compatibleIds, identifier);
}

/** The builder bounds the length; the array is the reader's own. */
function appended(list: readonly string[] | undefined, identifier: string): readonly string[] {
  const own = (list ?? []) as string[];
  own.push(identifier);
  return own;
}
