export const SHORTEST_MATCH = 2;
/** Length header from which on a symbol of the length code follows. */
export const LONG_MATCH = 7;

const MOST_SLOTS = 50;
/** Bits that follow a slot of an offset: [MS-PATCH] 2.2. */
export const extraBits = Uint8Array.from({ length: MOST_SLOTS }, (_, slot) =>
  slot < 4 ? 0 : Math.min((slot >>> 1) - 1, 17),
);
/** The least offset of a slot, 2 more than it stands for. */
export const baseOffset = new Int32Array(MOST_SLOTS);
for (let slot = 1; slot < MOST_SLOTS; slot++) {
  baseOffset[slot] = baseOffset[slot - 1] + (1 << extraBits[slot - 1]);
}
