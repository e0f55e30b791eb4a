import path from 'node:path';
import type { LessonName, practice, PracticeStatus } from '../../../src-shared/contract/practice';
import { lessonNames } from '../../../src-shared/contract/practice';
import type { Handlers } from '../../../src-shared/rpc/server';
import { isEmptyDirectory } from '../../platform/pathFacts';
import { entryKind } from '../../platform/treeWalk';
import { BenchFolder } from './benchFolder';
import { checkLesson } from './lessons';
import { deviceListName } from './driverPractice';
import type { LessonDisks } from './practiceDisks';
import type { LessonDrivers } from './practiceDrivers';
import type { OpenLessonWim } from './practiceImages';

export interface PracticeOptions {
  /** Where the bench is or will be; it belongs to the bench alone. */
  readonly folder: string;
  /** Opens the learner's WIM: {@link openThroughBrowse}. */
  readonly openWim: OpenLessonWim;
  /** Makes and opens the disks of the lessons: {@link disksThroughEngine}. */
  readonly disks: LessonDisks;
  /** Makes the image of the lesson about drivers, and looks into it: {@link driversThroughEngine}. */
  readonly drivers: LessonDrivers;
  /** Sends practice.changed. */
  readonly emit: (status: PracticeStatus) => void;
}

export interface PracticeService {
  readonly folder: string;
  readonly handlers: Handlers<typeof practice.members>;
}

/** The practice bench: a reference PC to capture, and lessons that look at what the learner made of it. */
export function createPracticeService({
  folder,
  openWim,
  disks,
  drivers,
  emit,
}: PracticeOptions): PracticeService {
  const bench = new BenchFolder(
    folder,
    (path) => disks.make(path),
    (source, wim) => drivers.makeImage(source, wim),
  );
  /** What changes the bench happens one after another. */
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  }

  async function status(): Promise<PracticeStatus> {
    const made = await bench.isMade();
    const marker = made ? await bench.marker() : undefined;
    return {
      folder,
      made,
      reference: bench.at('reference'),
      changedReference: bench.at('changedReference'),
      target: bench.at('target'),
      wim: bench.at('wim'),
      disk: bench.at('disk'),
      newPc: bench.at('newPc'),
      drivers: bench.at('drivers'),
      deviceList: path.join(bench.at('drivers'), deviceListName),
      driversWim: bench.at('driversWim'),
      files: marker?.files ?? 0,
      bytes: marker?.bytes ?? 0,
      done: await stillDone(bench, marker?.done ?? []),
    };
  }

  async function tell(): Promise<PracticeStatus> {
    const now = await status();
    emit(now);
    return now;
  }

  return {
    folder,
    handlers: {
      status,
      make: (_input, control) =>
        inTurn(async () => {
          if (!(await bench.isMade())) await bench.make(control);
          return tell();
        }),
      reset: ({ all }) =>
        inTurn(async () => {
          await bench.reset(all);
          return tell();
        }),
      async check({ lesson }) {
        const checks = await checkLesson(lesson, bench, { open: openWim, disks, drivers });
        const done = checks.every(({ ok }) => ok);
        await inTurn(() => remember(lesson, done));
        return { checks, done };
      },
    },
  };

  async function remember(lesson: LessonName, done: boolean): Promise<void> {
    const before = (await bench.marker())?.done;
    if (before === undefined || before.includes(lesson) === done) return;
    await bench.setDone(lessonNames.filter((name) => (name === lesson ? done : before.includes(name))));
    await tell();
  }
}

/** Lessons whose checks held, as long as what the learner made is there. */
async function stillDone(bench: BenchFolder, done: readonly LessonName[]): Promise<LessonName[]> {
  if (done.length === 0) return [];
  const wim = (await entryKind(bench.at('wim'))) === 'file';
  const target = (await entryKind(bench.at('target'))) === 'directory';
  const filled = target && !(await isEmptyDirectory(bench.at('target')));
  const disk = (await entryKind(bench.at('disk'))) === 'file';
  const newPc = (await entryKind(bench.at('newPc'))) === 'file';
  const drivers = (await entryKind(bench.at('driversWim'))) === 'file';
  const there = { drivers, capture: wim, append: wim, info: wim, apply: filled, prepare: disk, newPc };
  return done.filter((lesson) => there[lesson]);
}
