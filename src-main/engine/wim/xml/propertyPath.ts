import { AppError } from '../../../../src-shared/errors/appError';
import { nameEnd } from './xmlNames';
import { childElements, newElement, type XmlElement } from './xmlTree';

/** One step of a property path: the n-th child element of that name, counted from 1. */
export interface PathStep {
  readonly name: string;
  readonly index: number;
}

/** Element names that the reader of XML refuses; a file that has one could not be opened again. */
const refused = new Set(['__proto__', 'constructor', 'prototype']);

/** A path deeper than this would make XML data that nobody opens. */
const MAX_STEPS = 32;

/**
 * Parses the path of an image property as wimlib writes it: element names with '/' between them, and a position in
 * brackets where several elements have one name (`WINDOWS/LANGUAGES/LANGUAGE[2]`).
 * @throws AppError usage/invalid
 */
export function parsePropertyPath(path: string): PathStep[] {
  const steps = path.split('/').map((part): PathStep => {
    const end = nameEnd(part, 0);
    const name = part.slice(0, end);
    const position = /^\[([1-9]\d{0,8})\]$/.exec(part.slice(end));
    if (end === 0 || (position === null && end < part.length) || refused.has(name)) {
      throw new AppError('usage/invalid', `'${path}' is not the name of an image property`, {
        property: path,
      });
    }
    return { name, index: position === null ? 1 : Number(position[1]) };
  });
  if (steps.length > MAX_STEPS) {
    throw new AppError('usage/invalid', `image property '${path}' has more than ${MAX_STEPS} levels`, {
      property: path,
    });
  }
  return steps;
}

/** The element at a path below `root`, or undefined. */
export function elementAt(root: XmlElement, path: string): XmlElement | undefined {
  let at: XmlElement | undefined = root;
  for (const { name, index } of parsePropertyPath(path)) {
    at = childElements(at, name).at(index - 1);
    if (at === undefined) return undefined;
  }
  return at;
}

/**
 * The element at a path below `root`; what is missing is made.
 * @throws AppError usage/invalid when a position leaves a gap; then nothing has been made
 */
export function ensureElementAt(root: XmlElement, path: string): XmlElement {
  let at = root;
  let made: { readonly parent: XmlElement; readonly child: XmlElement } | undefined;
  for (const { name, index } of parsePropertyPath(path)) {
    const present = childElements(at, name);
    let next = present.at(index - 1);
    if (next === undefined) {
      if (index > present.length + 1) {
        const problem = `cannot set '${path}': there are only ${present.length} ${name} elements before it`;
        throw new AppError('usage/invalid', problem, { property: path });
      }
      next = newElement(name);
      if (made === undefined) made = { parent: at, child: next };
      else at.children.push(next);
    }
    at = next;
  }
  made?.parent.children.push(made.child);
  return at;
}

/** Takes the element at a path out of its parent; nothing happens when there is none. */
export function removeElementAt(root: XmlElement, path: string): void {
  const element = elementAt(root, path);
  if (element === undefined) return;
  const slash = path.lastIndexOf('/');
  const parent = slash < 0 ? root : elementAt(root, path.slice(0, slash));
  if (parent !== undefined) parent.children = parent.children.filter((node) => node !== element);
}

/**
 * What a value becomes when it is stored: line ends are line feeds, as every reader of XML makes them.
 * @throws AppError usage/invalid when XML cannot carry a character of it
 */
export function checkedValue(property: string, value: string): string {
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x20 ? !isExcluded(code) : character === '\t' || character === '\n' || character === '\r')
      continue;
    const shown = code.toString(16).toUpperCase().padStart(4, '0');
    const problem = `the value of ${property} has the character U+${shown}, which XML cannot carry`;
    throw new AppError('usage/invalid', problem, { property });
  }
  return value.replace(/\r\n?/g, '\n');
}

/** Halves of surrogate pairs and the two units at the end of the plane: not characters for XML. */
function isExcluded(code: number): boolean {
  return (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff;
}
