import type { WindowsTarget } from '../../../src-shared/model/drivers';
import { type CopyList, destinationOf, readCopyList } from './copyFiles';
import { compareDecorations, isFor } from './decoration';
import { directivesOf, type InstallDirectives } from './installDirectives';
import type { InfFile, InfRemark } from './infFile';
import { InfRemarks } from './remarks';
import { type InfSections } from './sections';
import { type InfService, readService } from './services';
import type { DriverVer } from './version';

/** A software component that an INF adds. */
export interface InfComponent {
  readonly name: string;
  /** Identifiers of its device, as Windows makes them: 'SWC\\VID0001&PID0001'. */
  readonly identifiers: readonly string[];
  readonly line: number;
}

/** What an install section does, with the sections that it needs. */
export interface InfInstall {
  /** The section that Windows takes, as the INF spells it. */
  readonly section: string;
  readonly line: number;
  readonly services: readonly InfService[];
  readonly components: readonly InfComponent[];
  readonly copyFiles: readonly CopyList[];
  /** Sections of registry values. */
  readonly addReg: readonly string[];
  /** Other INFs that sections are taken from. */
  readonly include: readonly string[];
  /** Sections that are needed and not in this INF. */
  readonly needs: readonly string[];
  /** 0 to 255; 255 where the INF does not say. */
  readonly featureScore: number;
  /** Where the section has its own, which counts in place of that of [Version]. */
  readonly driverVer?: DriverVer;
  readonly remarks: readonly InfRemark[];
}

/** Score of a section that gives none: MicrosoftDocs, inf-featurescore-directive. */
export const DEFAULT_FEATURE_SCORE = 0xff;

/** Sections beside an install section that hold more of what it does. */
const suffixes = [
  '',
  '.Services',
  '.Components',
  '.HW',
  '.CoInstallers',
  '.Interfaces',
  '.Filters',
  '.Software',
  '.Wmi',
];

/** Sections that one install section may need, over any number of others. */
const MOST_NEEDED = 128;

/**
 * The section that Windows takes for an install section: with its own architecture's decoration, else '.nt', else the
 * undecorated one. Source: MicrosoftDocs, creating-inf-files-for-multiple-platforms-and-operating-systems. Decorations
 * with a version are taken as those of models.
 */
export function chooseSection(
  sections: InfSections,
  name: string,
  target: WindowsTarget,
): string | undefined {
  const fitting = sections.decorated(name).filter(({ decoration }) => isFor(decoration, target));
  const own = fitting.filter(({ decoration }) => decoration.architecture !== undefined);
  const candidates = own.length > 0 ? own : fitting;
  if (candidates.length === 0) return sections.has(name) ? name : undefined;
  return candidates.reduce((best, one) =>
    compareDecorations(one.decoration, best.decoration) < 0 ? one : best,
  ).name;
}

/**
 * What an INF does to install a device.
 * @param install name of the install section as a models section gives it, or 'DefaultInstall'
 * @returns undefined where the INF has no such section for this Windows
 */
export function installFor(inf: InfFile, install: string, target: WindowsTarget): InfInstall | undefined {
  const name = chooseSection(inf.sections, install, target);
  const section = name === undefined ? undefined : inf.sections.get(name);
  if (name === undefined || section === undefined) return undefined;
  const remarks = new InfRemarks();
  const services = new Map<string, InfService>();
  const components = new Map<string, InfComponent>();
  const copyFiles = new Map<string, CopyList>();
  const addReg = new Set<string>();
  const { found, include, needs } = neededSections(inf.sections, name, remarks);
  for (const { directives } of found) {
    for (const directive of directives.services) {
      const service = readService(inf.sections, directive, remarks);
      if (service !== undefined && !services.has(service.name.toLowerCase()))
        services.set(service.name.toLowerCase(), service);
    }
    for (const { name: component, section: from, line } of directives.components) {
      // Each has a name of its own.
      if (components.has(component.toLowerCase())) continue;
      const identifiers = componentIdentifiers(inf.sections, from);
      components.set(component.toLowerCase(), { name: component, identifiers, line });
    }
    for (const { list, line } of directives.copyFiles) {
      if (copyFiles.has(list.toLowerCase())) continue;
      const files = readCopyList(inf.sections, list, line, include.length > 0, remarks);
      if (files === undefined) continue;
      const destination = destinationOf(inf, list.startsWith('@') ? '' : list);
      copyFiles.set(list.toLowerCase(), { section: list, files, destination });
    }
    for (const one of directives.addReg) addReg.add(one);
  }
  const { featureScore, driverVer } = directivesOf(section, remarks);
  return {
    section: section.name,
    line: section.line,
    services: [...services.values()],
    components: [...components.values()],
    copyFiles: [...copyFiles.values()],
    addReg: [...addReg],
    include,
    needs,
    featureScore: featureScore ?? DEFAULT_FEATURE_SCORE,
    ...(driverVer === undefined ? {} : { driverVer }),
    remarks: remarks.list,
  };
}

interface NeededSections {
  readonly found: readonly { readonly name: string; readonly directives: InstallDirectives }[];
  readonly include: readonly string[];
  readonly needs: readonly string[];
}

/** An install section, those beside it, and all that they need, each once. */
function neededSections(sections: InfSections, name: string, remarks: InfRemarks): NeededSections {
  const found: { name: string; directives: InstallDirectives }[] = [];
  const include = new Set<string>();
  const needs = new Set<string>();
  const visited = new Set<string>();
  const queue = suffixes.map((suffix) => name + suffix).filter((one) => sections.has(one));
  for (const one of queue) visited.add(one.toLowerCase());
  for (let next = 0; next < queue.length; next++) {
    const section = sections.get(queue[next]);
    if (section === undefined) continue;
    const directives = directivesOf(section, remarks);
    found.push({ name: queue[next], directives });
    for (const file of directives.include) include.add(file);
    for (const { name: needed, line } of directives.needs) {
      const lower = needed.toLowerCase();
      if (visited.has(lower)) continue;
      visited.add(lower);
      if (!sections.has(needed)) {
        needs.add(needed);
        if (include.size === 0) remarks.incomplete(`Needs names [${needed}], which is not there`, line);
      } else if (queue.length < MOST_NEEDED) queue.push(needed);
      else {
        remarks.error(`[${name}] needs more than ${MOST_NEEDED} sections`, line);
        return { found, include: [...include], needs: [...needs] };
      }
    }
  }
  return { found, include: [...include], needs: [...needs] };
}

function componentIdentifiers(sections: InfSections, section: string): string[] {
  const entries = sections.get(section)?.entries ?? [];
  return entries
    .filter(({ key }) => key.toLowerCase() === 'componentids')
    .flatMap(({ values }) => values.filter((value) => value !== '').map((value) => `SWC\\${value}`));
}
