import type { PackageRow } from '../../../src-shared/contract/drivers';

/** By what packages are put into groups. */
export const groupings = ['none', 'vendor', 'class', 'architecture'] as const;
export type Grouping = (typeof groupings)[number];
export type GroupingKey = Exclude<Grouping, 'none'>;
export const groupingKeys = ['vendor', 'class', 'architecture'] as const satisfies readonly GroupingKey[];

/** `current`: neither a copy nor older than another one. */
export const packageStates = ['duplicate', 'superseded', 'current', 'faulty'] as const;
export type PackageState = (typeof packageStates)[number];

export interface PackageFilter {
  /** Words that name, vendor, class, version or place contain; all of them. */
  readonly text: string;
  /** Names of groups; null: any. */
  readonly vendor: string | null;
  readonly class: string | null;
  readonly architecture: string | null;
  readonly state: PackageState | 'any';
}

export const noPackageFilter: PackageFilter = {
  text: '',
  vendor: null,
  class: null,
  architecture: null,
  state: 'any',
};

/** Packages of one vendor, one class or one architecture. */
export interface PackageGroup {
  /** '' where the packages do not tell. */
  readonly name: string;
  readonly count: number;
  readonly bytes: number;
}

/** The packages that a filter leaves, in their order. */
export function filterPackages(packages: readonly PackageRow[], filter: PackageFilter): PackageRow[] {
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return packages.filter(
    (found) =>
      groupingKeys.every((key) => filter[key] === null || groupNames(found, key).includes(filter[key])) &&
      (filter.state === 'any' || isOfState(found, filter.state)) &&
      words.every((word) => searchText(found).includes(word)),
  );
}

/**
 * The groups of packages, by name; what names no vendor or class comes last. A package for two architectures is in both
 * groups.
 */
export function groupPackages(packages: readonly PackageRow[], by: GroupingKey): PackageGroup[] {
  const groups = new Map<string, PackageGroup>();
  for (const found of packages) {
    for (const name of groupNames(found, by)) {
      const { count, bytes } = groups.get(name) ?? { count: 0, bytes: 0 };
      groups.set(name, { name, count: count + 1, bytes: bytes + found.bytes });
    }
  }
  return [...groups.values()].sort((a, b) =>
    a.name === '' || b.name === '' ? b.name.length - a.name.length : a.name.localeCompare(b.name),
  );
}

export function isOfState({ duplicate, superseded, errors }: PackageRow, state: PackageState): boolean {
  switch (state) {
    case 'duplicate':
      return duplicate;
    case 'superseded':
      return superseded;
    case 'current':
      return !duplicate && !superseded;
    case 'faulty':
      return errors > 0;
  }
}

function groupNames({ provider, className, architectures }: PackageRow, by: GroupingKey): readonly string[] {
  switch (by) {
    case 'vendor':
      return [provider.trim()];
    case 'class':
      return [className.trim()];
    case 'architecture':
      return architectures.length === 0 ? [''] : architectures;
  }
}

const texts = new WeakMap<PackageRow, string>();

function searchText(found: PackageRow): string {
  let text = texts.get(found);
  if (text === undefined) {
    const { name, provider, className, version, inf } = found;
    // A line end between them: no word spans two of them.
    text = [name, provider, className, version, inf].join('\n').toLowerCase();
    texts.set(found, text);
  }
  return text;
}
