import type { DriverArchitecture } from '../../../src-shared/model/drivers';
import { FormatError } from '../../../src-shared/errors/appError';
import { decodeInf } from './decodeInf';
import { isArchitecture } from './decoration';
import type { InfFile } from './infFile';
import { architecturesOf, readModels } from './models';
import { InfRemarks } from './remarks';
import { scanSections } from './scanSections';
import { createSections, type InfSections } from './sections';
import { kindOf, readVersion } from './version';

/** Largest INF that is read: the largest known ones have some 5 MiB. Bytes. */
export const LARGEST_INF = 1 << 25;

/** Of so many characters so many zeroes tell that it is no text; a few count as blanks, as in Windows. */
const PROBE = 4096;
const MOST_ZEROES = 64;

export interface ParseInfOptions {
  /** LANGID whose strings come first: 0x0407. Absent: those of [Strings]. */
  readonly language?: number;
}

/**
 * Reads an INF. What Windows accepts is accepted; what is wrong is told by {@link InfFile.remarks}, which also get what
 * is found when further sections are read.
 * @param label what messages call it
 * @throws FormatError `inf/malformed` for what is no text, or is larger than {@link LARGEST_INF}
 */
export function parseInf(bytes: Uint8Array, label: string, options: ParseInfOptions = {}): InfFile {
  if (bytes.length > LARGEST_INF)
    throw malformed(`it has ${bytes.length} bytes; an INF has at most ${LARGEST_INF}`);
  const remarks = new InfRemarks();
  const decoded = decodeInf(bytes, remarks);
  const text = asWindowsReads(decoded.text);
  const scanned = scanSections(text, remarks);
  const { sections, strings } = createSections(text, scanned, remarks, options.language);
  const version = readVersion(sections, remarks);
  const models = readModels(sections, remarks);
  const kind = kindOf(
    sections,
    version,
    models.some((one) => one.models.length > 0),
  );
  if (
    models.length === 0 &&
    kind === 'setup' &&
    sections.has('Version') &&
    defaultInstalls(sections).length === 0
  )
    remarks.incomplete('it names no devices and installs nothing');
  return {
    label,
    encoding: decoded.encoding,
    sections,
    strings,
    ...version,
    kind,
    models,
    architectures: models.length > 0 ? architecturesOf(models) : architecturesOfSetup(sections),
    remarks: remarks.list,
    collector: remarks,
  };
}

function asWindowsReads(decoded: string): string {
  let text = decoded;
  if (text.includes('\0')) {
    if (text.slice(0, PROBE).split('\0').length > MOST_ZEROES) throw malformed('it is no text');
    text = text.replaceAll('\0', ' ');
  }
  // The end of a file of DOS.
  const end = text.indexOf('\x1a');
  if (end >= 0) text = text.slice(0, end);
  // A return without a linefeed is a blank, unless the file has no linefeeds.
  return text.includes('\n') ? text : text.replaceAll('\r', '\n');
}

function malformed(problem: string): FormatError {
  return new FormatError({ structure: 'INF', offset: 0, problem }, 'inf/malformed');
}

/** Decorations of the [DefaultInstall] sections, '' for an undecorated one. */
function defaultInstalls(sections: InfSections): string[] {
  const found: string[] = [];
  for (const name of sections.names) {
    const match = /^defaultinstall(?:\.nt([a-z0-9]*))?$/i.exec(name);
    if (match !== null) found.push((match[1] ?? '').toLowerCase());
  }
  return found;
}

/** An undecorated [DefaultInstall] is for all: such INFs have no binaries of an architecture. */
function architecturesOfSetup(sections: InfSections): DriverArchitecture[] {
  const found = defaultInstalls(sections);
  if (found.includes('')) return ['x86', 'amd64', 'arm64'];
  return [...new Set(found.filter(isArchitecture))];
}
