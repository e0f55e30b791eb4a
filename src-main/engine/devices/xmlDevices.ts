import { FormatError } from '../../../src-shared/errors/appError';
import { readXml } from '../wim/xml/xmlReader';
import { attributeValue, elementText, type XmlElement, type XmlNode } from '../wim/xml/xmlTree';
import { isInstanceId } from './instanceIdentifiers';
import { problemText, unreadable, type DeviceListBuilder, type ListedDevice } from './listBuilder';

/**
 * Reads XML: an .nfo of msinfo32, or what `pnputil /enum-devices /format xml` prints.
 * @throws AppError `devices/unreadable`
 */
export function readXmlDevices(text: string, list: DeviceListBuilder): void {
  const root = readRoot(text, list);
  if (root.name === 'MsInfo') readMsInfo(root, list);
  else readPnputilXml(root, list);
}

function readRoot(text: string, list: DeviceListBuilder): XmlElement {
  let nodes: readonly XmlNode[];
  try {
    nodes = readXml(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const before = text.slice(0, Math.min(text.length, Math.floor(error.offset / 2)));
    throw unreadable(list.label, `it is no XML: ${error.message}`, before.split('\n').length);
  }
  const root = nodes.find((node): node is XmlElement => node.kind === 'element');
  if (root === undefined) throw unreadable(list.label, 'the XML is empty');
  return root;
}

function childrenOf(element: XmlElement): XmlElement[] {
  return element.children.filter((node): node is XmlElement => node.kind === 'element');
}

function textOf(element: XmlElement): string {
  return (elementText(element) ?? '').trim();
}

/** Elements of a document, each before those within it. The reader has bounded how deep they lie. */
function* everyElement(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of childrenOf(element)) yield* everyElement(child);
}

/** Any element with an instance ID is a device; what its fields mean, their names tell. */
function readPnputilXml(root: XmlElement, list: DeviceListBuilder): void {
  for (const element of everyElement(root)) {
    if (!/^device$/i.test(element.name)) continue;
    const listed: ListedDevice = {};
    for (const name of ['InstanceId', 'InstanceID', 'instanceId']) {
      listed.instanceId ??= attributeValue(element, name);
    }
    for (const child of childrenOf(element)) takeField(listed, child);
    if (listed.instanceId !== undefined && isInstanceId(listed.instanceId)) list.add(listed, 1);
  }
}

function takeField(listed: ListedDevice, field: XmlElement): void {
  const text = textOf(field);
  switch (field.name.toLowerCase()) {
    case 'instanceid':
      listed.instanceId ??= text;
      break;
    case 'devicedescription':
    case 'description':
      listed.name ??= text;
      break;
    case 'classname':
      listed.className ??= text;
      break;
    case 'drivername':
      listed.currentInf ??= text;
      break;
    case 'problemcode':
      listed.problem ??= problemText(Number.parseInt(text, 10));
      break;
    case 'hardwareids':
    case 'hardwareid':
      listed.hardwareIds = [...(listed.hardwareIds ?? []), ...leaves(field)];
      break;
    case 'compatibleids':
    case 'compatibleid':
      listed.compatibleIds = [...(listed.compatibleIds ?? []), ...leaves(field)];
      break;
    default:
  }
}

function leaves(field: XmlElement): string[] {
  const children = childrenOf(field);
  return (children.length === 0 ? [field] : children).map(textOf).filter((text) => text !== '');
}

/**
 * msinfo32 writes categories with rows of cells. Devices are rows of an item and a value, parted by empty rows, with
 * the device's name first and its instance ID among them; in "Problem Devices" one row is a device. Labels are in the
 * system's language, so that values tell: what looks like an instance ID is one.
 */
function readMsInfo(root: XmlElement, list: DeviceListBuilder): void {
  const seen = new Set<string>();
  const model: string[] = [];
  for (const category of everyElement(root)) {
    if (category.name !== 'Category') continue;
    let group: string[][] = [];
    const end = (): void => {
      takeGroup(group, seen, list);
      group = [];
    };
    for (const row of childrenOf(category)) {
      if (row.name !== 'Data') continue;
      const cells = childrenOf(row).map(textOf);
      const [item = '', value = ''] = cells;
      if (/^(system manufacturer|systemhersteller|system model|systemmodell)$/i.test(item)) model.push(value);
      if (cells.every((cell) => cell === '')) end();
      else group.push(cells);
    }
    end();
  }
  if (model.length > 0) list.model = model.join(' ');
  list.warn('msinfo32 lists only some devices of a PC: take the list of pnputil for all of them');
}

function takeGroup(group: readonly string[][], seen: Set<string>, list: DeviceListBuilder): void {
  const [firstRow] = group;
  for (const cells of group) {
    const instanceId = cells.find(isInstanceId);
    if (instanceId === undefined || seen.has(instanceId.toUpperCase())) continue;
    seen.add(instanceId.toUpperCase());
    const isTable = cells.length > 2;
    const name = isTable ? cells.find((cell) => cell !== instanceId && cell !== '') : firstRow?.[1];
    const code = cells
      .map((cell) => /^(?:.{0,20}\D)?(\d{1,2})$/.exec(cell)?.[1])
      .find((one) => one !== undefined);
    const problem = isTable && code !== undefined ? problemText(Number(code)) : undefined;
    list.add({ instanceId, name: name === instanceId ? '' : name, problem }, 1);
  }
}
