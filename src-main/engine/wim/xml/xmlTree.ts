/**
 * The XML data as a tree that can be written back unchanged: text and attribute values are kept as they stand in the
 * file ("raw", with their references), and comments, CDATA sections and processing instructions stay in their places.
 */
export interface XmlElement {
  readonly kind: 'element';
  readonly name: string;
  attributes: XmlAttribute[];
  children: XmlNode[];
}

export interface XmlAttribute {
  readonly name: string;
  raw: string;
}

export interface XmlText {
  readonly kind: 'text';
  readonly raw: string;
}

/** What is kept for its own sake; `content` is what stands between the delimiters. */
export interface XmlAside {
  readonly kind: 'cdata' | 'comment' | 'instruction';
  readonly content: string;
}

export type XmlNode = XmlElement | XmlText | XmlAside;

export function newElement(name: string, ...children: XmlNode[]): XmlElement {
  return { kind: 'element', name, attributes: [], children };
}

export function newTextElement(name: string, text: string): XmlElement {
  return newElement(name, { kind: 'text', raw: escapeText(text) });
}

/** Child elements of that name, in order. */
export function childElements(parent: XmlElement, name: string): XmlElement[] {
  return parent.children.filter((node): node is XmlElement => node.kind === 'element' && node.name === name);
}

/** First child element of that name. */
export function childElement(parent: XmlElement, name: string): XmlElement | undefined {
  return parent.children.find((node): node is XmlElement => node.kind === 'element' && node.name === name);
}

/** The first run of text in an element, references resolved; undefined when it has none. Comments do not end a run. */
export function elementText(element: XmlElement): string | undefined {
  let text: string | undefined;
  for (const node of element.children) {
    if (node.kind === 'text') text = (text ?? '') + unescapeText(node.raw);
    else if (node.kind === 'cdata') text = (text ?? '') + node.content;
    else if (node.kind === 'element' && text !== undefined) break;
  }
  return text === '' ? undefined : text;
}

/** Replaces all that an element contains. */
export function setElementText(element: XmlElement, text: string): void {
  element.children = [{ kind: 'text', raw: escapeText(text) }];
}

/** Puts `child` in the place of the first element of its name, or at the end. */
export function replaceChild(parent: XmlElement, child: XmlElement): void {
  const at = parent.children.findIndex((node) => node.kind === 'element' && node.name === child.name);
  if (at < 0) parent.children.push(child);
  else parent.children[at] = child;
}

export function attributeValue(element: XmlElement, name: string): string | undefined {
  const attribute = element.attributes.find((candidate) => candidate.name === name);
  return attribute === undefined ? undefined : unescapeText(attribute.raw);
}

export function setAttribute(element: XmlElement, name: string, value: string): void {
  const raw = escapeText(value);
  const attribute = element.attributes.find((candidate) => candidate.name === name);
  if (attribute === undefined) element.attributes.push({ name, raw });
  else attribute.raw = raw;
}

export function cloneElement(element: XmlElement): XmlElement {
  return {
    kind: 'element',
    name: element.name,
    attributes: element.attributes.map((attribute) => ({ ...attribute })),
    children: element.children.map((node) => (node.kind === 'element' ? cloneElement(node) : { ...node })),
  };
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', apos: "'", quot: '"' };

/**
 * Resolves the five predefined entities and character references. There is nothing to expand beyond these: a document
 * type declaration is refused, and a reference to an unknown entity stays as it is written.
 */
export function unescapeText(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(
    /&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|([a-z]{2,4}));/g,
    (reference, decimal, hex, name) => {
      if (typeof name === 'string') return Object.hasOwn(named, name) ? named[name] : reference;
      const point = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : reference;
    },
  );
}

/** What wimlib and WIMGAPI both read back: the predefined entities only, never a character reference. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Writes nodes in the style of the field's tools: no declaration, no indentation, no short form of empty elements. */
export function writeXml(nodes: readonly XmlNode[]): string {
  return nodes.map(writeNode).join('');
}

function writeNode(node: XmlNode): string {
  switch (node.kind) {
    case 'element': {
      const attributes = node.attributes.map(({ name, raw }) => ` ${name}=${quoteRaw(raw)}`).join('');
      return `<${node.name}${attributes}>${writeXml(node.children)}</${node.name}>`;
    }
    case 'text':
      return node.raw;
    case 'cdata':
      return `<![CDATA[${node.content}]]>`;
    case 'comment':
      return `<!--${node.content}-->`;
    case 'instruction':
      return `<?${node.content}?>`;
  }
}

/** A raw value holds at most the kind of quote that did not enclose it. */
function quoteRaw(raw: string): string {
  return raw.includes('"') ? `'${raw}'` : `"${raw}"`;
}
