import * as crypto from 'node:crypto';
import type { Crypto } from '../engine/os';

/** Hashes and signatures of Node's crypto library. */
export function createCrypto(): Crypto {
  return {
    digest: (algorithm, bytes) => new Uint8Array(crypto.createHash(algorithm).update(bytes).digest()),
    start(algorithm) {
      const hash = crypto.createHash(algorithm);
      return {
        update(bytes) {
          hash.update(bytes);
        },
        digest: () => new Uint8Array(hash.digest()),
      };
    },
    verify(algorithm, key, data, signature) {
      const publicKey = readKey(key);
      return publicKey !== undefined && crypto.verify(algorithm, data, publicKey, signature);
    },
  };
}

/** A key from a hostile certificate may be anything: what the library cannot read verifies nothing. */
function readKey(key: Uint8Array): crypto.KeyObject | undefined {
  try {
    return crypto.createPublicKey({ key: Buffer.from(key), format: 'der', type: 'spki' });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return undefined;
  }
}
