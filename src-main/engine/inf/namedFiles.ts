import type { DriverArchitecture } from '../../../src-shared/model/drivers';
import { readCopyList } from './copyFiles';
import { isArchitecture } from './decoration';
import type { InfFile } from './infFile';
import { type InfRemarks, shown } from './remarks';
import { safeInfPath } from './safeInfPath';
import type { InfSections } from './sections';

/** A file that an INF names as part of its package. */
export interface NamedFile {
  /** Relative to the INF's folder, '/' between names, as the INF spells it. */
  readonly path: string;
  readonly line: number;
  /** Only for these: of decorated [SourceDisksFiles]. Absent: for all. */
  readonly architectures?: readonly DriverArchitecture[];
  /** Whether a CopyFiles directive copies it: Windows needs no other ones. */
  readonly copied: boolean;
  /** Cabinet in the INF's folder, or below, that may hold it instead. */
  readonly cabinet?: string;
}

/** Files that one INF may name; the largest known ones have some thousand. */
const MOST_FILES = 200_000;

interface FoundFile extends NamedFile {
  copied: boolean;
  architectures?: DriverArchitecture[];
}

interface SourceFile {
  readonly name: string;
  readonly disk: string;
  readonly subdirectory: string;
  readonly architecture: DriverArchitecture | undefined;
  readonly line: number;
}

/**
 * Files of an INF's package: those of [SourceDisksFiles] of every architecture, with their folders from
 * [SourceDisksNames], and those that a CopyFiles directive copies and [SourceDisksFiles] does not name, which Windows
 * looks for beside the INF, unless a LayoutFile says that they are Windows' own. Catalogs are not among them. What
 * leads out of the INF's folder is left out, and told by the INF's remarks, as everything that is amiss.
 */
export function namedFiles(inf: InfFile): readonly NamedFile[] {
  const { sections, collector: remarks } = inf;
  const sources = readSources(sections);
  const disks = readDisks(sections);
  const copied = copiedNames(sections, remarks);
  const files: FoundFile[] = [];
  const paths = new Map<string, FoundFile>();
  const add = (parts: readonly string[], file: Omit<FoundFile, 'path'>, only?: DriverArchitecture): void => {
    const path = safeInfPath(...parts);
    if (path === undefined) {
      const name = parts.filter((part) => part !== '').join('\\');
      remarks.add('error', 'unsafe-name', `${shown(name)} is no file in the INF's folder`, file.line);
      return;
    }
    const key = path.toLowerCase();
    const before = paths.get(key);
    if (before !== undefined) {
      if (only === undefined) delete before.architectures;
      else if (before.architectures?.includes(only) === false) before.architectures.push(only);
      before.copied ||= file.copied;
    } else if (files.length < MOST_FILES) {
      const found = { path, ...file, ...(only === undefined ? {} : { architectures: [only] }) };
      paths.set(key, found);
      files.push(found);
    }
  };
  const known = new Set<string>();
  const layout = sections.get('Version')?.entries.some(({ key }) => key.toLowerCase() === 'layoutfile');
  for (const { name, disk, subdirectory, architecture, line } of sources) {
    const lower = name.toLowerCase();
    known.add(lower);
    const place = (architecture && disks.get(`${architecture} ${disk}`)) ?? disks.get(` ${disk}`);
    // Of an undecorated entry, each architecture may have a disk of its own.
    const places = architecture === undefined ? allPlaces(disks, disk) : [place ?? noPlace];
    if (places.length === 0) places.push(noPlace);
    if (places[0] === noPlace)
      remarks.incomplete(
        disk === '' ? `${shown(name)} names no disk` : `[SourceDisksNames] has no disk ${shown(disk)}`,
        line,
      );
    for (const one of places) {
      const only = architecture ?? one.architecture;
      const facts = { line, copied: copied.has(lower) };
      if (one.onlyCabinet && one.cabinet !== undefined) add([one.path, one.cabinet], facts, only);
      else {
        const cabinet = one.cabinet === undefined ? undefined : safeInfPath(one.path, one.cabinet);
        add(
          [one.path, subdirectory, name],
          { ...facts, ...(cabinet === undefined ? {} : { cabinet }) },
          only,
        );
      }
    }
  }
  for (const [lower, { name, line }] of layout === true ? [] : copied) {
    if (known.has(lower)) continue;
    remarks.incomplete(`[SourceDisksFiles] does not name ${shown(name)}`, line);
    add([name], { line, copied: true });
  }
  if (files.length >= MOST_FILES) remarks.error(`it names more than ${MOST_FILES} files`);
  return files;
}

