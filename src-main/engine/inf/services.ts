import { expandDirid } from './dirids';
import type { AddDirective } from './installDirectives';
import { type InfRemarks, shown } from './remarks';
import type { InfSection, InfSections } from './sections';

/** A service that an INF installs. Source: MicrosoftDocs, inf-addservice-directive. */
export interface InfService {
  readonly name: string;
  /** 0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled; absent where the INF does not say. */
  readonly startType?: number;
  /** 1 kernel driver, 2 file system driver, 0x10 and 0x20 programs; absent where the INF does not say. */
  readonly serviceType?: number;
  readonly errorControl?: number;
  readonly loadOrderGroup: string;
  /** Path of its file, with Windows' variables: '%SystemRoot%\\System32\\drivers\\a.sys', '<driver store>\\a.sys'. */
  readonly binary: string;
  /** The boot loader starts it: what it serves is needed to start Windows. */
  readonly bootCritical: boolean;
  /** It is the device's own driver, and not a filter or a helper. */
  readonly associated: boolean;
  readonly line: number;
}

/** SPSVCINST_ASSOCSERVICE */
const ASSOCIATED = 2;

/** @returns undefined for `AddService=,2`, which says that a device has no driver */
export function readService(
  sections: InfSections,
  { name, flags, section: from, line }: AddDirective,
  remarks: InfRemarks,
): InfService | undefined {
  if (name === '') return undefined;
  const section = sections.get(from);
  if (section === undefined && from !== '')
    remarks.incomplete(`the service ${shown(name)} names [${shown(from)}], which is not there`, line);
  const facts = section === undefined ? noFacts : factsOf(section, name, remarks);
  return {
    name,
    ...facts,
    bootCritical: facts.startType === 0,
    associated: (flags & ASSOCIATED) !== 0,
    line,
  };
}

type ServiceFacts = Pick<
  InfService,
  'startType' | 'serviceType' | 'errorControl' | 'loadOrderGroup' | 'binary'
>;

const noFacts: ServiceFacts = { loadOrderGroup: '', binary: '' };

/** Read once for a section: many install sections share it. */
const known = new WeakMap<InfSection, ServiceFacts>();

function factsOf(section: InfSection, name: string, remarks: InfRemarks): ServiceFacts {
  let facts = known.get(section);
  if (facts === undefined) known.set(section, (facts = readFacts(section, name, remarks)));
  return facts;
}

function readFacts(section: InfSection, name: string, remarks: InfRemarks): ServiceFacts {
  const numbers: { startType?: number; serviceType?: number; errorControl?: number } = {};
  let loadOrderGroup = '';
  let binary = '';
  const seen = new Set<string>();
  for (const entry of section.entries) {
    const key = entry.key.toLowerCase();
    if (seen.has(key)) continue;
    seen.add(key);
    const [value] = entry.values;
    if (key === 'servicebinary') binary = expandDirid(value);
    else if (key === 'loadordergroup') loadOrderGroup = value;
    else if (key === 'starttype' || key === 'servicetype' || key === 'errorcontrol') {
      const number = /^(?:0x[0-9a-f]{1,8}|[0-9]{1,9})$/i.test(value) ? Number(value) : undefined;
      if (number === undefined)
        remarks.warning(
          `${shown(entry.key)} ${shown(value)} of the service ${shown(name)} is no number`,
          entry.line,
        );
      else if (key === 'starttype') numbers.startType = number;
      else if (key === 'servicetype') numbers.serviceType = number;
      else numbers.errorControl = number;
    }
  }
  if (!seen.has('starttype')) remarks.incomplete(`the service ${shown(name)} has no StartType`, section.line);
  if (binary === '') remarks.incomplete(`the service ${shown(name)} has no ServiceBinary`, section.line);
  return { ...numbers, loadOrderGroup, binary };
}
