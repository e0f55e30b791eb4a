import type { Hive } from '../registry/hive';
import { openHive } from '../registry/openHive';
import { dwordOf } from '../registry/registryValues';
import type { OfflineEdit, OfflineEntry, OfflineTree } from './offlineTree';

/** The hives of an offline Windows that drivers are about. */
export type OfflineHiveName = 'SYSTEM' | 'SOFTWARE' | 'DRIVERS';

/** Twice what a SOFTWARE hive grows to. Bytes. */
const MOST_HIVE_BYTES = 512 * 1024 * 1024;
/** Logs are smaller than their hive: Windows writes out long before. */
const MOST_LOG_BYTES = 128 * 1024 * 1024;

/** A hive of an offline Windows, with the files that it is made of. */
export interface OfflineHive {
  readonly name: OfflineHiveName;
  /** As the image spells it. */
  readonly path: string;
  readonly hive: Hive;
  /** Its logs that are there and hold anything. */
  readonly logs: readonly string[];
  /** What is to be told: that it was recovered or is dirty, and what is damaged, as far as it was read. */
  warnings(): readonly string[];
}

/**
 * Opens a hive in \Windows\System32\config; one that was not written whole is brought up to date from its logs first.
 * Without logs that fit it can be read, and a change of it throws `registry/dirty`.
 * @returns undefined where there is none
 * @throws FormatError `registry/malformed`, AppError `registry/not-a-hive`, `offline/too-large`
 */
export function openOfflineHive(
  tree: OfflineTree,
  systemRoot: string,
  name: OfflineHiveName,
  now?: () => bigint,
): OfflineHive | undefined {
  const folder = `${systemRoot}/System32/config`;
  const entry = tree.find(`${folder}/${name}`);
  if (entry?.kind !== 'file') return undefined;
  const logs = ['LOG', 'LOG1', 'LOG2']
    .map((extension) => tree.find(`${folder}/${name}.${extension}`))
    .filter((log): log is OfflineEntry => log?.kind === 'file' && log.size > 0);
  const label = `${tree.label}: ${entry.path}`;
  const hive = openHive(tree.read(entry.path, MOST_HIVE_BYTES), {
    label,
    logs: logs.map((log) => tree.read(log.path, MOST_LOG_BYTES)),
    ...(now === undefined ? {} : { now }),
  });
  return {
    name,
    path: entry.path,
    hive,
    logs: logs.map((log) => log.path),
    warnings: () => hive.warnings,
  };
}

/**
 * The changes that put an edited hive into the image; none where nothing was changed.
 *
 * Its logs are emptied. The hive is written clean: with equal sequence numbers Windows has no reason to look at a log.
 * But log entries carry sequence numbers, too, and the next write that is broken off would make the hive dirty again:
 * entries of the old hive, should their numbers fit, would then be laid over the new one. An empty log cannot be taken
 * for one that fits, and it is what Windows itself leaves beside a hive whose log was never used (a .LOG2 of 0 bytes).
 * The files stay, so that they keep their attributes and security.
 * @throws AppError `registry/dirty`
 */
export function hiveEdits(offline: OfflineHive): OfflineEdit[] {
  if (!offline.hive.changed) return [];
  return [
    { kind: 'write', path: offline.path, bytes: offline.hive.serialize() },
    ...offline.logs.map((path): OfflineEdit => ({ kind: 'write', path, bytes: new Uint8Array(0) })),
  ];
}

/**
 * Name of the control set that Windows would start with: 'ControlSet001'. The volatile CurrentControlSet is no part of
 * the file.
 */
export function currentControlSet(system: Hive): string {
  const select = system.key('Select');
  const number = dwordOf(select?.value('Current')) ?? dwordOf(select?.value('Default')) ?? 1;
  return `ControlSet${String(number).padStart(3, '0')}`;
}
