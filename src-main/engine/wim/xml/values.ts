import { childElement, elementText, newElement, newTextElement, type XmlElement } from './xmlTree';

const U64_LIMIT = 1n << 64n;

/** A decimal number of an element's text; 0 when it is absent, not a number or does not fit into 64 bits. */
export function decimalOf(element: XmlElement | undefined): bigint {
  const text = (element === undefined ? undefined : elementText(element))?.trim() ?? '';
  return /^\d{1,20}$/.test(text) ? fitting(BigInt(text)) : 0n;
}

/** The same as a number, 0 when it is not a safe integer. */
export function smallDecimalOf(element: XmlElement | undefined): number {
  const value = Number(decimalOf(element));
  return Number.isSafeInteger(value) ? value : 0;
}

/** A FILETIME (100 ns since 1601) from HIGHPART and LOWPART, each hexadecimal; 0 when absent or unreadable. */
export function timeOf(element: XmlElement | undefined): bigint {
  if (element === undefined) return 0n;
  return (halfOf(element, 'HIGHPART') << 32n) | halfOf(element, 'LOWPART');
}

export function decimalElement(name: string, value: bigint | number): XmlElement {
  return newTextElement(name, String(value));
}

/** `<NAME><HIGHPART>0x01D39869</HIGHPART><LOWPART>0x09B24A07</LOWPART></NAME>` */
export function timeElement(name: string, fileTime: bigint): XmlElement {
  const value = BigInt.asUintN(64, fileTime);
  return newElement(
    name,
    newTextElement('HIGHPART', hex32(value >> 32n)),
    newTextElement('LOWPART', hex32(value & 0xffffffffn)),
  );
}

function halfOf(element: XmlElement, name: string): bigint {
  const half = childElement(element, name);
  const text = (half === undefined ? undefined : elementText(half))?.trim() ?? '';
  const digits = /^(?:0[xX])?([\da-fA-F]{1,8})$/.exec(text);
  return digits === null ? 0n : BigInt(`0x${digits[1]}`);
}

function hex32(value: bigint): string {
  return '0x' + value.toString(16).toUpperCase().padStart(8, '0');
}

function fitting(value: bigint): bigint {
  return value < U64_LIMIT ? value : 0n;
}
