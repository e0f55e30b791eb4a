import { AppError } from '../../../../src-shared/errors/appError';
import { checkedValue, elementAt, ensureElementAt, parsePropertyPath, removeElementAt } from './propertyPath';
import { decimalElement, decimalOf, timeElement, timeOf } from './values';
import { childElement, elementText, replaceChild, setElementText, type XmlElement } from './xmlTree';

/** Sizes of an image as its XML element states them. */
export interface ImageCounts {
  /** Directories, the root included, every hard link counted. */
  readonly dirCount: bigint | number;
  /** Everything that is not a directory, every hard link counted. */
  readonly fileCount: bigint | number;
  /** Bytes of all streams, once for every hard link. */
  readonly totalBytes: bigint | number;
  /** The part of `totalBytes` that further hard links of the same file make up. */
  readonly hardLinkBytes: bigint | number;
}

/** The IMAGE element of one image: its properties, with everything that nobody here knows kept in its place. */
export class WimImageXml {
  /**
   * @param element the IMAGE element
   * @param checkName refuses a name that another image of the document has
   */
  constructor(
    readonly element: XmlElement,
    private readonly checkName: (name: string, image: XmlElement) => void,
  ) {}

  /**
   * Text of a property, by wimlib's path syntax: `NAME`, `WINDOWS/VERSION/BUILD`, `WINDOWS/LANGUAGES/LANGUAGE[2]`.
   * @throws AppError usage/invalid when the path is not one
   */
  property(path: string): string | undefined {
    const element = elementAt(this.element, path);
    return element === undefined ? undefined : elementText(element);
  }

  /**
   * Sets a property; elements that the path needs are made. An empty or absent value removes the element.
   * @throws AppError usage/invalid for a path or a value that XML cannot carry, wim/name-taken for another image's name
   */
  setProperty(path: string, value: string | undefined): void {
    const [first, ...further] = parsePropertyPath(path);
    if (value === undefined || value === '') {
      removeElementAt(this.element, path);
      return;
    }
    const text = checkedValue(path, value);
    if (first.name === 'NAME' && first.index === 1 && further.length === 0)
      this.checkName(text, this.element);
    setElementText(ensureElementAt(this.element, path), text);
  }

  /** '' when the image has no name. */
  get name(): string {
    return this.property('NAME') ?? '';
  }

  set name(value: string) {
    this.setProperty('NAME', value);
  }

  get description(): string {
    return this.property('DESCRIPTION') ?? '';
  }

  set description(value: string) {
    this.setProperty('DESCRIPTION', value);
  }

  get displayName(): string {
    return this.property('DISPLAYNAME') ?? '';
  }

  set displayName(value: string) {
    this.setProperty('DISPLAYNAME', value);
  }

  get displayDescription(): string {
    return this.property('DISPLAYDESCRIPTION') ?? '';
  }

  set displayDescription(value: string) {
    this.setProperty('DISPLAYDESCRIPTION', value);
  }

  /** Edition that a setup shows, for example 'Professional'. */
  get flags(): string {
    return this.property('FLAGS') ?? '';
  }

  set flags(value: string) {
    this.setProperty('FLAGS', value);
  }

  /** As stated; files made by Microsoft's tools state too much now and then. */
  get dirCount(): bigint {
    return decimalOf(childElement(this.element, 'DIRCOUNT'));
  }

  get fileCount(): bigint {
    return decimalOf(childElement(this.element, 'FILECOUNT'));
  }

  get totalBytes(): bigint {
    return decimalOf(childElement(this.element, 'TOTALBYTES'));
  }

  get hardLinkBytes(): bigint {
    return decimalOf(childElement(this.element, 'HARDLINKBYTES'));
  }

  /** Replaces the four counts, each where it stands or at the end. */
  setCounts(counts: ImageCounts): void {
    replaceChild(this.element, decimalElement('DIRCOUNT', counts.dirCount));
    replaceChild(this.element, decimalElement('FILECOUNT', counts.fileCount));
    replaceChild(this.element, decimalElement('TOTALBYTES', counts.totalBytes));
    replaceChild(this.element, decimalElement('HARDLINKBYTES', counts.hardLinkBytes));
  }

  /** FILETIME: 100 ns since 1601-01-01 UTC; 0 when the file does not say. */
  get creationTime(): bigint {
    return timeOf(childElement(this.element, 'CREATIONTIME'));
  }

  set creationTime(fileTime: bigint) {
    replaceChild(this.element, timeElement('CREATIONTIME', fileTime));
  }

  get lastModificationTime(): bigint {
    return timeOf(childElement(this.element, 'LASTMODIFICATIONTIME'));
  }

  set lastModificationTime(fileTime: bigint) {
    replaceChild(this.element, timeElement('LASTMODIFICATIONTIME', fileTime));
  }

  /** Whether files of the image may be applied as pointers into the WIM. */
  get wimboot(): boolean {
    return decimalOf(childElement(this.element, 'WIMBOOT')) !== 0n;
  }

  set wimboot(value: boolean) {
    if (value || childElement(this.element, 'WIMBOOT') !== undefined) {
      this.setProperty('WIMBOOT', value ? '1' : '0');
    }
  }
}

/** @throws AppError wim/name-taken */
export function refuseTakenName(name: string, index: number): never {
  throw new AppError('wim/name-taken', `image ${index} has the name '${name}' already`, { name, index });
}
