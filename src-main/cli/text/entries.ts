import type { EntryDetails, StreamDetails } from '../../../src-shared/model/summaries';
import { renderStreamResource } from './resources';
import { timeText } from './time';

const ATTRIBUTE_REPARSE_POINT = 0x400;
const ATTRIBUTE_ENCRYPTED = 0x4000;

/** File attributes by name, [MS-FSCC] 2.6, in the order of their bits. */
const attributeNames: readonly (readonly [flag: number, name: string])[] = [
  [0x00000001, 'READONLY'],
  [0x00000002, 'HIDDEN'],
  [0x00000004, 'SYSTEM'],
  [0x00000010, 'DIRECTORY'],
  [0x00000020, 'ARCHIVE'],
  [0x00000040, 'DEVICE'],
  [0x00000080, 'NORMAL'],
  [0x00000100, 'TEMPORARY'],
  [0x00000200, 'SPARSE_FILE'],
  [ATTRIBUTE_REPARSE_POINT, 'REPARSE_POINT'],
  [0x00000800, 'COMPRESSED'],
  [0x00001000, 'OFFLINE'],
  [0x00002000, 'NOT_CONTENT_INDEXED'],
  [ATTRIBUTE_ENCRYPTED, 'ENCRYPTED'],
  [0x00010000, 'VIRTUAL'],
];

const objectIdParts = ['Object ID', 'Birth Volume ID', 'Birth Object ID', 'Domain ID'];

/** One block of `dir --detailed` in wimlib-imagex's fields and layout. */
export function renderEntry(entry: EntryDetails): string {
  const { unixData: unix } = entry;
  const attributes = hex32(entry.attributes);
  return [
    `${'-'.repeat(76)}\n`,
    row('Full Path', `"${entry.path}"`),
    row('Short Name', `"${entry.shortName}"`),
    row('Attributes', `0x${attributes.padStart(8, '0')}`),
    ...attributeNames
      .filter(([flag]) => (entry.attributes & flag) !== 0)
      .map(([, name]) => `    FILE_ATTRIBUTE_${name} is set\n`),
    entry.securityDescriptor === null ? '' : row('Security Descriptor', entry.securityDescriptor),
    row('Creation Time', timeText(entry.creationTime)),
    row('Last Write Time', timeText(entry.lastWriteTime)),
    row('Last Access Time', timeText(entry.lastAccessTime)),
    (entry.attributes & ATTRIBUTE_REPARSE_POINT) === 0
      ? ''
      : row('Reparse Tag', `0x${hex32(entry.reparseTag ?? 0)}`),
    row('Link Group ID', `0x${BigInt(entry.hardLinkGroup).toString(16).padStart(16, '0')}`),
    row('Link Count', String(entry.linkCount)),
    unix === null || unix.mode === 0
      ? ''
      : row(
          'UNIX Data',
          `uid:${unix.uid} gid:${unix.gid} mode:0${unix.mode.toString(8)} rdev:0x${hex32(unix.rdev)}`,
        ),
    entry.objectId === null ? '' : renderObjectId(entry.objectId),
    renderStreams(entry),
  ].join('');
}

/** The object ID and the three GUIDs that may follow it; zero ones are left out. */
function renderObjectId(objectId: string): string {
  return objectIdParts
    .map((name, i) => [name, objectId.slice(i * 32, i * 32 + 32)] as const)
    .filter(([, guid]) => /[^0]/.test(guid))
    .map(([name, guid]) => row(name, `0x${guid}`))
    .join('');
}

function renderStreams(entry: EntryDetails): string {
  const [kind, title] = defaultStream(entry.attributes);
  const first = entry.streams.find((stream) => stream.kind === kind) ?? null;
  const named = entry.streams.filter((stream) => stream.kind === 'named');
  return [
    `\t${title}:\n${renderStreamResource(first)}`,
    ...named.map((stream) => `\tNamed data stream "${stream.name}":\n${renderStreamResource(stream)}`),
  ].join('');
}

function defaultStream(attributes: number): readonly [kind: StreamDetails['kind'], title: string] {
  if ((attributes & ATTRIBUTE_ENCRYPTED) !== 0) return ['encrypted', 'Raw encrypted data stream'];
  if ((attributes & ATTRIBUTE_REPARSE_POINT) !== 0) return ['reparse', 'Reparse point stream'];
  return ['data', 'Unnamed data stream'];
}

function row(name: string, value: string): string {
  return `${name.padEnd(20)}= ${value}\n`;
}

function hex32(value: number): string {
  return (value >>> 0).toString(16);
}
