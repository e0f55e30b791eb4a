import { AppError } from '../../../src-shared/errors/appError';
import { malformed, unsupported } from './diskFaults';
import type { DiskHost } from './diskHost';
import type { VirtualDisk } from './virtualDisk';

/** Differencing disks upon each other at most. */
const MAX_CHAIN = 64;

/** A disk of a chain that is being opened: what shows that a chain leads back to itself. */
export interface ChainLink {
  readonly path: string;
  readonly identity: string;
}

/** Which parent a differencing disk wants. */
export interface ParentSearch {
  /** Absolute path of the disk. */
  readonly child: string;
  /** Paths relative to the child's folder, as its file has them: with backslashes or slashes. */
  readonly relative: readonly string[];
  readonly absolute: readonly string[];
  /** File name, or path, that the child tells a person. */
  readonly name: string;
  /** The child and those below it. */
  readonly chain: readonly ChainLink[];
  /** Opens a candidate for reading. */
  readonly open: (path: string, chain: readonly ChainLink[]) => VirtualDisk;
  /** Whether a candidate is the disk that the child was made on. */
  readonly matches: (disk: VirtualDisk) => boolean;
}

/**
 * Finds and opens the parent of a differencing disk: by the relative path, by the absolute one, then by its name beside
 * the child. Names come out of a file that nobody vouches for, so none of them leads to another machine.
 * @throws AppError `disk/no-parent` when it is not there, or what is there is another disk
 * @throws FormatError `disk/malformed` when the chain leads back to itself
 */
export function openParentDisk(host: DiskHost, search: ParentSearch): { device: VirtualDisk; path: string } {
  const { files } = host;
  const { child, chain } = search;
  let other: string | undefined;
  for (const path of candidates(host, search)) {
    const status = files.status(path);
    if (status?.kind !== 'file') continue;
    if (chain.some(({ identity }) => identity === status.identity)) {
      throw malformed('parent locator', 0, `the parents of ${chain[0].path} lead back to ${path}`);
    }
    if (chain.length >= MAX_CHAIN) {
      throw unsupported('parent locator', 0, `${chain[0].path} has more than ${MAX_CHAIN} parents`);
    }
    const device = search.open(path, chain);
    if (search.matches(device)) return { device, path };
    device.close();
    other ??= path;
  }
  const wanted = search.relative[0] ?? search.absolute[0] ?? search.name;
  const problem =
    other === undefined
      ? `its parent "${wanted}" is not there`
      : `${other} is not the parent that it was made on, or was changed since`;
  throw new AppError('disk/no-parent', `cannot open ${child}: ${problem}`, { path: child, parent: wanted });
}

function candidates(host: DiskHost, { child, relative, absolute, name }: ParentSearch): Set<string> {
  const { files } = host;
  const folder = files.directoryName(child);
  const found = new Set<string>();
  for (const text of relative) if (isRelative(text)) found.add(files.join(folder, ...partsOf(text)));
  for (const text of absolute) {
    const path = text.replace(/^\\\\\?\\(?=[A-Za-z]:)/, '');
    if (isUsable(path) && /^(\/(?!\/)|[A-Za-z]:[\\/])/.test(path)) found.add(files.absolute(path));
  }
  for (const text of [...relative, ...absolute, name]) {
    const base = partsOf(text).at(-1);
    if (base !== undefined && isRelative(base) && base !== '..') found.add(files.join(folder, base));
  }
  return found;
}

function partsOf(text: string): string[] {
  return text.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
}

function isUsable(text: string): boolean {
  return text !== '' && !text.includes('\0');
}

/** Neither rooted, nor with a drive or a stream's name. */
function isRelative(text: string): boolean {
  return isUsable(text) && !/^[\\/]|:/.test(text);
}
