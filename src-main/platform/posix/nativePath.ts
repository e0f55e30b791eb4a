import { toNamespacedPath } from 'node:path';

/**
 * Names on POSIX systems are bytes; names in a WIM are UTF-16. Between them stands UTF-8, extended by the three-byte
 * form for a surrogate that has no partner (WTF-8), because Windows allows such names and an image must keep them.
 */

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Matches a surrogate without a partner. */
const lonelySurrogate = /\p{Surrogate}/u;

/** The name that UTF-8 or WTF-8 bytes spell, or undefined when they are neither. */
export function decodeName(bytes: Uint8Array): string | undefined {
  return decodeStrict(bytes) ?? decodeWtf8(bytes);
}

/** UTF-8 bytes of a string, unpaired surrogates in their three-byte form. */
export function encodeName(text: string): Buffer {
  if (!lonelySurrogate.test(text)) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    parts.push(
      code >= 0xd800 && code < 0xe000
        ? Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)])
        : Buffer.from(character, 'utf8'),
    );
  }
  return Buffer.concat(parts);
}

/** A path in the form that Node's file calls need: bytes when it has an unpaired surrogate, which their UTF-8 loses. */
export function nativePath(path: string): string | Buffer {
  // Bytes go to Windows as they are; a string gets the prefix that long paths need from Node.
  return lonelySurrogate.test(path) ? encodeName(toNamespacedPath(path)) : path;
}

/** A path as a C string: bytes with a NUL at the end. */
export function nativePathBytes(path: string): Buffer {
  return Buffer.concat([encodeName(path), Buffer.of(0)]);
}

/** Decodes bytes that hold three-byte surrogates; everything else must be valid UTF-8. */
function decodeWtf8(bytes: Uint8Array): string | undefined {
  let text = '';
  let start = 0;
  for (let at = 0; at + 2 < bytes.length; at++) {
    if (
      bytes[at] !== 0xed ||
      bytes[at + 1] < 0xa0 ||
      bytes[at + 1] > 0xbf ||
      (bytes[at + 2] & 0xc0) !== 0x80
    ) {
      continue;
    }
    const before = decodeStrict(bytes.subarray(start, at));
    if (before === undefined) return undefined;
    const unit = 0xd000 | ((bytes[at + 1] & 0x3f) << 6) | (bytes[at + 2] & 0x3f);
    // A pair written as two three-byte forms would come back as other bytes: it is not WTF-8.
    const last = before === '' && start > 0 ? text.charCodeAt(text.length - 1) : 0;
    if (last >= 0xd800 && last < 0xdc00 && unit >= 0xdc00) return undefined;
    text += before + String.fromCharCode(unit);
    start = at + 3;
    at += 2;
  }
  if (start === 0) return undefined;
  const rest = decodeStrict(bytes.subarray(start));
  return rest === undefined ? undefined : text + rest;
}

function decodeStrict(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
