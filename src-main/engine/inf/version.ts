import type { DriverKind } from '../../../src-shared/model/drivers';
import { isGuid } from '../binary/guid';
import { parseDecoration } from './decoration';
import type { InfCatalog, InfFile } from './infFile';
import { type InfRemarks, shown } from './remarks';
import { safeInfPath } from './safeInfPath';
import { type InfEntry, type InfSections, valueOf } from './sections';

/** Setup classes that make an INF something else than one of devices: MicrosoftDocs, using-an-extension-inf-file, -component-. */
export const EXTENSION_CLASS = '{e2f84ce7-8efa-411c-aa69-97454ca4cb57}';
export const COMPONENT_CLASS = '{5c4c3332-344d-483c-8739-259e934c9cc8}';

export type InfVersion = Pick<
  InfFile,
  'provider' | 'className' | 'classGuid' | 'date' | 'version' | 'catalogs' | 'pnpLockdown' | 'extensionId'
>;

const signatures: ReadonlySet<string> = new Set(['$windows nt$', '$chicago$', '$windows 95$']);

/** Reads [Version]. */
export function readVersion(sections: InfSections, remarks: InfRemarks): InfVersion {
  const section = sections.get('Version');
  if (section === undefined) remarks.error('it has no [Version] section: it is no INF of a driver');
  const signature = valueOf(section, 'Signature');
  if (section !== undefined && signature === undefined)
    remarks.error('[Version] has no Signature', section.line);
  else if (signature !== undefined && !signatures.has(signature.text.toLowerCase()))
    remarks.error(`the Signature ${shown(signature.text)} is not $Windows NT$ or $Chicago$`, signature.line);
  const className = valueOf(section, 'Class')?.text ?? '';
  const classGuid = readGuid(valueOf(section, 'ClassGuid'), 'ClassGuid', remarks);
  const extensionId = readGuid(valueOf(section, 'ExtensionId'), 'ExtensionId', remarks);
  const provider = valueOf(section, 'Provider');
  if (section !== undefined && (provider === undefined || provider.text === ''))
    remarks.incomplete('[Version] has no Provider', provider?.line ?? section.line);
  const driverVer = section?.entries.find(({ key }) => key.toLowerCase() === 'driverver');
  if (section !== undefined && driverVer === undefined)
    remarks.incomplete('[Version] has no DriverVer', section.line);
  const isExtension = className.toLowerCase() === 'extension' || classGuid === EXTENSION_CLASS;
  if (isExtension && extensionId === '')
    remarks.error('it is an extension, and has no ExtensionId', section?.line);
  return {
    provider: provider?.text ?? '',
    className,
    classGuid,
    ...(driverVer === undefined ? { date: '', version: '' } : readDriverVer(driverVer, remarks)),
    catalogs: readCatalogs(section?.entries ?? [], remarks),
    pnpLockdown: Number(valueOf(section, 'PnpLockdown')?.text ?? 0) === 1,
    ...(isExtension && extensionId !== '' ? { extensionId } : {}),
  };
}

function readGuid(
  value: { readonly text: string; readonly line: number } | undefined,
  what: string,
  remarks: InfRemarks,
): string {
  if (value === undefined || value.text === '') return '';
  const text = value.text.toLowerCase();
  if (text.startsWith('{') && text.endsWith('}') && isGuid(text.slice(1, -1))) return text;
  remarks.error(`the ${what} ${shown(value.text)} is no GUID in braces`, value.line);
  return '';
}

function readCatalogs(entries: readonly InfEntry[], remarks: InfRemarks): InfCatalog[] {
  const catalogs: InfCatalog[] = [];
  for (const { key, values, line } of entries) {
    const [directive, ...rest] = key.toLowerCase().split('.');
    if (directive !== 'catalogfile' || values[0] === '') continue;
    const name = safeInfPath(values[0]);
    if (name === undefined || name.includes('/')) {
      remarks.add('error', 'unsafe-name', `the catalog ${shown(values[0])} is no file beside the INF`, line);
      continue;
    }
    const decoration = rest.length === 0 ? undefined : parseDecoration(rest.join('.'));
    if (rest.length > 0 && decoration === undefined) {
      remarks.warning(`${shown(key)} names no architecture`, line);
      continue;
    }
    const architecture = decoration?.architecture;
    if (catalogs.some((one) => one.architecture === architecture)) {
      // 'CatalogFile.nt' beside 'CatalogFile' is another one; of two of the same, Windows takes the first.
      if (decoration === undefined || architecture !== undefined) continue;
    }
    catalogs.push({ ...(architecture === undefined ? {} : { architecture }), name, line });
  }
  return catalogs;
}

/** What a DriverVer directive says; '' for what it does not, or says badly. */
export interface DriverVer {
  /** 'YYYY-MM-DD' */
  readonly date: string;
  /** '1.2.3.4' */
  readonly version: string;
}

/**
 * Reads 'mm/dd/yyyy,w.x.y.z'. Windows takes days and months of one digit and '-' for '/', too. A bad date counts as
 * none, as Windows has it.
 */
export function readDriverVer({ values, line }: InfEntry, remarks: InfRemarks): DriverVer {
  const date = readDate(values[0]);
  if (date === '' && values[0] !== '')
    remarks.warning(`the DriverVer date ${shown(values[0])} is no date in the form mm/dd/yyyy`, line);
  const text = values[1] ?? '';
  const version = readVersionNumber(text);
  if (version === '' && text !== '')
    remarks.warning(`the DriverVer version ${shown(text)} is no version in the form w.x.y.z`, line);
  return { date, version };
}

function readDate(text: string): string {
  const parts = /^([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})$/.exec(text);
  if (parts === null) return '';
  const [month, day, year] = parts.slice(1).map(Number);
  const february = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  const days = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (month < 1 || month > 12 || day < 1 || day > days[month - 1]) return '';
  return `${parts[3]}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function readVersionNumber(text: string): string {
  if (!/^[0-9]{1,10}(?:\.[0-9]{1,10}){0,3}$/.test(text)) return '';
  const parts = text.split('.').map(Number);
  if (parts.some((part) => part > 0xffff)) return '';
  while (parts.length < 4) parts.push(0);
  return parts.join('.');
}

/** What an INF is for. */
export function kindOf(sections: InfSections, version: InfVersion, hasDevices: boolean): DriverKind {
  const className = version.className.toLowerCase();
  if (className === 'extension' || version.classGuid === EXTENSION_CLASS) return 'extension';
  if (className === 'softwarecomponent' || version.classGuid === COMPONENT_CLASS) return 'component';
  if (hasDevices) return 'device';
  const classes = /^(?:classinstall32|interfaceinstall32)(?:\.nt[0-9a-z]*)?$/i;
  return sections.names.some((name) => classes.test(name)) ? 'class' : 'setup';
}
