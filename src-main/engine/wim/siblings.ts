import type { EngineHost } from '../os';
import type { WimPart } from './wim';
import { bytesEqual } from '../binary/bytesEqual';
import { WIM_HEADER_SIZE, WIM_MAGIC, WimHeader } from './records/wimHeader';

/**
 * The other parts of a split set, found beside the opened part by the names that every tool gives them: `name.swm`,
 * `name2.swm`, `name3.swm`. Only files of the same GUID count. Part 1 is the opened one in most cases; a later part
 * finds the ones around it, too.
 */
export function siblingParts(host: EngineHost, part: WimPart): string[] {
  if (part.header.totalParts < 2) return [];
  const directory = host.files.directoryName(part.path);
  const file = host.files.baseName(part.path);
  const match = /^(.*?)(\d*)(\.[^.]*)?$/s.exec(file);
  if (match === null) return [];
  const stem = part.header.partNumber === 1 ? match[1] + match[2] : match[1];
  const extension = match[3] ?? '';
  const found: string[] = [];
  for (let number = 1; number <= part.header.totalParts; number++) {
    if (number === part.header.partNumber) continue;
    const path = host.files.join(directory, `${stem}${number === 1 ? '' : number}${extension}`);
    if (host.files.status(path)?.kind === 'file' && isPartOf(host, path, part.header, number))
      found.push(path);
  }
  return found;
}

function isPartOf(host: EngineHost, path: string, set: WimHeader, number: number): boolean {
  const file = host.files.openRead(path);
  try {
    const bytes = new Uint8Array(WIM_HEADER_SIZE);
    if (file.read(0, bytes) !== WIM_HEADER_SIZE) return false;
    const view = new DataView(bytes.buffer);
    if (view.getBigUint64(0, true) !== WIM_MAGIC || view.getUint32(8, true) !== WIM_HEADER_SIZE) return false;
    const header = WimHeader.parse(bytes);
    return bytesEqual(header.guid, set.guid) && header.partNumber === number;
  } finally {
    file.close();
  }
}

/** Expands globs (`*` and `?` in the last part of a path) to the files that exist, in order of their names. */
export function expandReferences(host: EngineHost, patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => {
    const name = host.files.baseName(pattern);
    if (!/[*?]/.test(name)) return [pattern];
    const directory = host.files.directoryName(pattern);
    const expression = new RegExp(
      `^${[...name].map((c) => (c === '*' ? '.*' : c === '?' ? '.' : c.replace(/[\\^$.|+()[\]{}]/g, '\\$&'))).join('')}$`,
      's',
    );
    return host.files
      .list(directory)
      .filter((file) => expression.test(file))
      .sort()
      .map((file) => host.files.join(directory, file));
  });
}
