import iconv from 'iconv-lite';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Text of a saved list. PowerShell 5 writes UTF-16LE with a byte order mark, PowerShell 7 UTF-8; what `cmd` writes is in
 * the console's code page, for which 850 stands here unless the bytes are letters in windows-1252 rather: only labels
 * and names depend on it, identifiers are ASCII.
 */
export function decodeList(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.length >= 4 && bytes[1] === 0 && bytes[3] === 0) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return strictUtf8.decode(bytes);
  } catch (error) {
    // The decoder's way to say that it is no UTF-8.
    if (!(error instanceof TypeError)) throw error;
  }
  let console = 0;
  let windows = 0;
  for (const byte of bytes) {
    if (byte >= 0x80 && byte <= 0xa5) console++;
    else if (byte >= 0xc0) windows++;
  }
  return iconv.decode(bytes, windows > console ? 'windows-1252' : 'cp850');
}
