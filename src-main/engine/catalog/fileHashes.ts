import type { Crypto, HashName } from '../os';
import { authenticodeHash, authenticodeRanges } from './authenticodeHash';
import type { CatalogMember } from './catalogMembers';
import { cabinetHash } from './cabinetHash';
import { hexOf } from './values';

/** Members of one catalog by algorithm and hash. */
export class MemberIndex {
  private readonly byHash = new Map<string, CatalogMember>();
  private readonly names = new Set<string>();
  /** Algorithms that it uses, strongest first. */
  readonly algorithms: readonly HashName[];

  constructor(members: readonly CatalogMember[]) {
    const used = new Set<HashName>();
    for (const member of members) {
      this.byHash.set(`${member.algorithm}:${member.hash}`, member);
      used.add(member.algorithm);
      if (member.file !== undefined) this.names.add(plainName(member.file));
    }
    this.algorithms = strength.filter((algorithm) => used.has(algorithm));
  }

  withHash(algorithm: HashName, hash: string): CatalogMember | undefined {
    return this.byHash.get(`${algorithm}:${hash}`);
  }

  /** Whether a member is called so. Catalogs name their files without folders. */
  isNamed(file: string): boolean {
    return this.names.has(plainName(file));
  }
}

const strength: readonly HashName[] = ['sha512', 'sha384', 'sha256', 'sha1', 'md5'];

function plainName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1).toLowerCase();
}

/**
 * The hashes of one file, each computed when it is first asked for.
 */
export class FileHashes {
  private readonly known = new Map<string, string | undefined>();

  constructor(
    private readonly bytes: Uint8Array,
    private readonly crypto: Crypto,
  ) {}

  /**
   * The member that this file is: found by its Authenticode hash where it has one, as Windows does, else by that of all
   * its bytes.
   */
  memberIn(index: MemberIndex): CatalogMember | undefined {
    for (const kind of hashKinds) {
      for (const algorithm of index.algorithms) {
        const hash = this.hash(kind, algorithm);
        const member = hash === undefined ? undefined : index.withHash(algorithm, hash);
        if (member !== undefined && fits(member, kind)) return member;
      }
    }
    return undefined;
  }

  private hash(kind: HashKind, algorithm: HashName): string | undefined {
    const key = `${kind}:${algorithm}`;
    if (!this.known.has(key)) {
      const hash = this.compute(kind, algorithm);
      this.known.set(key, hash === undefined ? undefined : hexOf(hash));
    }
    return this.known.get(key);
  }

  private compute(kind: HashKind, algorithm: HashName): Uint8Array | undefined {
    const { bytes, crypto } = this;
    switch (kind) {
      case 'pe':
        return authenticodeHash(bytes, algorithm, crypto);
      case 'pe-unpadded':
        return (authenticodeRanges(bytes)?.padding ?? 0) === 0
          ? undefined
          : authenticodeHash(bytes, algorithm, crypto, false);
      case 'cab':
        return cabinetHash(bytes, algorithm, crypto);
      case 'flat':
        return crypto.digest(algorithm, bytes);
    }
  }
}

type HashKind = 'pe' | 'pe-unpadded' | 'cab' | 'flat';
const hashKinds: readonly HashKind[] = ['pe', 'flat', 'pe-unpadded', 'cab'];

/**
 * Whether a member's hash may be one of this kind. A member of a PE image is not satisfied by the hash of all bytes of
 * some other file, nor the other way round; where the catalog does not tell the kind, any will do.
 */
function fits(member: CatalogMember, kind: HashKind): boolean {
  if (member.kind === 'pe') return kind === 'pe' || kind === 'pe-unpadded';
  return true;
}
