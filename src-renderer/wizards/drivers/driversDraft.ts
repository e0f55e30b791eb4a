import { z } from 'zod';
import type { MatchSummary } from '../../../src-shared/contract/drivers';
import type { Work } from '../../../src-shared/contract/work';
import type { DeviceListChoice, OfflinePlace } from '../../../src-shared/model/drivers';
import type { Beginning } from '../runtime/beginning';

/** Where the offline Windows is. A volume is only read: the wizard says so. */
export const placeKinds = ['wim', 'folder', 'volume'] as const;
/** Which devices the packages are chosen for. 'all': whatever they serve. */
export const deviceKinds = ['file', 'model', 'this-pc', 'all'] as const;

const hashes = z.array(z.string().max(64)).max(100_000);

export const DriversDraft = z.object({
  placeKind: z.enum(placeKinds),
  wim: z.string(),
  /** 0: not chosen yet; the only image of a WIM is chosen by itself. */
  image: z.number().int().min(0),
  folder: z.string(),
  /** Folders, archives and INFs. */
  paths: z.array(z.string()).max(1000),
  /** A further one, as it is typed. */
  typed: z.string(),
  deviceKind: z.enum(deviceKinds),
  deviceFile: z.string(),
  /** Id of a saved model. */
  model: z.string(),
  /** All faulty packages stay out that were not taken in one by one. */
  leaveFaulty: z.boolean(),
  /** SHA-256 of INFs that stay out, and of those that go in although they have faults. */
  leaveOut: hashes,
  takeIn: hashes,
  setupComplete: z.boolean(),
  registerForBoot: z.boolean(),
  /** Write into the answer file of the image. */
  answerFile: z.boolean(),
  /** An answer file outside of the image; '': none. */
  otherAnswerFile: z.string(),
  method: z.enum(['auto', 'stage', 'dism']),
  verifyIntegrity: z.boolean(),
});
export type DriversDraft = z.infer<typeof DriversDraft>;

export function beginDrivers({ params }: Beginning): DriversDraft {
  const image = Number(params['image'] ?? 0);
  const { wim = '', folder = '', typed = '' } = params;
  return {
    placeKind: folder !== '' ? 'folder' : 'wim',
    wim,
    image: Number.isSafeInteger(image) && image > 0 ? image : 0,
    folder,
    paths: [],
    typed,
    deviceKind: 'file',
    deviceFile: '',
    model: '',
    leaveFaulty: false,
    leaveOut: [],
    takeIn: [],
    setupComplete: false,
    registerForBoot: false,
    answerFile: true,
    otherAnswerFile: '',
    method: 'auto',
    verifyIntegrity: true,
  };
}

/** The place as a request says it; null while it is not chosen. @param image index of the image, when it is known */
export function placeOf(draft: DriversDraft, image: number | undefined): OfflinePlace | null {
  switch (draft.placeKind) {
    case 'wim':
      return draft.wim === '' || image === undefined ? null : { path: draft.wim, image };
    case 'folder':
      return draft.folder === '' ? null : { path: draft.folder };
    case 'volume':
      return null;
  }
}

/** What is looked through: what was added, and what is typed. */
export function driverPaths({ paths, typed }: Pick<DriversDraft, 'paths' | 'typed'>): string[] {
  return typed === '' || paths.includes(typed) ? paths : [...paths, typed];
}

/** What the work of a draft rests on besides it. */
export interface DriversKnown {
  readonly image: number | undefined;
  /** Whether the WIM has an integrity table. */
  readonly checks: boolean;
  readonly match: MatchSummary | undefined;
  /** Whether some of the packages that were found stay out. */
  readonly partly: boolean;
  /** Whether one of those that go in has faults. */
  readonly faultyIn: boolean;
  /** The devices, as a request names them; undefined: all packages. */
  readonly devices: DeviceListChoice | undefined;
}

/** The work that a draft means, as far as it says enough. */
export function driversWork(draft: DriversDraft, known: DriversKnown): Work | null {
  const place = placeOf(draft, known.image);
  const drivers = driverPaths(draft);
  const { match, devices } = known;
  if (place === null || drivers.length === 0 || match === undefined) return null;
  // A list of devices chooses like the wizard only where the person changed nothing about the choice.
  const asMatched = devices !== undefined && draft.leaveOut.length === 0 && !known.faultyIn;
  return {
    verb: 'driversAdd',
    request: {
      ...place,
      drivers,
      ...(asMatched ? { devices } : {}),
      ...(known.partly ? { only: match.chosen } : {}),
      ...(known.faultyIn ? { forceFaulty: true } : { skipFaulty: true }),
      ...(draft.setupComplete ? { setupComplete: true } : {}),
      ...(draft.registerForBoot ? { registerForBoot: true } : {}),
      ...(draft.answerFile ? {} : { noAnswerFile: true }),
      ...(draft.otherAnswerFile === '' ? {} : { answerFile: draft.otherAnswerFile }),
      ...(draft.method === 'auto' ? {} : { method: draft.method }),
      ...(draft.verifyIntegrity && known.checks && draft.placeKind === 'wim'
        ? { verifyIntegrity: true }
        : {}),
    },
  };
}
