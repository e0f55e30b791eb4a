import { AppError, FormatError } from '../../../../src-shared/errors/appError';
import { checkedValue } from './propertyPath';
import { decodeUtf16, encodeUtf16 } from './utf16';
import { decimalElement, decimalOf, timeElement } from './values';
import { refuseTakenName, WimImageXml } from './wimImageXml';
import { XML_DATA } from './xmlGuard';
import { readXml } from './xmlReader';
import {
  attributeValue,
  childElement,
  childElements,
  cloneElement,
  newElement,
  newTextElement,
  setAttribute,
  writeXml,
  type XmlElement,
  type XmlNode,
} from './xmlTree';

/** Largest XML data read when the caller sets no limit; real files stay far below 1 MiB. */
export const DEFAULT_XML_LIMIT = 16 * 1024 * 1024;

/** Highest image index that means anything; the field's tools stop at 65535. */
const MAX_INDEX = 0xffff;

export interface ParseWimXmlOptions {
  /** Bytes; more is refused before anything is decoded. */
  readonly maxBytes?: number;
}

/** What a new image is called and when it was made. */
export interface NewImage {
  readonly name?: string;
  readonly description?: string;
  readonly flags?: string;
  /** FILETIME for both of its times. */
  readonly time: bigint;
  /** 1-based index; one more than the highest when absent. */
  readonly index?: number;
}

/** What a copied image is called: undefined removes the element. */
export interface CopiedImage {
  /** undefined, here and below: as in the source, where an element may be there and empty. */
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly index?: number;
}

/**
 * The XML data of a WIM: what it says of the file and of each image. Unknown elements, attributes, comments and their
 * order survive every edit.
 */
export class WimXml {
  private readonly nodes: XmlNode[];
  private readonly root: XmlElement;
  private indexed: Map<number, WimImageXml> | undefined;

  /** @param nodes top-level nodes of a document whose one element is WIM; without any, a document without images */
  constructor(nodes: readonly XmlNode[] = [newElement('WIM')]) {
    const root = nodes.find((node): node is XmlElement => node.kind === 'element');
    if (root?.name !== 'WIM') {
      const problem = `the root element is ${root === undefined ? 'missing' : `'${root.name}'`}, not 'WIM'`;
      throw new FormatError({ structure: XML_DATA, offset: 0, problem });
    }
    this.nodes = [...nodes];
    this.root = root;
  }

  /** A copy that shares nothing. */
  clone(): WimXml {
    return new WimXml(this.nodes.map((node) => (node.kind === 'element' ? cloneElement(node) : node)));
  }

  /** Text of the document, without byte order mark. */
  toText(): string {
    return writeXml(this.nodes);
  }

  /** Number of IMAGE elements; the header says how many images there are. */
  get imageCount(): number {
    return this.imageElements().length;
  }

  /** Bytes of the WIM before the XML data, as stated; 0 when it is not. */
  get totalBytes(): bigint {
    return decimalOf(childElement(this.root, 'TOTALBYTES'));
  }

  /** Whether it says that it belongs to an encrypted ESD. */
  get isEncrypted(): boolean {
    const esd = childElement(this.root, 'ESD');
    return esd !== undefined && childElement(esd, 'ENCRYPTED') !== undefined;
  }

  /** States the bytes of the WIM: where they stand already, or first, as WIMGAPI does. undefined removes it. */
  setTotalBytes(value: bigint | number | undefined): void {
    const present = childElement(this.root, 'TOTALBYTES');
    const rest = this.root.children;
    if (value === undefined) {
      this.root.children = rest.filter((node) => node !== present);
      return;
    }
    const element = decimalElement('TOTALBYTES', value);
    this.root.children =
      present === undefined ? [element, ...rest] : rest.map((node) => (node === present ? element : node));
  }

  /** The image with that 1-based index, or undefined when the XML data does not speak of it. */
  image(index: number): WimImageXml | undefined {
    return this.index().get(index);
  }

