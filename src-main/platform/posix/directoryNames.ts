import { rawFs } from '../rawFs';
import { decodeName, nativePath } from './nativePath';

/** Names in a directory: those that can be kept, sorted, and those that are not UTF-8, as bytes. */
export interface DirectoryNames {
  readonly names: readonly string[];
  readonly undecodable: readonly Buffer[];
}

/** What Node puts in place of bytes that are not UTF-8; a name may also really have it. */
const REPLACEMENT = '\ufffd';

/** Reads a directory. Sorting by code unit makes results the same on every file system. @throws Node's errors */
export function readDirectoryNames(path: string): DirectoryNames {
  const names = rawFs.readdirSync(nativePath(path));
  if (!names.some((name) => name.includes(REPLACEMENT))) return { names: names.sort(), undecodable: [] };
  const decoded: string[] = [];
  const undecodable: Buffer[] = [];
  for (const bytes of rawFs.readdirSync(nativePath(path), { encoding: 'buffer' })) {
    const name = decodeName(bytes);
    if (name === undefined) undecodable.push(bytes);
    else decoded.push(name);
  }
  return { names: decoded.sort(), undecodable };
}
