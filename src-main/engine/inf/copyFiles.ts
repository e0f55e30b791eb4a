import { diridName } from './dirids';
import type { InfFile } from './infFile';
import { type InfRemarks, shown } from './remarks';
import type { InfEntry, InfSections } from './sections';

/** Where a file list goes. */
export interface CopyDestination {
  readonly dirid: number;
  /** Below it; '' where the files go into the folder itself. */
  readonly subdirectory: string;
  /** '%SystemRoot%\\System32\\drivers', '<driver store>'. */
  readonly name: string;
}

/** Files that a CopyFiles directive names. */
export interface CopyList {
  /** Section of the files; '@' and the file's name for a single one. */
  readonly section: string;
  readonly files: readonly {
    /** Its name where it is copied to. */
    readonly target: string;
    /** Its name in the package. */
    readonly source: string;
    readonly line: number;
  }[];
  readonly destination: CopyDestination;
}

/** Where [DestinationDirs] sends the files of a section, or of '@file': to DefaultDestDir where it does not say. */
export function destinationOf(inf: Pick<InfFile, 'sections'>, section: string): CopyDestination {
  const all = destinationsOf(inf.sections);
  const found = all.get(section.toLowerCase()) ?? all.get('defaultdestdir');
  // Without any, Windows takes its own folder.
  const dirid = found === undefined || !/^-?[0-9]{1,5}$/.test(found.values[0]) ? 10 : Number(found.values[0]);
  const subdirectory = (found?.values[1] ?? '').replace(/^\\+|\\+$/g, '');
  const folder = diridName(dirid) ?? `<folder ${dirid}>`;
  return { dirid, subdirectory, name: subdirectory === '' ? folder : `${folder}\\${subdirectory}` };
}

const known = new WeakMap<InfSections, ReadonlyMap<string, InfEntry>>();

/** Entries of [DestinationDirs], the first of each key. */
function destinationsOf(sections: InfSections): ReadonlyMap<string, InfEntry> {
  let all = known.get(sections);
  if (all === undefined) {
    const entries = new Map<string, InfEntry>();
    for (const entry of sections.get('DestinationDirs')?.entries ?? []) {
      const key = entry.key.toLowerCase();
      if (!entries.has(key)) entries.set(key, entry);
    }
    known.set(sections, (all = entries));
  }
  return all;
}

/**
 * Files of a CopyFiles directive's section; `@file` stands for itself.
 * @param included whether other INFs are included there, which may hold the section
 */
export function readCopyList(
  sections: InfSections,
  name: string,
  line: number,
  included: boolean,
  remarks: InfRemarks,
): CopyList['files'] | undefined {
  if (name.startsWith('@')) {
    const file = name.slice(1).trim();
    return file === '' ? undefined : [{ target: file, source: file, line }];
  }
  const section = sections.get(name);
  if (section === undefined) {
    if (!included) remarks.incomplete(`CopyFiles names [${shown(name)}], which is not there`, line);
    return undefined;
  }
  const files: { target: string; source: string; line: number }[] = [];
  for (const entry of section.entries) {
    // 'a.sys' and, as some write it, 'a.sys=b.sys'
    const target = entry.key === '' ? entry.values[0] : entry.key;
    const source = entry.key === '' ? (entry.values[1] ?? '') : entry.values[0];
    if (target === '') continue;
    files.push({ target, source: source === '' ? target : source, line: entry.line });
  }
  return files;
}
