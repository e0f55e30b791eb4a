/** The seed that hives' logs are hashed with, low and high half. */
const SEED_LOW = 0x7a4e55c5;
const SEED_HIGH = 0x82ef4d88 | 0;

/**
 * Marvin32, the hash of log entries.
 * @returns both halves as one number
 */
export function marvin32(data: Uint8Array): bigint {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let low = SEED_LOW;
  let high = SEED_HIGH;
  const mix = (): void => {
    high ^= low;
    low = (low << 20) | (low >>> 12);
    low = (low + high) | 0;
    high = (high << 9) | (high >>> 23);
    high ^= low;
    low = (low << 27) | (low >>> 5);
    low = (low + high) | 0;
    high = (high << 19) | (high >>> 13);
  };
  const whole = data.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    low = (low + view.getUint32(i, true)) | 0;
    mix();
  }
  // What is left over, with a bit that marks its end.
  let rest = 0x80;
  for (let i = data.length - 1; i >= whole; i--) rest = (rest << 8) | data[i];
  low = (low + rest) | 0;
  mix();
  mix();
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}
