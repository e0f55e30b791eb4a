import { toHex } from '../binary/hex';
import type { DriverPackage } from '../../../src-shared/model/drivers';
import type { Crypto } from '../os';
import { directivesOf } from './installDirectives';
import type { InfFile } from './infFile';
import { shown } from './remarks';
import { readService } from './services';

/** An INF's part of a package: everything but what its files and its signature tell. */
export type InfSummary = Omit<DriverPackage, 'files' | 'bytes' | 'signature'>;

/**
 * What an INF says of its package. Services are those of every architecture; remarks are all that the INF has by now,
 * so that those of namedFiles are among them when it was asked before.
 * @param bytes of the INF
 * @param place where it lies; see {@link DriverPackage.inf}
 */
export function summarizeInf(
  inf: InfFile,
  bytes: Uint8Array,
  place: string,
  crypto: Pick<Crypto, 'digest'>,
): InfSummary {
  const infSha256 = toHex(crypto.digest('sha256', bytes));
  const identifiers = new Set<string>();
  const manufacturers = new Set<string>();
  const installs = new Map<string, { install: string; line: number }>();
  let models = 0;
  const counted = new Set<InfFile['models'][number]['models']>();
  for (const section of inf.models) {
    if (section.models.length > 0) manufacturers.add(section.manufacturer);
    if (counted.has(section.models)) continue;
    counted.add(section.models);
    models += section.models.length;
    for (const { install, identifiers: own, line } of section.models) {
      const key = install.toLowerCase();
      if (!installs.has(key)) installs.set(key, { install, line });
      for (const identifier of own) identifiers.add(identifier.toLowerCase());
    }
  }
  if (models === 0) installs.set('defaultinstall', { install: 'DefaultInstall', line: 0 });
  const services = readServices(inf, installs.values());
  return {
    id: infSha256.slice(0, 16),
    name: place.slice(
      Math.max(place.lastIndexOf('/'), place.lastIndexOf('\\'), place.lastIndexOf('> ') + 1) + 1,
    ),
    inf: place,
    infSha256,
    provider: inf.provider,
    manufacturers: [...manufacturers],
    className: inf.className,
    classGuid: inf.classGuid,
    kind: inf.kind,
    date: inf.date,
    version: inf.version,
    architectures: inf.architectures,
    models,
    identifiers: identifiers.size,
    bootCritical: services.bootCritical,
    services: services.names,
    remarks: inf.remarks.map(({ severity, code, line, problem }) => ({
      severity,
      code,
      file: place,
      ...(line === undefined ? {} : { line }),
      problem,
    })),
  };
}

/** Services of all variants of install sections and of what they need. Each section is read once. */
function readServices(
  inf: InfFile,
  installs: Iterable<{ readonly install: string; readonly line: number }>,
): { names: string[]; bootCritical: boolean } {
  const { sections, collector: remarks } = inf;
  const names = new Map<string, string>();
  const visited = new Set<string>();
  const queue: string[] = [];
  const visit = (name: string): boolean => {
    const key = name.toLowerCase();
    if (visited.has(key)) return true;
    if (!sections.has(name)) return false;
    visited.add(key);
    queue.push(name);
    return true;
  };
  for (const { install, line } of installs) {
    let there = false;
    for (const name of [install, ...sections.decorated(install).map((one) => one.name)]) {
      there = visit(name) || there;
      visit(`${name}.Services`);
    }
    if (!there && line > 0) remarks.incomplete(`the install section [${shown(install)}] is not there`, line);
  }
  let bootCritical = false;
  for (let next = 0; next < queue.length; next++) {
    const section = sections.get(queue[next]);
    if (section === undefined) continue;
    const directives = directivesOf(section, remarks);
    for (const { name } of directives.needs) visit(name);
    for (const directive of directives.services) {
      const service = readService(sections, directive, remarks);
      if (service === undefined) continue;
      const key = service.name.toLowerCase();
      if (!names.has(key)) names.set(key, service.name);
      bootCritical ||= service.bootCritical;
    }
  }
  return { names: [...names.values()], bootCritical };
}
