import * as crypto from 'node:crypto';
import type { Sha1 } from '../engine/os';

type OneShot = (algorithm: string, data: Uint8Array, encoding: 'hex') => string;
type Digest = (bytes: Uint8Array) => Uint8Array;

const probe = new Uint8Array([0x61, 0x62, 0x63]);
const probeDigest = 'a9993e364706816aba3e25717850c26c9cd0d89d';

function running(bytes: Uint8Array): Uint8Array {
  return crypto.createHash('sha1').update(bytes).digest();
}

/** The one-shot call, which costs a third less for small files, where the runtime has it and it works. */
function oneShot(): Digest | undefined {
  const hash = (crypto as { readonly hash?: OneShot }).hash;
  if (hash === undefined || hash('sha1', probe, 'hex') !== probeDigest) return undefined;
  return (bytes) => {
    // Hexadecimal is parsed here because the call is faster when it returns a string than a Buffer.
    const text = hash('sha1', bytes, 'hex');
    const digest = new Uint8Array(20);
    for (let i = 0; i < 20; i++) {
      digest[i] = (nibble(text.charCodeAt(2 * i)) << 4) | nibble(text.charCodeAt(2 * i + 1));
    }
    return digest;
  };
}

/** Value of a lower-case hexadecimal digit's character code. */
function nibble(code: number): number {
  return code < 0x3a ? code - 0x30 : code - 0x57;
}

/** Whether the runtime hashes shared memory in place; some refuse views of a SharedArrayBuffer. */
function takesSharedMemory(digest: Digest): boolean {
  try {
    digest(new Uint8Array(new SharedArrayBuffer(4)));
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** SHA-1 of Node's crypto library, for bytes in private and in shared memory alike. */
export function createSha1(): Sha1 {
  const direct = oneShot() ?? running;
  const shares = takesSharedMemory(direct);
  const readable = (bytes: Uint8Array): Uint8Array =>
    shares || !(bytes.buffer instanceof SharedArrayBuffer) ? bytes : new Uint8Array(bytes);
  return {
    digest: (bytes) => direct(readable(bytes)),
    start() {
      const hash = crypto.createHash('sha1');
      return {
        update(bytes) {
          hash.update(readable(bytes));
        },
        digest: () => new Uint8Array(hash.digest()),
      };
    },
  };
}
