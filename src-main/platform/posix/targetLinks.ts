import { AppError } from '../../../src-shared/errors/appError';
import { FileAttribute } from '../../engine/tree/attributes';
import type { ApplyOptions } from '../../engine/tree/target';
import { rawFs } from '../rawFs';
import { systemErrorName, toAppError } from '../systemErrors';
import { mknod } from './libc';
import { nativePath } from './nativePath';
import type { RemarkTally } from '../../engine/tree/remarkTally';
import { parseLinkData, windowsPathOf, type LinkTarget } from '../../engine/tree/symlinkReparse';
import type { TargetPlan } from './targetPlan';
import { readUnixData } from '../../engine/tree/unixData';

/** Bit of the second reparse word: the link's target is as it was on the captured system. */
const NOT_FIXED = 1;

/** Errors of a volume that has no such links, or not this many, or not for this user, or not with such a target. */
const withoutSupport: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'EMLINK',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'ENAMETOOLONG',
]);

/** Makes what has no data: symbolic links, further names of files, device nodes. */
export class LinkMaker {
  /** Path that fixed-up absolute links are made to point into; '' for none. */
  private readonly linkRoot: string;

  constructor(
    private readonly plan: TargetPlan,
    base: string,
    private readonly options: ApplyOptions,
    private readonly reparseData: (inode: number) => Uint8Array,
    private readonly tally: RemarkTally,
  ) {
    this.linkRoot = options.fixReparsePoints === true ? realPath(base) : '';
  }

  /**
   * Makes a symbolic link from reparse data.
   * @returns whether it was made; a remark says why not
   * @throws AppError `target/cannot-keep` under `strictSymlinks`
   */
  symbolicLink(entry: number, path: string): boolean {
    const inode = this.plan.tree.inode[entry];
    const extras = this.plan.tree.extras.get(inode);
    const link = parseLinkData(extras?.reparseTag ?? 0, this.reparseData(inode));
    if (link === undefined) return this.fail(entry, path, 'its reparse data is malformed: no link was made');
    const isFixed = !link.relative && ((extras?.reparseFlags ?? NOT_FIXED) & NOT_FIXED) === 0;
    const root = isFixed ? this.linkRoot : '';
    const target = process.platform === 'win32' ? windowsTarget(link, root) : root + link.path || '/';
    const isDirectory = (this.plan.tree.attributes[inode] & FileAttribute.DIRECTORY) !== 0;
    try {
      replacing(path, () =>
        rawFs.symlinkSync(nativePath(target), nativePath(path), isDirectory ? 'dir' : 'file'),
      );
      return true;
    } catch (error) {
      const name = systemErrorName(error);
      if (!withoutSupport.has(name)) throw toAppError(error, 'make the link', path);
      return this.fail(entry, path, `its symbolic link cannot be made here (${name})`);
    }
  }

  /**
   * Gives a file a further name. Where the volume has no hard links the file is copied.
   * @returns whether it is a copy, which has no metadata yet
   * @throws AppError when neither can be made
   */
  hardLink(entry: number, first: string, path: string): boolean {
    try {
      replacing(path, () => rawFs.linkSync(nativePath(first), nativePath(path)));
      return false;
    } catch (error) {
      const name = systemErrorName(error);
      if (name === 'ENOENT') {
        this.remark(entry, 'the file it is a hard link to was not written');
        return false;
      }
      if (!withoutSupport.has(name)) throw toAppError(error, 'make the hard link', path);
      this.copy(first, path);
      this.remark(entry, 'its hard link cannot be made here: it is a copy');
      return true;
    }
  }

  /** Makes a device node, pipe or socket. @returns whether this user may */
  specialFile(entry: number, path: string): boolean {
    const data = readUnixData(this.plan.tree.extras.get(this.plan.tree.inode[entry])?.tagged);
    if (data === undefined) return false;
    try {
      replacing(path, () => mknod(path, data.mode, data.rdev));
      return true;
    } catch (error) {
      if (systemErrorName(error) !== 'EPERM') throw toAppError(error, 'make the special file', path);
      this.remark(entry, 'its device node cannot be made without privileges');
      return false;
    }
  }

  private copy(first: string, path: string): void {
    try {
      rawFs.copyFileSync(nativePath(first), nativePath(path), rawFs.constants.COPYFILE_EXCL);
    } catch (error) {
      throw toAppError(error, 'copy a file to', path);
    }
  }

  private fail(entry: number, path: string, problem: string): false {
    if (this.options.strictSymlinks === true) {
      throw new AppError('target/cannot-keep', `${path}: ${problem}`, { path });
    }
    this.remark(entry, problem);
    return false;
  }

  private remark(entry: number, problem: string): void {
    this.tally.add(problem, () => this.plan.tree.path(entry));
  }
}

/** Makes something at `path`; a file or link that is there goes first. A directory stays, and is an error. */
function replacing(path: string, make: () => void): void {
  try {
    make();
  } catch (error) {
    if (systemErrorName(error) !== 'EEXIST') throw error;
    rawFs.unlinkSync(nativePath(path));
    make();
  }
}

/** Windows has drives: an NT path loses its prefix, one that was fixed up gets the target's. */
function windowsTarget(link: LinkTarget, root: string): string {
  if (root !== '') return root + link.path.replaceAll('/', '\\');
  return link.relative ? link.substitute : windowsPathOf(link.substitute);
}

function realPath(path: string): string {
  try {
    const real = rawFs.realpathSync(path);
    // The root has no name to put before a link's path.
    return real === '/' ? '' : real;
  } catch (error) {
    throw toAppError(error, 'resolve', path);
  }
}
