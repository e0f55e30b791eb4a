import { FormatError } from '../../../../src-shared/errors/appError';
import { AttributeType } from '../records/attribute';
import { SystemFile } from '../records/fileRecord';
import {
  NO_LOG_CLIENT,
  RESTART_CLEAN,
  RESTART_MAGIC,
  RestartArea,
  RestartPage,
  VolumeFlag,
  VolumeInformation,
} from '../records/volume';
import { textAt } from './attributes';
import { listDirectory } from './directory';
import { readContents, type ContentsSource } from './fileContents';
import { valueSource } from './valueBytes';

/** What $Volume says. */
export interface VolumeFacts {
  readonly label: string;
  /** '3.1' */
  readonly version: string;
  /** VolumeFlag bits. */
  readonly flags: number;
}

/** Reads $Volume. Where it is damaged, what it would say is empty, with a warning. */
export function readVolumeFacts(source: ContentsSource, warn: (text: string) => void): VolumeFacts {
  try {
    const attributes = readContents(source, SystemFile.VOLUME)?.attributes ?? [];
    const name = attributes.find(({ type }) => type === AttributeType.VOLUME_NAME)?.bytes;
    const information = attributes.find(({ type }) => type === AttributeType.VOLUME_INFORMATION)?.bytes;
    const label = name === undefined ? '' : textAt(viewOf(name), 0, name.length >> 1);
    if (information === undefined) {
      warn('$Volume does not tell its version and state.');
      return { label, version: '', flags: 0 };
    }
    const { majorVersion, minorVersion, flags } = VolumeInformation.parse(information);
    return { label, version: `${majorVersion}.${minorVersion}`, flags };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    warn(`$Volume cannot be read (${error.message}).`);
    return { label: '', version: '', flags: 0 };
  }
}

/** What of a volume's state a person should know before it is read. */
export interface VolumeState {
  /** Marked to be checked. */
  readonly isDirty: boolean;
  /** Windows is asleep on it: what it has in memory is not on the volume. */
  readonly isHibernated: boolean;
  /** $LogFile was not closed. */
  readonly isLogOpen: boolean;
}

export function readState(source: ContentsSource, flags: number, warn: (text: string) => void): VolumeState {
  const isDirty = (flags & VolumeFlag.DIRTY) !== 0;
  if (isDirty)
    warn('The volume is marked dirty: Windows would check it first. What is read may not be whole.');
  const isHibernated = tell('hiberfil.sys', warn, () => hibernated(source)) ?? false;
  if (isHibernated) {
    warn(
      'Windows is hibernated on this volume: what it holds in memory is not there. Shut Windows down whole first.',
    );
  }
  const isLogOpen = tell('$LogFile', warn, () => logIsOpen(source)) ?? false;
  if (isLogOpen && !isHibernated) {
    warn('$LogFile was not closed: the volume was not dismounted, and its last changes may not be there.');
  }
  return { isDirty, isHibernated, isLogOpen };
}

function tell(what: string, warn: (text: string) => void, ask: () => boolean): boolean | undefined {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    warn(`${what} cannot be read (${error.message}).`);
    return undefined;
  }
}

/** Windows sleeps, or began to wake and did not finish. 'wake' stays there after it woke, and tells nothing. */
const SLEEPING = new Set(['hibr', 'HIBR', 'rstr', 'RSTR']);

function hibernated(source: ContentsSource): boolean {
  let record: number | undefined;
  for (const item of listDirectory(source, SystemFile.ROOT))
    if (item.name.toLowerCase() === 'hiberfil.sys') record = item.record;
  if (record === undefined) return false;
  const data = readContents(source, record)?.attributes.find(
    ({ type, name }) => type === AttributeType.DATA && name === '',
  );
  if (data === undefined || data.size < 4) return false;
  const start = new Uint8Array(4);
  valueSource(source, data).read(0, start);
  return SLEEPING.has(String.fromCharCode(...start));
}

/** Restart pages begin the file; the second is the copy. */
const PAGE = 4096;

function logIsOpen(source: ContentsSource): boolean {
  const data = readContents(source, SystemFile.LOG_FILE)?.attributes.find(
    ({ type, name }) => type === AttributeType.DATA && name === '',
  );
  if (data === undefined || data.size < 2 * PAGE) return false;
  const page = new Uint8Array(PAGE);
  const log = valueSource(source, data);
  let newest: { lsn: bigint; isOpen: boolean } | undefined;
  for (const start of [0, PAGE]) {
    log.read(start, page);
    const header = RestartPage.parse(page);
    // A log that was emptied is filled with ff.
    if (header.magic !== RESTART_MAGIC || header.restartAreaOffset + RestartArea.size > 510) continue;
    const area = RestartArea.parse(page.subarray(header.restartAreaOffset));
    const isOpen = area.firstClientInUse !== NO_LOG_CLIENT && (area.flags & RESTART_CLEAN) === 0;
    if (newest === undefined || area.currentLsn > newest.lsn) newest = { lsn: area.currentLsn, isOpen };
  }
  return newest?.isOpen ?? false;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
