import { growColumn, nextCapacity } from '../../binary/columns';
import type { Decoration, InfModels } from '../infModel';
import { usualFeatureScore } from './driverRank';
import type { IndexedContent, IndexedPackage, InstallChoice } from './matchTypes';
import { decoratedFor, groupOf } from './modelsChoice';
import { TextTable, type PackedTexts } from './textTable';

/** Packages by the identifiers that their INFs name, in columns: a million identifiers take less than 150 MB. */
export interface DriverIndex {
  readonly packages: readonly IndexedPackage[];
  /** Identifiers that INFs name, each as often as it is named. */
  readonly entries: number;
  /** What holds the columns, for matching. */
  readonly parts: readonly IndexPart[];
  /** Adds a package. Its summary is kept as it is; of its content, what matching needs. */
  add(summary: IndexedPackage, content: IndexedContent): void;
  /**
   * Adds what another index holds (one made by a worker); its packages come after those that are here.
   *
   * @param summaries take the place of those that it holds, in their order: of packages that got another id since
   */
  absorb(packed: PackedDriverIndex, summaries?: readonly IndexedPackage[]): void;
  /** Everything as plain values and typed arrays, which a message carries. */
  pack(): PackedDriverIndex;
}

/** An index as plain values: what `pack` makes and `absorb` takes. Of this program only, never from a file. */
export interface PackedDriverIndex {
  readonly parts: readonly PackedPart[];
}

interface PackedPart {
  readonly packages: readonly IndexedPackage[];
  readonly packageSections: Uint32Array<ArrayBuffer>;
  readonly sections: readonly IndexedSection[];
  readonly models: ModelColumns;
  readonly entries: EntryColumns;
  readonly heads: Uint32Array<ArrayBuffer>;
  readonly identifiers: PackedTexts;
  readonly texts: PackedTexts;
  readonly counts: { readonly models: number; readonly entries: number };
}

/** A models section. */
export interface IndexedSection {
  /** Index of its package in the part. */
  readonly package: number;
  /** Sections with the same number in a package are of one line of [Manufacturer]: Windows takes one of them. */
  readonly group: number;
  readonly decoration: Decoration | undefined;
  readonly firstModel: number;
  readonly firstEntry: number;
  /** Distinct identifiers that it names, where not all of them were kept. */
  readonly named?: number;
}

/** A row for each line of models. */
interface ModelColumns {
  section: Uint32Array<ArrayBuffer>;
  /** Numbers of texts. */
  description: Uint32Array<ArrayBuffer>;
  install: Uint32Array<ArrayBuffer>;
  feature: Uint8Array<ArrayBuffer>;
  line: Uint32Array<ArrayBuffer>;
}

/** A row for each identifier of a line of models. */
interface EntryColumns {
  identifier: Uint32Array<ArrayBuffer>;
  model: Uint32Array<ArrayBuffer>;
  position: Uint16Array<ArrayBuffer>;
  /** Index + 1 of the next row with the same identifier; 0: none. */
  next: Uint32Array<ArrayBuffer>;
}

/**
 * @param wanted identifiers in upper case: only lines of models that name one of these are kept, which is all that
 *   matching devices with these identifiers needs. Of the others only the number is known. Absent: all are kept
 */
export function createDriverIndex(wanted?: ReadonlySet<string>): DriverIndex {
  const parts: IndexPart[] = [];
  const packages: IndexedPackage[] = [];
  let open: IndexPart | undefined;
  return {
    packages,
    parts,
    get entries() {
      return parts.reduce((total, part) => total + part.entryCount, 0);
    },
    add(summary, content) {
      open ??= appendPart(parts, new IndexPart(packages.length, undefined, wanted));
      open.add(summary, content);
      packages.push(summary);
    },
    absorb(packed, summaries) {
      open = undefined;
      let taken = 0;
      for (const part of packed.parts) {
        parts.push(new IndexPart(packages.length, part));
        for (const summary of part.packages) packages.push(summaries?.[taken++] ?? summary);
      }
    },
    pack: () => ({ parts: parts.map((part) => part.pack()) }),
  };
}

