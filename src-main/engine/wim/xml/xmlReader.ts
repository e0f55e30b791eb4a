import { XMLParser } from 'fast-xml-parser';
import { FormatError } from '../../../../src-shared/errors/appError';
import type { XmlElement, XmlNode } from './xmlTree';
import { guardXml, INSTRUCTION, MAX_XML_DEPTH, restoreReturns, XML_DATA } from './xmlGuard';

const TEXT = '#text';
const CDATA = '#cdata';
const COMMENT = '#comment';
const ATTRIBUTES = ':@';

/**
 * Everything that interprets is off: values stay text, references stay as written, order and white space stay.
 * {@link guardXml} has bounded the depth before and checked that the document is well-formed.
 */
const options = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  textNodeName: TEXT,
  cdataPropName: CDATA,
  commentPropName: COMMENT,
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  htmlEntities: false,
  removeNSPrefix: false,
  maxNestedTags: MAX_XML_DEPTH + 1,
  jPath: false,
  // Elements live in a tree of our own, where no name is dangerous.
  onDangerousProperty: (name: string): string => name,
};

/**
 * Parses a document into its top-level nodes: comments and exactly one element.
 * @throws FormatError when it is not well-formed
 */
export function readXml(text: string): XmlNode[] {
  const guarded = guardXml(text);
  let parsed: unknown;
  try {
    parsed = new XMLParser(options).parse(guarded);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(
      { structure: XML_DATA, offset: 0, problem: `not readable as XML: ${reason}` },
      'wim/malformed',
      cause,
    );
  }
  const nodes = convertAll(parsed);
  const end = text.trimEnd().length;
  return end === text.length ? nodes : [...nodes, { kind: 'text', raw: text.slice(end) }];
}

/** The parser gives one-key objects: name to children, or a special name to a value. */
function convertAll(value: unknown): XmlNode[] {
  if (!Array.isArray(value)) throw unexpected('the parser gave no list');
  return value.map(convert);
}

function convert(value: unknown): XmlNode {
  if (!isRecord(value)) throw unexpected('the parser gave no node');
  const name = Object.keys(value).find((key) => key !== ATTRIBUTES);
  if (name === undefined) throw unexpected('the parser gave a node without name');
  const content = value[name];
  if (name === TEXT) return { kind: 'text', raw: restoreReturns(asText(content)) };
  if (name === CDATA) return { kind: 'cdata', content: restoreReturns(asText(content)) };
  if (name === COMMENT) return convertComment(asText(content));
  const attributes = value[ATTRIBUTES];
  const element: XmlElement = {
    kind: 'element',
    name,
    attributes: isRecord(attributes)
      ? Object.entries(attributes).map(([attribute, raw]) => ({ name: attribute, raw: asText(raw) }))
      : [],
    children: convertAll(content),
  };
  return element;
}

function convertComment(content: string): XmlNode {
  if (content.startsWith(INSTRUCTION)) {
    return { kind: 'instruction', content: restoreReturns(content.slice(1)) };
  }
  return { kind: 'comment', content: restoreReturns(content) };
}

/** Comments and CDATA sections come as a list with one text node. */
function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && isRecord(value[0])) return asText(value[0][TEXT] ?? '');
  throw unexpected('the parser gave a value that is not text');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unexpected(problem: string): FormatError {
  return new FormatError({ structure: XML_DATA, offset: 0, problem });
}
