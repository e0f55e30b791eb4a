/** Bits that follow a slot, and the least offset of it, 2 more than it stands for: [MS-PATCH] 2.2. */
const MOST_SLOTS = 50;
export const extraBits = Uint8Array.from({ length: MOST_SLOTS }, (_, slot) =>
  slot < 4 ? 0 : Math.min((slot >>> 1) - 1, 17),
);
export const baseOffset = new Int32Array(MOST_SLOTS);
for (let slot = 1; slot < MOST_SLOTS; slot++) {
  baseOffset[slot] = baseOffset[slot - 1] + (1 << extraBits[slot - 1]);
}