function appendPart(parts: IndexPart[], part: IndexPart): IndexPart {
  parts.push(part);
  return part;
}

const longestLine = 0xffff;

/** Packages that were added one after the other, and the columns of their models. */
export class IndexPart {
  readonly #packages: IndexedPackage[] = [];
  #packageSections: Uint32Array<ArrayBuffer> = new Uint32Array(64);
  readonly #sections: IndexedSection[] = [];
  readonly models: ModelColumns;
  readonly entries: EntryColumns;
  /** Index + 1 of the latest row of each identifier. */
  heads: Uint32Array<ArrayBuffer>;
  readonly #identifiers: TextTable;
  readonly #texts: TextTable;
  #modelCount: number;
  #entryCount: number;

  /** @param firstPackage index of its first package in the whole */
  constructor(
    readonly firstPackage: number,
    packed?: PackedPart,
    private readonly wanted?: ReadonlySet<string>,
  ) {
    this.#identifiers = new TextTable(true, packed?.identifiers);
    this.#texts = new TextTable(false, packed?.texts);
    this.#modelCount = packed?.counts.models ?? 0;
    this.#entryCount = packed?.counts.entries ?? 0;
    this.models = packed?.models ?? emptyModels();
    this.entries = packed?.entries ?? emptyEntries();
    this.heads = packed?.heads ?? new Uint32Array(64);
    if (packed === undefined) return;
    this.#packages = [...packed.packages];
    this.#packageSections = packed.packageSections;
    this.#sections = [...packed.sections];
  }

  get packageCount(): number {
    return this.#packages.length;
  }

  get sectionCount(): number {
    return this.#sections.length;
  }

  get entryCount(): number {
    return this.#entryCount;
  }

  get identifierCount(): number {
    return this.#identifiers.count;
  }

  section(index: number): IndexedSection | undefined {
    return this.#sections[index];
  }

  /** First section of a package, and the one after its last. */
  sectionsOf(index: number): readonly [number, number] {
    return [this.#packageSections[index] ?? 0, this.#packageSections[index + 1] ?? 0];
  }

  /** First row of `entries` of a section, and the one after its last. */
  entriesOf(section: number): readonly [number, number] {
    return [
      this.#sections[section]?.firstEntry ?? 0,
      this.#sections[section + 1]?.firstEntry ?? this.#entryCount,
    ];
  }

  /** Number of an identifier; undefined where no package names it. */
  find(identifier: string): number | undefined {
    return this.#identifiers.find(identifier);
  }

  /** An identifier as the first INF that names it writes it. */
  identifier(number: number): string {
    return this.#identifiers.text(number);
  }

  text(number: number): string {
    return this.#texts.text(number);
  }

  add(summary: IndexedPackage, content: IndexedContent): void {
    const installs = new Map<string, InstallChoice>();
    const groups = new Map<string, number>();
    const index = this.#packages.length;
    for (const models of content.models) {
      const key = groupOf(models);
      const group = groups.get(key) ?? groups.size;
      groups.set(key, group);
      this.#addSection(index, group, models, content, installs);
    }
    this.#packages.push(summary);
    if (this.#packages.length + 1 > this.#packageSections.length) {
      const capacity = nextCapacity(this.#packageSections.length, this.#packages.length + 1);
      this.#packageSections = growColumn(this.#packageSections, capacity);
    }
    this.#packageSections[this.#packages.length] = this.#sections.length;
  }

  pack(): PackedPart {
    const models = this.#modelCount;
    const entries = this.#entryCount;
    return {
      packages: this.#packages,
      packageSections: this.#packageSections.slice(0, this.#packages.length + 1),
      sections: this.#sections,
      models: {
        section: this.models.section.slice(0, models),
        description: this.models.description.slice(0, models),
        install: this.models.install.slice(0, models),
        feature: this.models.feature.slice(0, models),
        line: this.models.line.slice(0, models),
      },
      entries: {
        identifier: this.entries.identifier.slice(0, entries),
        model: this.entries.model.slice(0, entries),
        position: this.entries.position.slice(0, entries),
        next: this.entries.next.slice(0, entries),
      },
      heads: this.heads.slice(0, this.#identifiers.count),
      identifiers: this.#identifiers.pack(),
      texts: this.#texts.pack(),
      counts: { models, entries },
    };
  }

  #addSection(
    index: number,
    group: number,
    models: InfModels,
    content: IndexedContent,
    installs: Map<string, InstallChoice>,
  ): void {
    const section = this.#sections.length;
    const architecture = decoratedFor(models.decoration);
    const { wanted } = this;
    this.#sections.push({
      package: index,
      group,
      decoration: models.decoration,
      firstModel: this.#modelCount,
      firstEntry: this.#entryCount,
      ...(wanted === undefined ? {} : { named: countNamed(models) }),
    });
    for (const model of models.models) {
      if (wanted !== undefined && !model.identifiers.some((one) => wanted.has(one.toUpperCase()))) continue;
      const key = `${architecture} ${model.install}`;
      let choice = installs.get(key);
      if (choice === undefined) {
        choice = content.install?.(model.install, architecture) ?? {
          section: model.install,
          featureScore: usualFeatureScore,
        };
        installs.set(key, choice);
      }
      const row = this.#newModel();
      this.models.section[row] = section;
      this.models.description[row] = this.#texts.intern(model.description);
      this.models.install[row] = this.#texts.intern(choice.section);
      this.models.feature[row] = choice.featureScore;
      this.models.line[row] = model.line;
      for (const [position, identifier] of model.identifiers.entries()) {
        if (identifier !== '') this.#addEntry(row, Math.min(position, longestLine), identifier);
      }
    }
  }

