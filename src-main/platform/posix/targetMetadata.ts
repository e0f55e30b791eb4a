import { AppError } from '../../../src-shared/errors/appError';
import type { ApplyOptions } from '../../engine/tree/target';
import { rawFs } from '../rawFs';
import { systemErrorName, toAppError } from '../systemErrors';
import { setFileAttributes, setFileTimes } from '../windows/fileAttributes';
import { isVolumeRoot } from '../windows/paths';
import { setPathTimes, setXattr } from './libc';
import { nativePath } from './nativePath';
import type { RemarkTally } from '../../engine/tree/remarkTally';
import type { TargetPlan } from './targetPlan';
import { readUnixData, readXattrs, type UnixData, type Xattr } from '../../engine/tree/unixData';

/** Permission bits of a mode, with set-user-ID, set-group-ID and sticky. */
const PERMISSIONS = 0o7777;

/** What UNIX keeps of an inode, from its metadata items. */
export interface UnixMetadata {
  readonly data: UnixData | undefined;
  readonly xattrs: readonly Xattr[];
  readonly malformed: boolean;
}

const NOTHING: UnixMetadata = { data: undefined, xattrs: [], malformed: false };

/** UNIX metadata of an inode; nothing unless the options ask for it. */
export function unixMetadata(plan: TargetPlan, inode: number, options: ApplyOptions): UnixMetadata {
  const items = plan.tree.extras.get(inode)?.tagged;
  // Windows has no place for it, and a mode set there would only make files read-only.
  if (options.unixData !== true || items === undefined || process.platform === 'win32') return NOTHING;
  return { data: readUnixData(items), ...readXattrs(items) };
}

/** Sets the metadata of what the main thread makes: directories, links, special files. */
export class MetadataSetter {
  constructor(
    private readonly plan: TargetPlan,
    private readonly options: ApplyOptions,
    private readonly tally: RemarkTally,
  ) {}

  /**
   * Sets owner, extended attributes, mode and times, in this order: a change of owner clears privileges that
   * attributes and mode grant, a read-only mode forbids attributes, and every change touches the times.
   * @throws AppError when the options are strict about what fails
   */
  set(entry: number, path: string): void {
    const inode = this.plan.tree.inode[entry];
    const { data, xattrs, malformed } = unixMetadata(this.plan, inode, this.options);
    const strict = this.options.securityDescriptors === 'strict';
    const isLink = this.plan.realization(inode) === 'link';
    if (malformed) this.remark(entry, 'its extended attributes are malformed and set in part');
    if (data !== undefined) {
      this.attempt(entry, path, 'set the owner of', strict, () =>
        rawFs.lchownSync(nativePath(path), data.uid, data.gid),
      );
    }
    for (const [name, value] of xattrs) {
      const isSecurity = name.startsWith('security.') || name.startsWith('system.posix_acl_');
      this.attempt(entry, path, `set the extended attribute ${name} of`, strict && isSecurity, () =>
        setXattr(path, name, value),
      );
    }
    if (data !== undefined && !isLink) {
      this.attempt(entry, path, 'set the mode of', strict, () =>
        rawFs.chmodSync(nativePath(path), data.mode & PERMISSIONS),
      );
    }
    this.attempt(
      entry,
      path,
      process.platform === 'win32' ? 'set the attributes and times of' : 'set the times of',
      this.options.strictTimestamps === true,
      () => this.setTimes(inode, path),
    );
  }

  private setTimes(inode: number, path: string): void {
    const { tree } = this.plan;
    const access = tree.lastAccessTime[inode];
    const write = tree.lastWriteTime[inode];
    if (process.platform !== 'win32') {
      setPathTimes(path, { access, write });
      return;
    }
    // The attributes of the root of a drive are not an image's to change.
    if (!isVolumeRoot(path)) setFileAttributes(path, tree.attributes[inode]);
    setFileTimes(path, { creation: tree.creationTime[inode], access, write });
  }

  /** Does one thing; a failure is an error when it must not be, else a remark. */
  private attempt(entry: number, path: string, doing: string, strict: boolean, act: () => void): void {
    try {
      act();
    } catch (error) {
      const failure = toAppError(error, doing, path);
      if (strict) throw new AppError('target/cannot-keep', failure.message, failure.facts, error);
      this.remark(entry, `cannot ${doing} it: ${systemErrorName(error) ?? failure.code}`);
    }
  }

  private remark(entry: number, problem: string): void {
    this.tally.add(problem, () => this.plan.tree.path(entry));
  }
}
