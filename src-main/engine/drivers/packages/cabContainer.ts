import type { ByteSource } from '../../binary/byteSource';
import { readCabinetSet, type CabFile } from '../../cab/cabinetSet';
import { CabReader } from '../../cab/folderReader';
import type { FileSystem, OpenFile } from '../../os';
import { archiveContainer } from './archiveContainer';
import { indexArchive } from './archiveIndex';
import type { PackageContainer } from './packageContainer';
import { nameProblem } from './safePath';

/**
 * Opens a cabinet, with the others of its set that lie beside it; its label is the first one's path.
 * @param file closed with the container, or when this fails
 * @throws AppError `archive/malformed`
 */
export function openCab(files: FileSystem, file: OpenFile): PackageContainer {
  const opened = [file];
  const close = (): void => {
    for (const one of opened) one.close();
  };
  const directory = files.directoryName(file.name);
  const beside = (name: string): ByteSource | undefined => {
    if (name.includes('/') || name.includes('\\') || nameProblem(name) !== undefined) return undefined;
    const key = name.toUpperCase();
    const entry = files
      .entries(directory)
      .find((one) => one.kind === 'file' && one.name.toUpperCase() === key);
    if (entry === undefined) return undefined;
    const other = files.openRead(files.join(directory, entry.name));
    opened.push(other);
    return other;
  };
  try {
    const set = readCabinetSet(file, beside);
    const label = set.cabinets[0].name;
    const reader = new CabReader();
    const entries = set.files.map((entry) => {
      const { name, size, problem } = entry;
      return problem === undefined ? { name, size, entry } : { name, size, entry, problem };
    });
    return archiveContainer({
      label,
      kind: 'cab',
      index: indexArchive(label, entries),
      pieces: (entry: CabFile) => reader.pieces(entry),
      close,
    });
  } catch (error) {
    close();
    throw error;
  }
}