  /** The image with that index; its element is made when the XML data does not speak of it. */
  ensureImage(index: number): WimImageXml {
    return this.image(index) ?? this.append(newElement('IMAGE'), index);
  }

  /** Makes an element for every image from 1 to `imageCount` that the XML data does not speak of. */
  describeAll(imageCount: number): void {
    const known = this.index();
    const missing: XmlElement[] = [];
    for (let index = 1; index <= Math.min(imageCount, MAX_INDEX); index++) {
      if (known.has(index)) continue;
      const element = newElement('IMAGE');
      setAttribute(element, 'INDEX', String(index));
      missing.push(element);
    }
    this.insertImages(missing);
  }

  /** Images by index, ascending. */
  images(): { readonly index: number; readonly image: WimImageXml }[] {
    return [...this.index()].map(([index, image]) => ({ index, image })).sort((a, b) => a.index - b.index);
  }

  /**
   * Adds an image with counts of 0.
   * @throws AppError wim/name-taken, usage/invalid
   */
  addImage(made: NewImage): WimImageXml {
    const element = newElement('IMAGE');
    if (made.name !== undefined && made.name !== '') {
      const name = checkedValue('NAME', made.name);
      this.checkNameFree(name);
      element.children.push(newTextElement('NAME', name));
    }
    for (const count of ['DIRCOUNT', 'FILECOUNT', 'TOTALBYTES', 'HARDLINKBYTES']) {
      element.children.push(decimalElement(count, 0));
    }
    element.children.push(
      timeElement('CREATIONTIME', made.time),
      timeElement('LASTMODIFICATIONTIME', made.time),
    );
    const image = this.wrap(element);
    image.description = made.description ?? '';
    image.flags = made.flags ?? '';
    this.append(element, made.index);
    return this.find(element);
  }

  /**
   * Adds a copy of an image of this or another document, with all that it holds.
   * @throws AppError wim/name-taken, usage/invalid
   */
  copyImage(source: WimImageXml, copied: CopiedImage): WimImageXml {
    const element = cloneElement(source.element);
    const image = this.wrap(element);
    if (copied.name !== undefined) image.setProperty('NAME', copied.name);
    if (copied.description !== undefined) image.setProperty('DESCRIPTION', copied.description);
    this.append(element, copied.index);
    return this.find(element);
  }

  /** Removes an image; those after it move down by one, whether the XML data speaks of the image or not. */
  deleteImage(index: number): void {
    const gone = this.image(index)?.element;
    this.root.children = this.root.children.filter((node) => node !== gone);
    for (const element of this.imageElements()) {
      const old = indexOf(element);
      if (old !== undefined && old > index) setAttribute(element, 'INDEX', String(old - 1));
    }
    this.indexed = undefined;
  }

  /** Index of the image with exactly that name; upper and lower case differ, as wimlib has it. '' finds nothing. */
  findByName(name: string): number | undefined {
    return name === '' ? undefined : this.images().find(({ image }) => image.name === name)?.index;
  }

  /**
   * Resolves what a person typed for an image: 'all' or '*', an index, or a name. A positive number is never a name.
   * @param imageCount of the header
   * @returns undefined when there is no such image
   */
  resolve(choice: string | number, imageCount: number): number | 'all' | undefined {
    const text = String(choice);
    if (text === '*' || text.toLowerCase() === 'all') return 'all';
    const number = /^\s*\+?(\d+)$/.exec(text);
    const index = number === null ? 0 : Number(number[1]);
    if (index > 0) return index <= imageCount ? index : undefined;
    const found = this.findByName(text);
    return found !== undefined && found <= imageCount ? found : undefined;
  }

  /**
   * Any number of images may have no name; apart from that names are unique.
   * @param except index of an image that may have the name
   * @throws AppError wim/name-taken
   */
  checkNameFree(name: string, except?: number): void {
    if (name === '') return;
    const taken = this.images().find(({ index, image }) => index !== except && image.name === name);
    if (taken !== undefined) refuseTakenName(name, taken.index);
  }

