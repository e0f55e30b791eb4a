/** Bytes of an INF in ASCII or Latin-1. */
export function infBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
