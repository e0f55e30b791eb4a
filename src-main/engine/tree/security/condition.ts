import { readSid, sddlOfSid } from './sid';

/*
 * The condition of a callback entry, [MS-DTYP] 2.4.4.17: "artx", then tokens in postfix order. Windows' own packages
 * carry such entries: (XA;;0x1200a9;;;BU;(Exists WIN://SYSAPPID)).
 */

const SIGNATURE = [0x61, 0x72, 0x74, 0x78];

const binary: Readonly<Record<number, string>> = {
  0x80: '==',
  0x81: '!=',
  0x82: '<',
  0x83: '<=',
  0x84: '>',
  0x85: '>=',
  0x86: 'Contains',
  0x88: 'Any_of',
  0x8e: 'Not_Contains',
  0x8f: 'Not_Any_of',
};
const unary: Readonly<Record<number, string>> = {
  0x87: 'Exists',
  0x89: 'Member_of',
  0x8a: 'Device_Member_of',
  0x8b: 'Member_of_Any',
  0x8c: 'Device_Member_of_Any',
  0x8d: 'Not_Exists',
  0x90: 'Not_Member_of',
  0x91: 'Not_Device_Member_of',
  0x92: 'Not_Member_of_Any',
  0x93: 'Not_Device_Member_of_Any',
};
const logical: Readonly<Record<number, string>> = { 0xa0: '&&', 0xa1: '||' };
const NOT = 0xa2;

const attributes: Readonly<Record<number, string>> = {
  0xf8: '',
  0xf9: '@User.',
  0xfa: '@Resource.',
  0xfb: '@Device.',
};

const Token = { INT8: 0x01, INT64: 0x04, STRING: 0x10, OCTETS: 0x18, COMPOSITE: 0x50, SID: 0x51 } as const;

/** A value and where the next token begins. */
type Literal = readonly [text: string, end: number];

/**
 * The text of a condition, with the parentheses around it.
 * @param data what follows the SID of the entry
 * @returns undefined when it is no condition, or not a whole one
 */
export function conditionText(data: Uint8Array): string | undefined {
  if (SIGNATURE.some((byte, i) => data[i] !== byte)) return undefined;
  const stack: string[] = [];
  let at = SIGNATURE.length;
  while (at < data.length) {
    const token = data[at];
    const isValue = token < 0x80 || token >= 0xf8;
    if (token === 0) {
      at += 1;
    } else if (isValue) {
      const literal = token >= 0xf8 ? attribute(data, at) : value(data, at, true);
      if (literal === undefined) return undefined;
      stack.push(literal[0]);
      at = literal[1];
    } else {
      const made = operate(token, stack);
      if (made === undefined) return undefined;
      stack.push(made);
      at += 1;
    }
  }
  return stack.length === 1 ? stack[0] : undefined;
}

/** Takes the operands from the stack. */
function operate(token: number, stack: string[]): string | undefined {
  const right = stack.pop();
  if (right === undefined) return undefined;
  if (token === NOT) return `(!${right})`;
  if (Object.hasOwn(unary, token)) return `(${unary[token]} ${right})`;
  const left = stack.pop();
  const operator = Object.hasOwn(binary, token)
    ? binary[token]
    : Object.hasOwn(logical, token)
      ? logical[token]
      : undefined;
  return left === undefined || operator === undefined ? undefined : `(${left} ${operator} ${right})`;
}

function value(data: Uint8Array, at: number, composite: boolean): Literal | undefined {
  const token = data[at];
  if (token >= Token.INT8 && token <= Token.INT64) return integer(data, at);
  const content = counted(data, at);
  if (content === undefined) return undefined;
  const end = at + 5 + content.length;
  switch (token) {
    case Token.STRING: {
      const text = utf16(content);
      return text === undefined || text.includes('"') ? undefined : [`"${text}"`, end];
    }
    case Token.OCTETS:
      return ['#' + Array.from(content, (byte) => byte.toString(16).padStart(2, '0')).join(''), end];
    case Token.SID: {
      const sid = readSid(content, 0);
      return sid === undefined ? undefined : [`SID(${sddlOfSid(sid.text)})`, end];
    }
    case Token.COMPOSITE: {
      const items = composite ? valuesOf(content) : undefined;
      return items === undefined ? undefined : [`{${items.join(', ')}}`, end];
    }
    default:
      return undefined;
  }
}

function valuesOf(content: Uint8Array): string[] | undefined {
  const items: string[] = [];
  for (let at = 0; at < content.length;) {
    const item = value(content, at, false);
    if (item === undefined) return undefined;
    items.push(item[0]);
    at = item[1];
  }
  return items;
}

/** 64 bits, how the sign was written, and the base. */
function integer(data: Uint8Array, at: number): Literal | undefined {
  if (at + 11 > data.length) return undefined;
  const number = new DataView(data.buffer, data.byteOffset + at + 1).getBigInt64(0, true);
  const size = number < 0n ? -number : number;
  const sign = number < 0n ? '-' : data[at + 9] === 1 ? '+' : '';
  const base = data[at + 10];
  const digits = base === 1 ? `0${size.toString(8)}` : base === 3 ? `0x${size.toString(16)}` : String(size);
  return [sign + digits, at + 11];
}

function attribute(data: Uint8Array, at: number): Literal | undefined {
  const content = counted(data, at);
  const name = content === undefined ? undefined : utf16(content);
  if (content === undefined || name === undefined || name === '') return undefined;
  const escaped = name.replace(
    /[^A-Za-z0-9:./_]/g,
    (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [(attributes[data[at]] ?? '') + escaped, at + 5 + content.length];
}

/** The bytes that the 32-bit length after the token counts. */
function counted(data: Uint8Array, at: number): Uint8Array | undefined {
  if (at + 5 > data.length) return undefined;
  const length = new DataView(data.buffer, data.byteOffset + at + 1).getUint32(0, true);
  return length > data.length - at - 5 ? undefined : data.subarray(at + 5, at + 5 + length);
}

function utf16(bytes: Uint8Array): string | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  let text = '';
  for (let i = 0; i < bytes.length; i += 2) text += String.fromCharCode(bytes[i] | (bytes[i + 1] << 8));
  return text;
}