  #addEntry(model: number, position: number, identifier: string): void {
    const number = this.#identifiers.intern(identifier);
    const row = this.#newEntry();
    if (number >= this.heads.length) {
      this.heads = growColumn(this.heads, nextCapacity(this.heads.length, number + 1));
    }
    this.entries.identifier[row] = number;
    this.entries.model[row] = model;
    this.entries.position[row] = position;
    this.entries.next[row] = this.heads[number] ?? 0;
    this.heads[number] = row + 1;
  }

  #newModel(): number {
    const row = this.#modelCount++;
    if (row < this.models.section.length) return row;
    const capacity = nextCapacity(row, row + 1);
    this.models.section = growColumn(this.models.section, capacity);
    this.models.description = growColumn(this.models.description, capacity);
    this.models.install = growColumn(this.models.install, capacity);
    this.models.feature = growColumn(this.models.feature, capacity);
    this.models.line = growColumn(this.models.line, capacity);
    return row;
  }

  #newEntry(): number {
    const row = this.#entryCount++;
    if (row < this.entries.model.length) return row;
    const capacity = nextCapacity(row, row + 1);
    this.entries.identifier = growColumn(this.entries.identifier, capacity);
    this.entries.model = growColumn(this.entries.model, capacity);
    this.entries.position = growColumn(this.entries.position, capacity);
    this.entries.next = growColumn(this.entries.next, capacity);
    return row;
  }
}

function countNamed({ models }: InfModels): number {
  const named = new Set<string>();
  for (const { identifiers } of models) {
    for (const identifier of identifiers) if (identifier !== '') named.add(identifier.toUpperCase());
  }
  return named.size;
}

function emptyModels(): ModelColumns {
  return {
    section: new Uint32Array(64),
    description: new Uint32Array(64),
    install: new Uint32Array(64),
    feature: new Uint8Array(64),
    line: new Uint32Array(64),
  };
}

function emptyEntries(): EntryColumns {
  return {
    identifier: new Uint32Array(64),
    model: new Uint32Array(64),
    position: new Uint16Array(64),
    next: new Uint32Array(64),
  };
}
