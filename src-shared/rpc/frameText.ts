import { AppError } from '../errors/appError';

/** Bytes that one frame may have, as UTF-8. What is larger is cut into pages by the channels. */
export const MAX_FRAME_BYTES = 32 * 1024 * 1024;

/**
 * A frame as the text that travels. All transports carry this same text, so that a value arrives alike on each of them.
 * @throws AppError 'io/failed' when the frame is too large
 */
export function encodeFrame(frame: unknown): string {
  const text = (JSON.stringify(frame) as string | undefined) ?? 'null';
  if (isTooLarge(text)) {
    throw new AppError(
      'io/failed',
      `what was to be sent is larger than the ${MAX_FRAME_BYTES / 1024 / 1024} MB of one message`,
    );
  }
  return text;
}

/** The frame of a text that arrived; what is wrong with it when it is none. Frames are objects. */
export function decodeFrame(text: string): { readonly frame: object } | { readonly fault: string } {
  if (isTooLarge(text)) return { fault: 'the message is too large' };
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === 'object' && frame !== null ? { frame } : { fault: 'the message is no frame' };
  } catch (error) {
    if (error instanceof SyntaxError) return { fault: 'the message is not JSON' };
    throw error;
  }
}

function isTooLarge(text: string): boolean {
  // A UTF-16 unit is one to three bytes of UTF-8: only what lies between has to be counted.
  if (text.length * 3 <= MAX_FRAME_BYTES) return false;
  if (text.length > MAX_FRAME_BYTES) return true;
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // Each half of a surrogate pair is two of its four bytes; lone ones are escaped by JSON.
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) bytes += 2;
    else bytes += 3;
  }
  return bytes > MAX_FRAME_BYTES;
}
