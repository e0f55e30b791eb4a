/** Opcode of a near call of x86, which four bytes of a relative target follow. */
const CALL = 0xe8;
/** The last bytes of a frame are not translated, nor is a frame that has no more. */
const UNTRANSLATED = 10;
/** Only the first gibibyte of a folder is translated: 32768 frames. */
const LAST_POSITION = 0x40000000;

/**
 * Turns absolute targets of calls back into relative ones ([MS-PATCH] 2.4).
 * @param frame expanded, changed in place
 * @param position of the frame in the folder
 * @param size that the stream tells: targets are within it
 */
export function translateCalls(frame: Uint8Array, position: number, size: number): void {
  if (position >= LAST_POSITION || frame.length <= UNTRANSLATED) return;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const end = frame.length - UNTRANSLATED;
  for (let at = frame.indexOf(CALL); at >= 0 && at < end; at = frame.indexOf(CALL, at + 5)) {
    const here = position + at;
    const target = view.getInt32(at + 1, true);
    if (target >= -here && target < size) {
      view.setInt32(at + 1, target >= 0 ? target - here : target + size, true);
    }
  }
}
