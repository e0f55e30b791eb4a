import { AppError } from '../../../src-shared/errors/appError';
import type { ByteSource } from '../binary/byteSource';
import { readCabinet, type Cabinet, type CabinetFile, type FolderPart } from './cabinet';
import { BLOCK_SIZE, FolderIndex } from './cabRecords';

/** Cabinets of a set that are opened. */
const MOST_PARTS = 256;

/** A folder with all its parts, in the cabinets that it lies in. */
export interface CabFolder {
  /** typeCompress */
  readonly compression: number;
  readonly parts: readonly FolderPart[];
}

/** A file of a cabinet or of a set. */
export interface CabFile {
  /** As stored, '\\' between names. */
  readonly name: string;
  readonly size: number;
  readonly folder: CabFolder;
  /** In the expanded folder. */
  readonly offset: number;
  /** Why it cannot be read; undefined where it can. */
  readonly problem: string | undefined;
}

export interface CabinetSet {
  /** In the order in which their data lie. */
  readonly files: readonly CabFile[];
  /** The cabinets that are there, from the first one on. */
  readonly cabinets: readonly ByteSource[];
}

/**
 * Reads a cabinet with those before and after it in its set, as far as they are there.
 * @param beside opens the file of that name beside the cabinet; undefined where none is
 * @throws FormatError `archive/malformed`
 */
export function readCabinetSet(
  source: ByteSource,
  beside: (name: string) => ByteSource | undefined,
): CabinetSet {
  const cabinets = gather(readCabinet(source), beside);
  const folders: { compression: number; parts: FolderPart[] }[] = [];
  const files: CabFile[] = [];
  const before = cabinets[0].previous !== undefined;
  const after = cabinets[cabinets.length - 1].next !== undefined;
  for (const [number, cabinet] of cabinets.entries()) {
    const own = cabinet.folders.map((part) => ({ compression: part.compression, parts: [part] }));
    const last = folders.at(-1);
    if (number > 0 && last !== undefined && own.length > 0 && cabinet.files.some(isFromPrevious)) {
      last.parts.push(...own[0].parts);
      own[0] = last;
      folders.push(...own.slice(1));
    } else folders.push(...own);
    for (const file of cabinet.files) {
      // The cabinet in which it begins names it, too.
      if (number > 0 && isFromPrevious(file)) continue;
      const { name, size, offset } = file;
      const goesOn = file.folder === FolderIndex.TO_NEXT || file.folder === FolderIndex.PREVIOUS_AND_NEXT;
      const index = isFromPrevious(file) ? 0 : goesOn ? own.length - 1 : file.folder;
      const folder = own.at(index) ?? { compression: 0, parts: [] };
      let problem: string | undefined;
      if (isFromPrevious(file) && before) problem = 'it begins in a cabinet that is not beside this one';
      else if (goesOn && after && number === cabinets.length - 1) {
        problem = 'it goes on in a cabinet that is not beside this one';
      } else if (index >= own.length) problem = `its folder ${index} is not there`;
      files.push({ name, size, folder, offset, problem });
    }
  }
  return { files: ordered(files, folders), cabinets: cabinets.map((one) => one.source) };
}

function isFromPrevious({ folder }: CabinetFile): boolean {
  return folder === FolderIndex.FROM_PREVIOUS || folder === FolderIndex.PREVIOUS_AND_NEXT;
}

/** The set from its first cabinet that is there to its last. */
function gather(named: Cabinet, beside: (name: string) => ByteSource | undefined): readonly Cabinet[] {
  const cabinets = [named];
  const open = (name: string | undefined, index: number): Cabinet | undefined => {
    if (name === undefined || cabinets.length === MOST_PARTS) return undefined;
    const source = beside(name);
    if (source === undefined) return undefined;
    try {
      const cabinet = readCabinet(source);
      return cabinet.setId === named.setId && cabinet.index === index ? cabinet : undefined;
    } catch (error) {
      // It is as good as missing: what lies in it is told file by file.
      if (error instanceof AppError && error.code === 'archive/malformed') return undefined;
      throw error;
    }
  };
  for (let first = cabinets[0]; ; first = cabinets[0]) {
    const cabinet = open(first.previous, first.index - 1);
    if (cabinet === undefined) break;
    cabinets.unshift(cabinet);
  }
  for (let last = cabinets[cabinets.length - 1]; ; last = cabinets[cabinets.length - 1]) {
    const cabinet = open(last.next, last.index + 1);
    if (cabinet === undefined) break;
    cabinets.push(cabinet);
  }
  return cabinets;
}

/** Files by folder and place, those that lie over each other or past the end marked. */
function ordered(files: readonly CabFile[], folders: readonly CabFolder[]): readonly CabFile[] {
  const numbers = new Map(folders.map((folder, number) => [folder, number]));
  const numberOf = ({ folder }: CabFile): number => numbers.get(folder) ?? folders.length;
  const sorted = [...files].sort(
    (a, b) => numberOf(a) - numberOf(b) || a.offset - b.offset || a.size - b.size,
  );
  const most = new Map(folders.map((folder) => [folder, mostBytes(folder)]));
  let before: CabFile | undefined;
  return sorted.map((file) => {
    if (file.problem !== undefined) return file;
    const end = file.offset + file.size;
    if (end > (most.get(file.folder) ?? 0))
      return { ...file, problem: 'it reaches past the data of its folder' };
    // Files over each other would make a small cabinet expand to any size.
    if (before?.folder === file.folder && file.offset < before.offset + before.size && file.size > 0) {
      return { ...file, problem: 'it lies over another file' };
    }
    before = file;
    return file;
  });
}

/** Bytes that a folder can have at most. */
export function mostBytes(folder: CabFolder): number {
  return folder.parts.reduce((sum, { blocks }) => sum + blocks, 0) * BLOCK_SIZE;
}
