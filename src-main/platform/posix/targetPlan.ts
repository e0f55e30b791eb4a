import { FileAttribute, ReparseTag } from '../../engine/tree/attributes';
import type { ApplyOptions, Realization } from '../../engine/tree/target';
import { NONE, StreamKind, type Tree } from '../../engine/tree/tree';
import type { RemarkTally } from '../../engine/tree/remarkTally';
import { joinPath } from './paths';
import { repairSuffix, type NameRules } from './targetNames';
import { FileType, readUnixData } from '../../engine/tree/unixData';

/** Bits of an entry's state. */
export const EntryState = {
  /** It will be there. */
  APPLIED: 1,
  /** A directory that this run made. */
  MADE: 2,
  /** Something was there before this run. */
  OCCUPIED: 4,
  /** This run has begun to make it. */
  BEGUN: 8,
} as const;

const realizations: readonly Realization[] = ['skipped', 'file', 'directory', 'link', 'special'];

/** Types that mknod makes. */
const deviceTypes = new Set([0o010000, 0o020000, 0o060000, 0o140000]);

/**
 * What becomes of every entry and inode below a root: checked names, kinds, states. Pure decisions; nothing on disk
 * is looked at or touched.
 */
export class TargetPlan {
  /** {@link EntryState} bits by entry. */
  readonly state: Uint8Array;
  /** First applied entry of an inode, or NONE. */
  readonly firstEntry: Int32Array;
  /** Applied entries, parents before children. */
  readonly entries: Int32Array;
  private readonly kinds: Uint8Array;
  private readonly repaired = new Map<number, string>();
  /** The directory of the path that was asked for last: neighbours are asked for one after the other. */
  private lastDirectory = { entry: NONE, base: '', path: '' };

  constructor(
    readonly tree: Tree,
    readonly root: number,
    private readonly options: ApplyOptions,
    private readonly rules: NameRules,
    tally: RemarkTally,
  ) {
    this.state = new Uint8Array(tree.entryCount);
    this.firstEntry = new Int32Array(tree.inodeCount).fill(NONE);
    this.kinds = new Uint8Array(tree.inodeCount);
    const applied = new Int32Array(tree.entryCount);
    let count = 0;
    for (const entry of tree.preorder(root)) {
      if (entry !== root && (this.state[tree.parent[entry]] & EntryState.APPLIED) === 0) continue;
      if (entry === root) this.state[entry] = EntryState.APPLIED;
      if ((this.state[entry] & EntryState.APPLIED) === 0) continue;
      const inode = tree.inode[entry];
      if (this.firstEntry[inode] === NONE) {
        this.firstEntry[inode] = entry;
        this.kinds[inode] = realizations.indexOf(this.decide(inode));
      }
      if (this.realization(inode) === 'skipped') {
        tally.add('encrypted data cannot be written here: left out', () => tree.path(entry));
        this.state[entry] = 0;
        continue;
      }
      applied[count++] = entry;
      if (this.realization(inode) === 'directory') this.nameChildren(entry, tally);
    }
    this.entries = applied.slice(0, count);
  }

  realization(inode: number): Realization {
    return realizations[this.kinds[inode]];
  }

  /** Name of an entry on the target. */
  name(entry: number): string {
    return this.repaired.get(entry) ?? this.tree.name(entry);
  }

  /** Path of an entry on the target. @param base path of the target */
  path(base: string, entry: number): string {
    if (entry === this.root) return base;
    const parent = this.tree.parent[entry];
    if (parent === this.root) return joinPath(base, this.name(entry));
    if (this.lastDirectory.entry !== parent || this.lastDirectory.base !== base) {
      const names: string[] = [];
      for (let row = parent; row !== this.root; row = this.tree.parent[row]) names.push(this.name(row));
      this.lastDirectory = { entry: parent, base, path: joinPath(base, names.reverse().join('/')) };
    }
    return joinPath(this.lastDirectory.path, this.name(entry));
  }

  private decide(inode: number): Realization {
    const { tree } = this;
    const attributes = tree.attributes[inode];
    const extras = tree.extras.get(inode);
    if ((attributes & FileAttribute.REPARSE_POINT) !== 0 && isLinkTag(extras?.reparseTag)) return 'link';
    if ((attributes & FileAttribute.DIRECTORY) !== 0) return 'directory';
    if (tree.findStream(inode, StreamKind.ENCRYPTED_RAW) !== NONE) return 'skipped';
    if (this.options.unixData === true && process.platform !== 'win32') {
      const type = (readUnixData(extras?.tagged)?.mode ?? FileType.REGULAR) & FileType.MASK;
      const data = tree.findStream(inode, StreamKind.DATA);
      if (deviceTypes.has(type) && (data === NONE || tree.streamSize[data] === 0)) return 'special';
    }
    return 'file';
  }

  /** Checks the names in a directory; what cannot be made is repaired or left out, and said. */
  private nameChildren(directory: number, tally: RemarkTally): void {
    const { tree, rules } = this;
    const taken = new Set<string>();
    for (const entry of tree.children(directory)) {
      const name = tree.name(entry);
      const problem =
        rules.problem(name) ?? (taken.has(rules.key(name)) ? 'another entry has this name' : undefined);
      if (problem === undefined) {
        taken.add(rules.key(name));
      } else if (this.options.includeInvalidNames === true) {
        const given = this.repair(name, taken);
        tally.add(`${problem}: made under another name`, () => `${tree.path(entry)} as ${given}`);
        this.repaired.set(entry, given);
      } else {
        tally.add(`${problem}: left out`, () => tree.path(entry));
        continue;
      }
      this.state[entry] = EntryState.APPLIED;
    }
  }

  private repair(name: string, taken: Set<string>): string {
    for (let number = this.repaired.size + 1; ; number++) {
      const repaired = this.rules.repair(name, repairSuffix(number));
      const key = this.rules.key(repaired);
      if (taken.has(key)) continue;
      taken.add(key);
      return repaired;
    }
  }
}

function isLinkTag(tag: number | undefined): boolean {
  return tag === ReparseTag.SYMLINK || tag === ReparseTag.MOUNT_POINT;
}
