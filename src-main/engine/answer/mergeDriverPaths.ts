import type { DriverArchitecture } from '../../../src-shared/model/drivers';
import {
  attributeIn,
  attributeOf,
  childrenOf,
  driverComponents,
  escapeXml,
  namespaceOf,
  parseAnswerFile,
  prefixFor,
  prefixOf,
  textOfElement,
  UNATTEND_NAMESPACE,
  WCM_NAMESPACE,
  type AnswerFile,
  type DriverPass,
} from './answerFile';
import { applySplice, insertLines, type Line, type Splice } from './insertion';
import { fromUnits, toUnits, writeLossless } from './losslessText';
import type { XmlElement } from './xmlScanner';

/** Longest path that an answer file's DriverPaths take: Unattended Windows Setup Reference, "Path". */
export const MOST_DRIVER_PATH = 259;

/** Folders that a pass is to take drivers from. */
export interface DriverPathSet {
  readonly pass: DriverPass;
  /** Windows paths, at most {@link MOST_DRIVER_PATH} characters. */
  readonly paths: readonly string[];
}

/** One change of an answer file, as it is undone. Texts are in the file's own units (see losslessText.ts). */
export interface AnswerAddition {
  readonly pass: DriverPass;
  readonly path: string;
  /** What stood there: '' or the end of an empty-element tag. */
  readonly replaced: string;
  /** What stands there now, with the white space before it. */
  readonly text: string;
  /** The PathAndCredentials element in it. */
  readonly item: string;
}

export interface MergedAnswerFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** In the order in which they were made; empty when all paths were there. */
  readonly added: readonly AnswerAddition[];
  readonly warnings: readonly string[];
}

/**
 * Puts driver folders into an answer file. All other bytes stay as they are, as do the paths that it has.
 * @param label what errors call the file
 * @throws FormatError `answer/malformed`; RangeError for a path that is too long
 */
export function mergeDriverPaths(
  bytes: Uint8Array,
  label: string,
  architecture: DriverArchitecture,
  sets: readonly DriverPathSet[],
): MergedAnswerFile {
  let file = parseAnswerFile(bytes, label);
  const added: AnswerAddition[] = [];
  const warnings: string[] = [];
  for (const { pass, paths } of sets) {
    if (isProcessed(file, pass)) {
      warnings.push(`${label}: Windows Setup has been through pass ${pass} and will not look at it again`);
    }
    for (const path of paths) {
      if (path.length > MOST_DRIVER_PATH)
        throw new RangeError(`${path}: longer than ${MOST_DRIVER_PATH} characters`);
      const addition = addPath(file, architecture, pass, path);
      if (addition === undefined) continue;
      const merged = writeLossless(file.lossless, applySplice(file.lossless.text, addition.splice));
      file = parseAnswerFile(merged, label);
      added.push({
        pass,
        path,
        replaced: addition.splice.replaced,
        text: addition.splice.text,
        item: addition.item,
      });
    }
  }
  return { bytes: writeLossless(file.lossless, file.lossless.text), added, warnings };
}

/** A new answer file that names driver folders and nothing else. UTF-8, CRLF. */
export function newAnswerFile(
  architecture: DriverArchitecture,
  sets: readonly DriverPathSet[],
): MergedAnswerFile {
  const bare = `<?xml version="1.0" encoding="utf-8"?>\r\n<unattend xmlns="${UNATTEND_NAMESPACE}">\r\n</unattend>\r\n`;
  return mergeDriverPaths(new TextEncoder().encode(bare), 'the new answer file', architecture, sets);
}

/** The bytes of {@link newAnswerFile}. */
export function createAnswerFile(
  architecture: DriverArchitecture,
  sets: readonly DriverPathSet[],
): Uint8Array<ArrayBuffer> {
  return newAnswerFile(architecture, sets).bytes;
}

function isProcessed(file: AnswerFile, pass: DriverPass): boolean {
  const settings = settingsOf(file, pass);
  return (
    settings.length > 0 && settings.every((element) => attributeOf(element, 'wasPassProcessed') === 'true')
  );
}

export function settingsOf(file: AnswerFile, pass: DriverPass): XmlElement[] {
  return childrenOf(file.root, 'settings').filter((element) => attributeOf(element, 'pass') === pass);
}

/** PathAndCredentials elements of a pass, of every architecture. */
export function pathItems(file: AnswerFile, pass: DriverPass): XmlElement[] {
  return settingsOf(file, pass)
    .flatMap((settings) => componentsOf(settings, pass))
    .flatMap((component) => childrenOf(component, 'DriverPaths'))
    .flatMap((paths) => childrenOf(paths, 'PathAndCredentials'));
}

function componentsOf(settings: XmlElement, pass: DriverPass): XmlElement[] {
  return childrenOf(settings, 'component').filter(
    (component) => attributeOf(component, 'name') === driverComponents[pass],
  );
}

