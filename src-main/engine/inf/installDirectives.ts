import { type InfRemarks, shown } from './remarks';
import type { InfEntry, InfSection } from './sections';
import { readDriverVer, type DriverVer } from './version';

/** An AddService or AddComponent directive. */
export interface AddDirective {
  readonly name: string;
  readonly flags: number;
  /** Section that describes what is added; '' where it names none. */
  readonly section: string;
  readonly line: number;
}

/** What an install section, or one beside it, says. */
export interface InstallDirectives {
  readonly services: readonly AddDirective[];
  readonly components: readonly AddDirective[];
  readonly copyFiles: readonly { readonly list: string; readonly line: number }[];
  readonly addReg: readonly string[];
  readonly include: readonly string[];
  readonly needs: readonly { readonly name: string; readonly line: number }[];
  readonly featureScore?: number;
  /** Of this section, in place of that of [Version]. */
  readonly driverVer?: DriverVer;
}

/** Read once for a section: many devices share it. */
const read = new WeakMap<InfSection, InstallDirectives>();

export function directivesOf(section: InfSection, remarks: InfRemarks): InstallDirectives {
  let directives = read.get(section);
  if (directives === undefined) read.set(section, (directives = readDirectives(section, remarks)));
  return directives;
}

function readDirectives(section: InfSection, remarks: InfRemarks): InstallDirectives {
  const services: AddDirective[] = [];
  const components: AddDirective[] = [];
  const copyFiles: { list: string; line: number }[] = [];
  const addReg: string[] = [];
  const include: string[] = [];
  const needs: { name: string; line: number }[] = [];
  let featureScore: number | undefined;
  let driverVer: DriverVer | undefined;
  for (const entry of section.entries) {
    const named = entry.values.filter((value) => value !== '');
    switch (entry.key.toLowerCase()) {
      case 'addservice':
        services.push(addDirective(entry));
        break;
      case 'addcomponent':
        components.push(addDirective(entry));
        break;
      case 'copyfiles':
        for (const list of named) copyFiles.push({ list, line: entry.line });
        break;
      case 'addreg':
        for (const one of named) addReg.push(one);
        break;
      case 'include':
        for (const one of named) include.push(one);
        break;
      case 'needs':
        for (const name of named) needs.push({ name, line: entry.line });
        break;
      case 'featurescore':
        featureScore = readFeatureScore(entry, remarks);
        break;
      case 'driverver':
        driverVer = readDriverVer(entry, remarks);
        break;
      default:
        break;
    }
  }
  return {
    services,
    components,
    copyFiles,
    addReg,
    include,
    needs,
    ...(featureScore === undefined ? {} : { featureScore }),
    ...(driverVer === undefined ? {} : { driverVer }),
  };
}

function addDirective({ values, line }: InfEntry): AddDirective {
  const flags = Number(values[1] ?? 0);
  return {
    name: values[0],
    flags: Number.isInteger(flags) ? flags : 0,
    section: values[2] ?? '',
    line,
  };
}

/** A byte in hexadecimal, with or without '0x': MicrosoftDocs, inf-featurescore-directive. */
function readFeatureScore({ values, line }: InfEntry, remarks: InfRemarks): number | undefined {
  const digits = /^(?:0x)?([0-9a-f]{1,8})$/i.exec(values[0])?.[1];
  const score = digits === undefined ? Number.NaN : Number.parseInt(digits, 16);
  if (score <= 0xff) return score;
  remarks.warning(`the FeatureScore ${shown(values[0])} is not between 0x00 and 0xFF`, line);
  return undefined;
}