  /** Where the IMAGE elements do not fit `imageCount` images; other tools may refuse a file for it. */
  problems(imageCount: number): string[] {
    const problems: string[] = [];
    const seen = new Set<number>();
    for (const element of this.imageElements()) {
      const index = indexOf(element);
      if (index === undefined) problems.push('XML data: an IMAGE element has no usable INDEX');
      else if (index > imageCount) problems.push(`XML data: image ${index} does not exist`);
      else if (seen.has(index)) problems.push(`XML data: image ${index} is described twice`);
      else seen.add(index);
    }
    for (let index = 1; index <= imageCount; index++) {
      if (!seen.has(index)) problems.push(`XML data: image ${index} is not described`);
    }
    return problems;
  }

  private imageElements(): XmlElement[] {
    return childElements(this.root, 'IMAGE');
  }

  private index(): Map<number, WimImageXml> {
    if (this.indexed === undefined) {
      this.indexed = new Map();
      for (const element of this.imageElements()) {
        const index = indexOf(element);
        if (index !== undefined && !this.indexed.has(index)) this.indexed.set(index, this.wrap(element));
      }
    }
    return this.indexed;
  }

  private wrap(element: XmlElement): WimImageXml {
    return new WimImageXml(element, (name, image) => {
      const taken = this.images().find((other) => other.image.element !== image && other.image.name === name);
      if (taken !== undefined) refuseTakenName(name, taken.index);
    });
  }

  private append(element: XmlElement, wanted: number | undefined): WimImageXml {
    const index = wanted ?? Math.max(0, ...this.index().keys()) + 1;
    if (index < 1 || index > MAX_INDEX || this.image(index) !== undefined) {
      throw new AppError('internal/bug', `cannot describe an image ${index} in the XML data`, { index });
    }
    setAttribute(element, 'INDEX', String(index));
    this.insertImages([element]);
    return this.find(element);
  }

  /** After the last IMAGE element, so that what stands behind the images stays there. */
  private insertImages(elements: readonly XmlElement[]): void {
    const { children } = this.root;
    const last = children.findLastIndex((node) => node.kind === 'element' && node.name === 'IMAGE');
    children.splice(last < 0 ? children.length : last + 1, 0, ...elements);
    this.indexed = undefined;
  }

  private find(element: XmlElement): WimImageXml {
    const index = indexOf(element);
    const image = index === undefined ? undefined : this.image(index);
    if (image === undefined) throw new AppError('internal/bug', 'an image just added cannot be found');
    return image;
  }
}

function indexOf(element: XmlElement): number | undefined {
  const text = attributeValue(element, 'INDEX')?.trim() ?? '';
  const index = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return index >= 1 && index <= MAX_INDEX ? index : undefined;
}

/**
 * Reads the XML data of a WIM (UTF-16LE, the byte order mark may be missing). Nothing in it is believed: counts, times
 * and indices may be absent or absurd and are then 0 or missing; only what is not XML at all is refused.
 * @throws FormatError naming 'XML data' and an offset in its bytes
 */
export function parseWimXml(bytes: Uint8Array, options: ParseWimXmlOptions = {}): WimXml {
  const { maxBytes = DEFAULT_XML_LIMIT } = options;
  if (bytes.length > maxBytes) {
    const problem = `${bytes.length} bytes are more than the ${maxBytes} that are read`;
    throw new FormatError({ structure: XML_DATA, offset: 0, problem });
  }
  return new WimXml(readXml(decodeUtf16(bytes, XML_DATA)));
}

/** The XML data as a WIM stores it: UTF-16LE with byte order mark, no XML declaration. */
export function serializeWimXml(xml: WimXml): Uint8Array {
  return encodeUtf16(xml.toText());
}
