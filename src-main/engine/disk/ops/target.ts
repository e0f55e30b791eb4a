import { AppError } from '../../../../src-shared/errors/appError';
import type { DiskPlan } from '../../../../src-shared/model/disks';
import type { EngineHost } from '../../os';
import type { BlockDevice } from '../blockDevice';
import type { DiskFacts, PhysicalDevice, PhysicalDisks } from '../devices';
import { assertPlannable, assertTarget, cautionsOf, type TargetRequest } from '../guard';
import { openDisk } from '../openDisk';
import type { VirtualDisk } from '../virtualDisk';
import { assertSpace } from './space';

/** What a verb that erases a disk is told of it. */
export interface EraseRequest {
  readonly disk: string;
  readonly identity?: string;
  readonly confirmation?: string;
  readonly sources?: readonly string[];
  readonly overwrite?: boolean;
  readonly dryRun?: boolean;
}

/** A disk that will be erased, open: for reading on a dry run, else for writing, so that nobody else uses it. */
export interface Target {
  readonly device: VirtualDisk;
  /** How it is opened: absolute, links of a physical disk followed. */
  readonly path: string;
  /** The physical disk; absent for a file. */
  readonly facts?: DiskFacts;
  readonly physical?: PhysicalDevice;
  /** What it is known by: of a file, its path and its place on its volume. */
  readonly identity: string;
  readonly cautions: readonly string[];
}

/**
 * Opens what will be erased, when every rule allows it. Of a physical disk that is opened for writing, the name has
 * been confirmed then, and it is the same disk after it was opened as before.
 * @throws AppError `disk/refused`, `disk/in-use`, `disk/changed`, `disk/needs-confirmation`, `disk/gone`, `io/` codes
 */
export function openTarget(host: EngineHost, request: EraseRequest): Target {
  const { devices } = host;
  if (devices?.isDevice(request.disk) === true) return openPhysical(host, devices, request);
  const path = host.files.absolute(request.disk);
  const status = host.files.status(path);
  if (status === undefined) throw new AppError('io/not-found', `${path} is not there`, { path });
  for (const source of request.sources ?? []) {
    if (host.files.status(host.files.absolute(source))?.identity === status.identity) {
      throw new AppError('disk/refused', `${path} is refused: it is ${source} itself`, { path });
    }
  }
  assertUnused(host, path);
  return {
    device: openDisk(host, path, request.dryRun === true ? 'read' : 'write'),
    path,
    identity: `file:${path} ${status.identity}`,
    cautions: [],
  };
}

/** What is mounted, or looped, would be written to from two sides. */
function assertUnused({ devices }: EngineHost, path: string): void {
  const uses = devices?.usesOf?.(path) ?? [];
  if (uses.length === 0) return;
  throw new AppError('disk/in-use', `${path} is refused: it is in use (${uses.join(', ')})`, { path });
}

function openPhysical(host: EngineHost, devices: PhysicalDisks, request: EraseRequest): Target {
  const facts = factsOf(devices, request.disk);
  const asked: TargetRequest = {
    identity: request.identity,
    confirmation: request.confirmation,
    sources: (request.sources ?? []).map((file) => ({
      file,
      disks: devices.holding(host.files.absolute(file)),
    })),
  };
  const check = request.dryRun === true ? assertPlannable : assertTarget;
  check(facts, devices.list(), asked);
  const access = request.dryRun === true ? 'read' : 'write';
  const physical = devices.open(facts.path, access);
  if (physical === undefined) throw goneError(facts.path);
  try {
    const now = devices.find(facts.path);
    if (now?.identity !== facts.identity || physical.size !== facts.size) {
      const message = `${facts.path} has become another disk while it was opened`;
      throw new AppError('disk/changed', message, { path: facts.path });
    }
    return {
      device: asDisk(physical),
      path: facts.path,
      facts,
      physical,
      identity: facts.identity,
      cautions: cautionsOf(facts),
    };
  } catch (error) {
    physical.close();
    throw error;
  }
}

function factsOf(devices: PhysicalDisks, path: string): DiskFacts {
  const facts = devices.find(path);
  if (facts !== undefined) return facts;
  const message = `${path} is refused: it is no whole disk of this system ("wimsmith disk list" shows them)`;
  throw new AppError('disk/refused', message, { path });
}

function goneError(path: string): AppError {
  return new AppError('disk/gone', `${path} is not there any more`, { path });
}

/** A physical disk with what is told of a disk's file. */
export function asDisk(device: BlockDevice): VirtualDisk {
  const facts = { format: 'raw', kind: 'physical', parents: [], warnings: [] } as const;
  return Object.assign(device, facts, { allocated: device.size });
}

/**
 * The checks of a plan before anything is opened for writing: is it the one that was looked at, may a disk file that is
 * not empty be erased, is there space.
 * @throws AppError `plan/stale`, `disk/not-empty`, `io/no-space`
 */
export function assertErasable(
  request: { readonly fingerprint?: string; readonly overwrite?: boolean },
  plan: DiskPlan,
): void {
  assertFresh(request, plan);
  const isFile = plan.identity === undefined;
  if (isFile && plan.erases.length > 0 && request.overwrite !== true) {
    throw new AppError('disk/not-empty', `${plan.disk} is not empty: ${plan.erases[0].what}`, {
      path: plan.disk,
    });
  }
  assertSpace(plan);
}

/** The plan that a person looked at must be the one that is carried out. @throws AppError `plan/stale` */
export function assertFresh(request: { readonly fingerprint?: string }, plan: DiskPlan): void {
  if (request.fingerprint === undefined || request.fingerprint === plan.fingerprint) return;
  throw new AppError('plan/stale', `${plan.disk} is not as it was when the plan was made`, {
    path: plan.disk,
  });
}

/** The plan again, now that nobody else can write to the disk. @throws AppError `plan/stale` */
export function assertSamePlan(first: DiskPlan, now: DiskPlan): void {
  if (first.fingerprint === now.fingerprint) return;
  throw new AppError('plan/stale', `${now.disk} changed while it was looked at`, { path: now.disk });
}