/** Whether an item names a folder. */
export function namesPath(file: AnswerFile, item: XmlElement, path: string): boolean {
  const text = childrenOf(item, 'Path').map((element) =>
    fromUnits(file.lossless.units, textOfElement(file, element)),
  );
  return text.some((named) => plainPath(named) === plainPath(path));
}

function plainPath(path: string): string {
  return (path.endsWith('\\') ? path.slice(0, -1) : path).toLowerCase();
}

function addPath(
  file: AnswerFile,
  architecture: DriverArchitecture,
  pass: DriverPass,
  path: string,
): { splice: Splice; item: string } | undefined {
  const settings = settingsOf(file, pass);
  const component = settings
    .flatMap((element) => componentsOf(element, pass))
    .find((element) => attributeOf(element, 'processorArchitecture')?.toLowerCase() === architecture);
  if (component === undefined) return addComponent(file, architecture, pass, path, settings.at(0));
  const driverPaths = childrenOf(component, 'DriverPaths').at(0);
  const items = driverPaths === undefined ? [] : childrenOf(driverPaths, 'PathAndCredentials');
  if (items.some((item) => namesPath(file, item, path))) return undefined;
  const place = driverPaths ?? component;
  const lines = itemLines(file, place, path, freeKey(items), prefixFor(place, WCM_NAMESPACE));
  return placed(file, place, driverPaths === undefined ? wrapped(place, 'DriverPaths', lines) : lines);
}

function addComponent(
  file: AnswerFile,
  architecture: DriverArchitecture,
  pass: DriverPass,
  path: string,
  settings: XmlElement | undefined,
): { splice: Splice; item: string } {
  const place = settings ?? file.root;
  const name = driverComponents[pass];
  // The identity of the component, as Windows SIM writes it: the token is that of all of Microsoft's components.
  const attributes =
    `name="${name}" processorArchitecture="${architecture}" publicKeyToken="31bf3856ad364e35"` +
    ` language="neutral" versionScope="nonSxS" xmlns:wcm="${WCM_NAMESPACE}"`;
  const inner = wrapped(place, 'DriverPaths', itemLines(file, place, path, 1, 'wcm'));
  const component = wrapped(place, 'component', inner, attributes);
  if (settings !== undefined) return placed(file, place, component);
  const lines = wrapped(place, 'settings', component, `pass="${pass}"`);
  return placed(file, place, lines, childrenOf(file.root, 'settings').at(-1));
}

function placed(
  file: AnswerFile,
  place: XmlElement,
  lines: readonly Line[],
  after?: XmlElement,
): { splice: Splice; item: string } {
  const splice = insertLines(file, place, lines, after);
  const tag = qualified(place, 'PathAndCredentials');
  const from = splice.text.indexOf(`<${tag} `);
  const end = `</${tag}>`;
  return { splice, item: splice.text.slice(from, splice.text.indexOf(end, from) + end.length) };
}

function itemLines(
  file: AnswerFile,
  place: XmlElement,
  path: string,
  key: number,
  wcm: string | undefined,
): readonly Line[] {
  // Where nothing stands for the namespace, the item says itself what its prefix means.
  const declaration = wcm === undefined ? ` xmlns:wcm="${WCM_NAMESPACE}"` : '';
  const prefix = wcm ?? 'wcm';
  const tag = qualified(place, 'Path');
  const text = toUnits(file.lossless.units, escapeXml(path));
  return wrapped(
    place,
    'PathAndCredentials',
    [[0, `<${tag}>${text}</${tag}>`]],
    `${prefix}:action="add" ${prefix}:keyValue="${key}"${declaration}`,
  );
}

function wrapped(place: XmlElement, name: string, lines: readonly Line[], attributes = ''): Line[] {
  const tag = qualified(place, name);
  return [
    [0, `<${tag}${attributes === '' ? '' : ` ${attributes}`}>`],
    ...lines.map(([depth, line]): Line => [depth + 1, line]),
    [0, `</${tag}>`],
  ];
}

/** A name with the prefix that answer files' namespace has at that place. */
function qualified(place: XmlElement, name: string): string {
  const prefix = prefixOf(place);
  return prefix === '' || namespaceOf(place, prefix) !== UNATTEND_NAMESPACE ? name : `${prefix}:${name}`;
}

/** A key that no item of the list has: one more than the highest. */
function freeKey(items: readonly XmlElement[]): number {
  const keys = items.map((item) => attributeIn(item, WCM_NAMESPACE, 'keyValue') ?? '');
  const numbers = keys.filter((key) => /^\d{1,9}$/.test(key)).map(Number);
  return numbers.reduce((highest, key) => Math.max(highest, key), 0) + 1;
}
