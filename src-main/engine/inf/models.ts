import type { DriverArchitecture, WindowsTarget } from '../../../src-shared/model/drivers';
import { compareDecorations, isFor, parseDecoration } from './decoration';
import type { InfFile } from './infFile';
import type { InfModel, InfModels } from './infModel';
import { type InfRemarks, shown } from './remarks';
import type { InfSections } from './sections';

/** Lines of models that count, of all manufacturers; the largest known INFs have some ten thousand. */
const MOST_MODELS = 1_000_000;

/** A models section with the line of [Manufacturer] that lists it: of those of one line, Windows takes one. */
export interface ListedModels extends InfModels {
  readonly entry: number;
}

/**
 * Reads [Manufacturer] and the models sections that it lists, in its order. A section that is listed and not there
 * counts as an empty one: Windows finds no devices in it.
 */
export function readModels(sections: InfSections, remarks: InfRemarks): ListedModels[] {
  const listed: ListedModels[] = [];
  const read = new Map<string, readonly InfModel[]>();
  let count = 0;
  for (const { key, values, line } of sections.get('Manufacturer')?.entries ?? []) {
    const base = values[0];
    if (base === '') continue;
    const seen = new Set<string>();
    const add = (name: string, decoration?: string): void => {
      const lower = name.toLowerCase();
      if (seen.has(lower)) return;
      seen.add(lower);
      const parsed = decoration === undefined ? undefined : parseDecoration(decoration);
      if (decoration !== undefined && parsed === undefined) {
        remarks.warning(`${shown(decoration)} is no decoration of a models section`, line);
        return;
      }
      const section = sections.get(name);
      if (section === undefined)
        remarks.incomplete(`[Manufacturer] names [${shown(name)}], which is not there`, line);
      let models = read.get(lower);
      if (models === undefined) read.set(lower, (models = readSection(sections, name, remarks)));
      if (count <= MOST_MODELS && count + models.length > MOST_MODELS)
        remarks.error(`it has more than ${MOST_MODELS} lines of models; the rest is left out`, line);
      count += models.length;
      if (count > MOST_MODELS) models = [];
      listed.push({
        manufacturer: key === '' ? base : key,
        section: section?.name ?? name,
        ...(parsed === undefined ? {} : { decoration: parsed }),
        models,
        line: section?.line ?? line,
        entry: line,
      });
    };
    const decorations = values.slice(1).filter((value) => value !== '');
    if (decorations.length === 0 || sections.has(base)) add(base);
    for (const decoration of decorations) add(`${base}.${decoration}`, decoration);
  }
  return listed;
}

function readSection(sections: InfSections, name: string, remarks: InfRemarks): InfModel[] {
  const models: InfModel[] = [];
  for (const { key, values, line } of sections.get(name)?.entries ?? []) {
    if (key === '') {
      remarks.warning(`a line of [${shown(name)}] has no '='`, line);
      continue;
    }
    const [install, ...rest] = values;
    const identifiers = rest.filter((identifier) => identifier !== '');
    if (install === '') {
      remarks.warning(`a line of [${shown(name)}] names no install section`, line);
      continue;
    }
    if (identifiers.length === 0)
      remarks.note(`${shown(key)} has no identifier, so that no device can be found for it`, line);
    models.push({ description: key, install, identifiers, line });
  }
  return models;
}

/** Architectures that have models, in the order of the INF. Windows takes undecorated ones for x86 only. */
export function architecturesOf(models: readonly InfModels[]): DriverArchitecture[] {
  const found = new Set<DriverArchitecture>();
  for (const { decoration, models: lines } of models)
    if (lines.length > 0) found.add(decoration?.architecture ?? 'x86');
  return [...found];
}

/**
 * The models sections that a Windows takes: of each line of [Manufacturer] at most one, that of the best decoration.
 * For a Windows that is not x86 only decorations with its architecture count (since Windows Server 2003 SP1).
 * Sources: MicrosoftDocs, inf-manufacturer-section and combining-platform-extensions-with-operating-system-versions.
 */
export function modelsFor(inf: Pick<InfFile, 'models'>, target: WindowsTarget): readonly InfModels[] {
  const best = new Map<number, InfModels>();
  for (const models of inf.models) {
    const { decoration } = models;
    if ((decoration?.architecture ?? 'x86') !== target.architecture) continue;
    if (decoration !== undefined && !isFor(decoration, target)) continue;
    const entry = 'entry' in models ? (models as ListedModels).entry : models.line;
    const before = best.get(entry);
    if (before === undefined || isBetter(models, before)) best.set(entry, models);
  }
  return [...best.values()];
}

function isBetter(a: InfModels, b: InfModels): boolean {
  if (a.decoration === undefined) return false;
  return b.decoration === undefined || compareDecorations(a.decoration, b.decoration) < 0;
}
