import path from 'node:path';
import { AppError } from '../../../src-shared/errors/appError';
import type { LessonCheck } from '../../../src-shared/contract/practice';
import { entryKind, sha1OfFile } from '../../platform/treeWalk';
import type { BenchFolder } from './benchFolder';
import { practicePackages } from './driverPractice';
import type { LessonDrivers } from './practiceDrivers';
import type { OpenLessonWim } from './practiceImages';

type Facts = LessonCheck['facts'];

/** What the lesson about drivers looks at. */
export const driverChecks = [
  'driversWim',
  'driversOpens',
  'rightDriver',
  'driverFiles',
  'othersOut',
] as const;

/** Whether the right package is in the image, byte for byte, and the others are not. */
export async function lookAtDrivers(
  bench: BenchFolder,
  drivers: LessonDrivers,
  open: OpenLessonWim,
): Promise<LessonCheck[]> {
  const wim = bench.at('driversWim');
  if ((await entryKind(wim)) !== 'file') return [check('driversWim', false)];
  const there = check('driversWim', true);
  try {
    const staged = await drivers.staged(wim);
    const names = staged.map(({ original }) => original.toLowerCase());
    const right = staged.find(({ original }) => original.toLowerCase() === practicePackages.right);
    const others = [practicePackages.otherArchitecture, practicePackages.incomplete].filter((name) =>
      names.includes(name),
    );
    const looked = [
      there,
      check('driversOpens', true),
      check('rightDriver', right !== undefined, { found: names.join(', ') }),
      check('othersOut', others.length === 0 && right !== undefined, { others: others.join(', ') }),
    ];
    return right === undefined ? looked : [...looked, await filesCheck(bench, wim, right.folder, open)];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [there, check('driversOpens', false, { problem: error.message })];
  }
}

/** Whether the files of the right package are in the image as they are on the bench. */
async function filesCheck(
  bench: BenchFolder,
  wim: string,
  folder: string,
  open: OpenLessonWim,
): Promise<LessonCheck> {
  const names = [practicePackages.right, 'pnet.sys'];
  const opened = await open(wim);
  const inImage = folder.replaceAll('\\', '/').replace(/\/$/, '');
  try {
    const same = await Promise.all(
      names.map(async (name) => {
        const [stored, there] = await Promise.all([
          opened.sha1(1, `${inImage}/${name}`),
          sha1OfFile(path.join(bench.at('drivers'), 'Network', name)),
        ]);
        return there !== undefined && stored === there;
      }),
    );
    return check('driverFiles', same.every(Boolean), { folder });
  } finally {
    await opened.close();
  }
}

function check(name: string, ok: boolean, facts: Facts = {}): LessonCheck {
  return { name, ok, facts };
}
