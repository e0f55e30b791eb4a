import type { OpenFile } from '../../os';
import { zipData } from '../../zip/zipData';
import { readZipDirectory, type ZipEntry } from '../../zip/zipDirectory';
import { archiveContainer } from './archiveContainer';
import { indexArchive, type RawEntry } from './archiveIndex';
import type { PackageContainer } from './packageContainer';

/**
 * Opens a zip.
 * @param file closed with the container
 * @throws AppError `archive/malformed`, `archive/unsupported`
 */
export function openZip(file: OpenFile): PackageContainer {
  return archiveContainer({
    label: file.name,
    kind: 'zip',
    index: indexArchive(file.name, rawEntries(readZipDirectory(file))),
    pieces: (entry: ZipEntry) => zipData(file, entry),
    close: () => file.close(),
  });
}

function* rawEntries(entries: readonly ZipEntry[]): Iterable<RawEntry<ZipEntry>> {
  for (const entry of entries) {
    const { name, size, kind } = entry;
    if (kind === 'link') yield { name, size, entry, problem: 'a link or a device, which is not followed' };
    else if (kind === 'file') yield { name, size, entry };
  }
}