function readSources(sections: InfSections): SourceFile[] {
  const sources: SourceFile[] = [];
  for (const { section, architecture } of decorated(sections, 'sourcedisksfiles')) {
    for (const { key, values, line } of sections.get(section)?.entries ?? []) {
      const name = key === '' ? values[0] : key;
      if (name === '') continue;
      const [disk, subdirectory = ''] = key === '' ? [''] : values;
      sources.push({ name, disk, subdirectory, architecture, line });
    }
  }
  return sources;
}

interface SourcePlace {
  readonly path: string;
  readonly cabinet?: string;
  readonly onlyCabinet: boolean;
  readonly architecture?: DriverArchitecture;
}

const noPlace: SourcePlace = { path: '', onlyCabinet: false };

/** Flag of [SourceDisksNames]: the second value names a cabinet, and no tag file. */
const CABINET_FLAG = 0x10;

/** Folders of the disks, by architecture ('' for the undecorated section), a blank, and the disk's number. */
function readDisks(sections: InfSections): Map<string, SourcePlace> {
  const disks = new Map<string, SourcePlace>();
  for (const { section, architecture } of decorated(sections, 'sourcedisksnames')) {
    for (const { key, values } of sections.get(section)?.entries ?? []) {
      const id = `${architecture ?? ''} ${key}`;
      if (key === '' || disks.has(id)) continue;
      const cabinet = values[1] ?? '';
      const flags = Number(values[4] ?? 0);
      const onlyCabinet = Number.isInteger(flags) && (flags & CABINET_FLAG) !== 0;
      disks.set(id, {
        path: values[3] ?? '',
        ...(onlyCabinet || /\.cab$/i.test(cabinet) ? { cabinet } : {}),
        onlyCabinet: onlyCabinet && cabinet !== '',
        ...(architecture === undefined ? {} : { architecture }),
      });
    }
  }
  return disks;
}

const allArchitectures: readonly DriverArchitecture[] = ['x86', 'amd64', 'arm64', 'arm', 'ia64'];

function allPlaces(disks: ReadonlyMap<string, SourcePlace>, disk: string): SourcePlace[] {
  const places: SourcePlace[] = [];
  for (const prefix of ['', ...allArchitectures]) {
    const place = disks.get(`${prefix} ${disk}`);
    if (place !== undefined) places.push(place);
  }
  return places;
}

function* decorated(
  sections: InfSections,
  base: string,
): Generator<{ section: string; architecture: DriverArchitecture | undefined }> {
  if (sections.has(base)) yield { section: base, architecture: undefined };
  for (const architecture of allArchitectures) {
    const section = `${base}.${architecture}`;
    if (isArchitecture(architecture) && sections.has(section)) yield { section, architecture };
  }
}

/** Source names that CopyFiles directives anywhere in the INF copy, by lower case. */
function copiedNames(
  sections: InfSections,
  remarks: InfRemarks,
): Map<string, { readonly name: string; readonly line: number }> {
  const copied = new Map<string, { readonly name: string; readonly line: number }>();
  const visited = new Set<string>();
  for (const section of sections.copying) {
    if (/^strings(?:\.|$)/i.test(section.name)) continue;
    const included = section.entries.some(({ key }) => key.toLowerCase() === 'include');
    for (const { key, values, line } of section.entries) {
      if (key.toLowerCase() !== 'copyfiles') continue;
      for (const list of values) {
        const lower = list.toLowerCase();
        if (list === '' || visited.has(lower)) continue;
        visited.add(lower);
        for (const file of readCopyList(sections, list, line, included, remarks) ?? []) {
          const source = file.source.toLowerCase();
          if (!copied.has(source)) copied.set(source, { name: file.source, line: file.line });
        }
      }
    }
  }
  return copied;
}
