import { FormatError } from '../../../src-shared/errors/appError';
import { AppError } from '../../../src-shared/errors/appError';
import { readLossless, type LosslessText } from './losslessText';
import { scanXml, type XmlElement } from './xmlScanner';

/** A pass of Windows Setup that takes drivers from an answer file. */
export type DriverPass = 'windowsPE' | 'offlineServicing' | 'auditSystem';

/** Which component holds DriverPaths in a pass: Unattended Windows Setup Reference, "DriverPaths". */
export const driverComponents: Readonly<Record<DriverPass, string>> = {
  windowsPE: 'Microsoft-Windows-PnpCustomizationsWinPE',
  offlineServicing: 'Microsoft-Windows-PnpCustomizationsNonWinPE',
  auditSystem: 'Microsoft-Windows-PnpCustomizationsNonWinPE',
};

export const UNATTEND_NAMESPACE = 'urn:schemas-microsoft-com:unattend';
export const WCM_NAMESPACE = 'http://schemas.microsoft.com/WMIConfig/2002/State';

/** Larger than any answer file: they are written by hand or by Windows SIM. Bytes. */
export const MOST_ANSWER_BYTES = 16 * 1024 * 1024;

/** An answer file as text, with the places of its elements. */
export interface AnswerFile {
  readonly label: string;
  readonly lossless: LosslessText;
  /** `unattend` */
  readonly root: XmlElement;
}

/** Encodings whose bytes below 0x80 are ASCII wherever they stand, so that markup can be found without decoding. */
const ASCII_KEEPING = /^(?:utf-8|us-ascii|ascii|iso-8859-\d{1,2}|windows-125\d)$/i;

/**
 * Reads an answer file. Nothing is expanded, fetched or changed.
 * @throws FormatError `answer/malformed`, AppError `offline/too-large`
 */
export function parseAnswerFile(bytes: Uint8Array, label: string): AnswerFile {
  if (bytes.length > MOST_ANSWER_BYTES) {
    throw new AppError(
      'offline/too-large',
      `${label}: ${bytes.length} bytes are too many for an answer file`,
    );
  }
  const lossless = readLossless(bytes);
  checkEncoding(lossless, bytes, label);
  const root = scanXml(lossless.text, label, lossless.units === 'bytes' ? 1 : 2);
  if (localName(root) !== 'unattend' || namespaceOf(root, prefixOf(root)) !== UNATTEND_NAMESPACE) {
    fail(label, root.start, `its root is <${root.name.slice(0, 80)}>, not that of an answer file`);
  }
  return { label, lossless, root };
}

function checkEncoding({ units, text }: LosslessText, bytes: Uint8Array, label: string): void {
  const declaration = /^<\?xml[ \t\r\n][^>]{0,200}?encoding[ \t\r\n]*=[ \t\r\n]*["']([\w.-]{1,40})["']/.exec(
    text,
  );
  const encoding = declaration?.[1] ?? 'utf-8';
  if (units !== 'bytes') return;
  if (!ASCII_KEEPING.test(encoding)) fail(label, 0, `its encoding ${encoding} is not known here`);
  if (encoding.toLowerCase() !== 'utf-8') return;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    fail(label, 0, 'it is said to be UTF-8, and is not');
  }
}

function fail(label: string, offset: number, problem: string): never {
  throw new FormatError({ structure: label, offset, problem }, 'answer/malformed');
}

export function localName(element: XmlElement): string {
  return element.name.slice(element.name.indexOf(':') + 1);
}

/** '' where it has none. */
export function prefixOf(element: XmlElement): string {
  return element.name.includes(':') ? element.name.slice(0, element.name.indexOf(':')) : '';
}

/** The namespace that a prefix stands for within an element. */
export function namespaceOf(element: XmlElement, prefix: string): string | undefined {
  const name = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
  for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent) {
    const declared = at.attributes.find((attribute) => attribute.name === name);
    if (declared !== undefined) return declared.value;
  }
  return undefined;
}

/** A prefix that stands for a namespace within an element and is not hidden there by another declaration. */
export function prefixFor(element: XmlElement, namespace: string): string | undefined {
  for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent) {
    for (const { name, value } of at.attributes) {
      if (!name.startsWith('xmlns:') || value !== namespace) continue;
      const prefix = name.slice('xmlns:'.length);
      if (namespaceOf(element, prefix) === namespace) return prefix;
    }
  }
  return undefined;
}

/** Children of that name in the namespace of answer files. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter(
    (child) => localName(child) === name && namespaceOf(child, prefixOf(child)) === UNATTEND_NAMESPACE,
  );
}

export function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name)?.value;
}

/** An attribute in a namespace, whatever its prefix is. */
export function attributeIn(element: XmlElement, namespace: string, name: string): string | undefined {
  return element.attributes.find((attribute) => {
    const [prefix, local] = attribute.name.split(':');
    return local === name && namespaceOf(element, prefix) === namespace;
  })?.value;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Text of an element that holds text alone; comments do not count. */
export function textOfElement(file: AnswerFile, element: XmlElement): string {
  return file.lossless.text
    .slice(element.contentStart, element.contentEnd)
    .replaceAll(/<!--[^]*?-->/g, '')
    .replaceAll(/<!\[CDATA\[([^]*?)\]\]>/g, (_, data: string) => escapeXml(data))
    .replaceAll(
      /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
      (all, hex?: string, decimal?: string, name?: string) => {
        if (name !== undefined) return ENTITIES[name] ?? all;
        const code = Number.parseInt(hex ?? decimal ?? '', hex === undefined ? 10 : 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : all;
      },
    )
    .trim();
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
