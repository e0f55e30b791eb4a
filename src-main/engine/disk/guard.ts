import { AppError } from '../../../src-shared/errors/appError';
import type { PhysicalDisk } from '../../../src-shared/model/disks';
import type { DiskFacts } from './devices';

/**
 * What stands between a person and the wrong disk. Every rule is here, and only here; they know nothing but facts, so
 * that each can be tried. Nothing is written to a physical disk before {@link assertTarget} has passed.
 */

/** A file that the work reads: the image that will be applied, the disk that is copied. */
export interface SourceOnDisks {
  readonly file: string;
  /** Paths of the disks on which it lies. */
  readonly disks: readonly string[];
}

/** What is to be done to a disk, and what the person has said about it. */
export interface TargetRequest {
  /** Identity that the disk must (still) have. */
  readonly identity?: string | undefined;
  /** The name of the disk, as typed. */
  readonly confirmation?: string | undefined;
  readonly sources: readonly SourceOnDisks[];
}

/** The disks with the reason why each may not be a target. */
export function withRefusals(disks: readonly DiskFacts[]): PhysicalDisk[] {
  return disks.map((disk) => {
    const refusal = refusalOf(disk, disks)?.reason;
    return refusal === undefined ? disk : { ...disk, refusal };
  });
}

interface Refusal {
  readonly code: 'disk/refused' | 'disk/in-use';
  /** A sentence without its subject: 'it holds the running system'. */
  readonly reason: string;
}

/** Why a disk may not be a target, whatever is asked for; undefined where it may. */
export function refusalOf(disk: DiskFacts, all: readonly DiskFacts[]): Refusal | undefined {
  if (disk.isSystem) return { code: 'disk/refused', reason: `it holds the running system${usesText(disk)}` };
  if (disk.size === 0) return { code: 'disk/refused', reason: 'there is no medium in it' };
  if (disk.readOnly) return { code: 'disk/refused', reason: 'it is read-only' };
  if (disk.uses.length > 0) return { code: 'disk/in-use', reason: `it is in use${usesText(disk)}` };
  const double = all.find((other) => other.identity === disk.identity && other.path !== disk.path);
  if (double !== undefined) {
    const reason = `it cannot be told from ${double.path}, which has the same serial number and size: disconnect one of them`;
    return { code: 'disk/refused', reason };
  }
  return undefined;
}

function usesText({ uses }: DiskFacts): string {
  return uses.length === 0 ? '' : `: ${uses.join(', ')}`;
}

/** What has to be said of a disk that may be a target; empty for most. */
export function cautionsOf(disk: DiskFacts): string[] {
  const cautions: string[] = [];
  if (disk.serial === '' && disk.wwn === undefined) {
    cautions.push(
      `${disk.path} tells no serial number: it is known by its model, its size and where it is connected, ` +
        'so another disk of the same kind in its place would be taken for it',
    );
  }
  if (disk.letters !== undefined && disk.letters.length > 0) {
    cautions.push(`the volumes ${disk.letters.join(', ')} are closed for all programs while it is written`);
  }
  return cautions;
}

/**
 * Refuses a disk that must not be written, or that is not the one that is meant. Says nothing of the confirmation: a
 * plan is made before the person can give it.
 * @throws AppError `disk/refused`, `disk/in-use`, `disk/changed`
 */
export function assertPlannable(
  disk: DiskFacts,
  all: readonly DiskFacts[],
  { identity, sources }: TargetRequest,
): void {
  const facts = { path: disk.path, identity: disk.identity };
  if (identity !== undefined && identity !== disk.identity) {
    throw new AppError(
      'disk/changed',
      `${disk.path} is another disk than the one that was chosen: it is ${describeDisk(disk)}`,
      { ...facts, expected: identity },
    );
  }
  const refusal = refusalOf(disk, all);
  if (refusal !== undefined) {
    throw new AppError(
      refusal.code,
      `${disk.path} (${describeDisk(disk)}) is refused: ${refusal.reason}`,
      facts,
    );
  }
  const source = sources.find(({ disks }) => disks.includes(disk.path));
  if (source !== undefined) {
    const message = `${disk.path} (${describeDisk(disk)}) is refused: ${source.file} lies on it`;
    throw new AppError('disk/refused', message, { ...facts, source: source.file });
  }
}

/**
 * The last check before a physical disk is written: all of {@link assertPlannable}, and the name typed exactly.
 * @throws AppError `disk/needs-confirmation` and those of {@link assertPlannable}
 */
export function assertTarget(disk: DiskFacts, all: readonly DiskFacts[], request: TargetRequest): void {
  assertPlannable(disk, all, request);
  if (request.confirmation === disk.name) return;
  const said =
    request.confirmation === undefined
      ? 'its name was not given'
      : `"${request.confirmation}" was given, its name is "${disk.name}"`;
  throw new AppError(
    'disk/needs-confirmation',
    `${disk.path} (${describeDisk(disk)}) is not written before its name is confirmed: ${said}`,
    { path: disk.path, name: disk.name },
  );
}

/** 'Samsung SSD 870, serial S6PK, 500107862016 bytes, usb': what tells one disk from another. */
export function describeDisk(disk: DiskFacts): string {
  return [
    disk.model === '' ? 'no model name' : disk.model,
    disk.serial === '' ? 'no serial number' : `serial ${disk.serial}`,
    `${disk.size} bytes`,
    disk.bus,
  ].join(', ');
}
