import { parseDecoration } from './decoration';
import type { Decoration } from './infModel';
import { splitPlainEntry, splitQuotedEntry, type RawEntry } from './lexEntry';
import type { InfRemarks } from './remarks';
import type { ScannedInf, SectionSpans } from './scanSections';
import { chooseStrings, type InfStrings, TokenExpander } from './strings';

/** One entry of a section, expanded. */
export interface InfEntry {
  /** Where it starts, 1-based. */
  readonly line: number;
  /** What stands before '='; '' where nothing does. */
  readonly key: string;
  /** What commas part; at least one, which may be ''. */
  readonly values: readonly string[];
}

export interface InfSection {
  /** As first written. */
  readonly name: string;
  readonly line: number;
  readonly entries: readonly InfEntry[];
}

/** The sections of an INF by name, case ignored. Those of one name are one, with the entries of all. */
export interface InfSections {
  /** In the order of the file, as written. */
  readonly names: readonly string[];
  has(name: string): boolean;
  /** Its entries are read when first asked for, and kept. */
  get(name: string): InfSection | undefined;
  /** Sections whose name is this one with a decoration behind it. */
  decorated(name: string): readonly DecoratedName[];
  /** Sections with a CopyFiles directive. */
  readonly copying: readonly InfSection[];
}

export interface DecoratedName {
  /** Whole name of the section. */
  readonly name: string;
  readonly decoration: Decoration;
}

class LazySection implements InfSection {
  private read: InfEntry[] | undefined;

  constructor(
    private readonly spans: SectionSpans,
    private readonly readEntries: (spans: SectionSpans) => InfEntry[],
  ) {}

  get name(): string {
    return this.spans.name;
  }
  get line(): number {
    return this.spans.line;
  }
  get entries(): readonly InfEntry[] {
    return (this.read ??= this.readEntries(this.spans));
  }
}

/**
 * Makes the sections of a scanned INF readable.
 * @param language LANGID whose strings come first; see chooseStrings
 */
export function createSections(
  text: string,
  scanned: ScannedInf,
  remarks: InfRemarks,
  language?: number,
): { sections: InfSections; strings: InfStrings } {
  const rawEntry = (spans: readonly number[], at: number): RawEntry => {
    const [start, end, packed] = [spans[at], spans[at + 1], spans[at + 2]];
    const entry = start < 0 ? scanned.joined[end] : text.slice(start, end);
    return (packed & 1) === 1 || !entry.includes('"') ? splitPlainEntry(entry) : splitQuotedEntry(entry);
  };
  const readStrings = (name: string): ReadonlyMap<string, string> => {
    const map = new Map<string, string>();
    const spans = scanned.sections.get(name)?.spans ?? [];
    for (let at = 0; at < spans.length; at += 3) {
      const { key, values } = rawEntry(spans, at);
      // A percent sign of a key is written twice.
      const plain = (key.includes('%%') ? key.replaceAll('%%', '%') : key).toLowerCase();
      // Windows finds the first of several.
      if (key !== '' && !map.has(plain)) map.set(plain, values[0]);
    }
    return map;
  };
  const strings = chooseStrings(scanned.sections.keys(), readStrings, language);
  const expander = new TokenExpander(strings, remarks);
  const readEntries = ({ spans }: SectionSpans): InfEntry[] => {
    const entries: InfEntry[] = [];
    for (let at = 0; at < spans.length; at += 3) {
      const line = spans[at + 2] >>> 1;
      const { key, values } = rawEntry(spans, at);
      if ((spans[at + 2] & 1) === 1) {
        entries.push({ line, key, values });
        continue;
      }
      for (let i = 0; i < values.length; i++) values[i] = expander.expand(values[i], line);
      entries.push({ line, key: expander.expand(key, line), values });
    }
    return entries;
  };
  const known = new Map<SectionSpans, InfSection>();
  const sectionOf = (spans: SectionSpans): InfSection => {
    let section = known.get(spans);
    if (section === undefined) known.set(spans, (section = new LazySection(spans, readEntries)));
    return section;
  };
  const tokenNamed = new Map<string, SectionSpans>();
  for (const [name, spans] of scanned.sections) {
    if (name.includes('%')) tokenNamed.set(expander.expand(spans.name, spans.line).toLowerCase(), spans);
  }
  const find = (name: string): SectionSpans | undefined => {
    const key = name.trim().toLowerCase();
    return scanned.sections.get(key) ?? tokenNamed.get(key);
  };
  let decorated: Map<string, DecoratedName[]> | undefined;
  return {
    strings,
    sections: {
      names: [...scanned.sections.values()].map(({ name }) => name),
      has: (name) => find(name) !== undefined,
      get(name) {
        const spans = find(name);
        return spans === undefined ? undefined : sectionOf(spans);
      },
      decorated(name) {
        decorated ??= decoratedNames(scanned.sections);
        return decorated.get(name.trim().toLowerCase()) ?? [];
      },
      copying: [...scanned.copying].map(sectionOf),
    },
  };
}

function decoratedNames(sections: ReadonlyMap<string, SectionSpans>): Map<string, DecoratedName[]> {
  const found = new Map<string, DecoratedName[]>();
  for (const [key, { name }] of sections) {
    const dot = key.lastIndexOf('.nt');
    const decoration = dot < 0 ? undefined : parseDecoration(key.slice(dot + 1));
    if (decoration === undefined) continue;
    const base = key.slice(0, dot);
    const names = found.get(base);
    if (names === undefined) found.set(base, [{ name, decoration }]);
    else names.push({ name, decoration });
  }
  return found;
}

/** The first value of the first entry with this key, case ignored; undefined where none has it. */
export function valueOf(
  section: InfSection | undefined,
  key: string,
): { text: string; line: number } | undefined {
  const wanted = key.toLowerCase();
  const entry = section?.entries.find((one) => one.key.toLowerCase() === wanted);
  return entry === undefined ? undefined : { text: entry.values[0], line: entry.line };
}
