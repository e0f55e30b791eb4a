import path from 'node:path';
import { AppError } from '../../../src-shared/errors/appError';
import type { LessonCheck, LessonName } from '../../../src-shared/contract/practice';
import type { ImageSummary } from '../../../src-shared/model/summaries';
import { defaultCaptureConfig } from '../../engine/tree/exclusions/captureConfig';
import { ExclusionMatcher } from '../../engine/tree/exclusions/exclusionMatcher';
import { isEmptyDirectory } from '../../platform/pathFacts';
import { entryKind, sha1OfFile, walkTree } from '../../platform/treeWalk';
import type { PlannedTree } from '../../platform/plannedTree';
import { benchNames, type BenchFolder } from './benchFolder';
import { lookAtNewPc, lookAtPrepared, newPcChecks, preparedChecks } from './diskLessons';
import { driverChecks, lookAtDrivers } from './driverLesson';
import type { LessonDisks } from './practiceDisks';
import type { LessonDrivers } from './practiceDrivers';
import type { LessonWim, OpenLessonWim } from './practiceImages';
import { changedPc, leftOut, officeChanges, referencePc } from './referencePc';

type Facts = LessonCheck['facts'];

/** Files whose content is compared. */
const SAMPLES = 16;

const excluded = new ExclusionMatcher(defaultCaptureConfig, {
  caseInsensitive: process.platform === 'win32',
});

/**
 * Looks at what the learner made. What cannot be looked at, because something before it is missing, does not hold.
 * @param open opens the learner's WIM
 * @param disks opens the learner's disks
 * @param drivers looks for drivers in the learner's image
 */
export async function checkLesson(
  lesson: LessonName,
  bench: BenchFolder,
  {
    open,
    disks,
    drivers,
  }: { readonly open: OpenLessonWim; readonly disks: LessonDisks; readonly drivers: LessonDrivers },
): Promise<LessonCheck[]> {
  if (lesson === 'prepare') {
    return withMissing(await lookAtPrepared(bench.at('disk'), disks), preparedChecks);
  }
  if (lesson === 'drivers') {
    return withMissing(await lookAtDrivers(bench, drivers, open), driverChecks);
  }
  const { image, checks: further } = lessons[lesson];
  const begun = await openWim(bench.at('wim'), open);
  const { wim } = begun;
  try {
    const found = wim?.summary.images.at(image - 1);
    const facts = { images: wim?.summary.imageCount ?? 0, name: found?.name ?? '' };
    const checks = [
      ...begun.checks,
      check(image === 1 ? 'image' : 'secondImage', found !== undefined, facts),
    ];
    const rest = wim === undefined || found === undefined ? [] : await further.look(bench, wim, found, disks);
    return [...checks, ...withMissing(rest, further.names)];
  } finally {
    await wim?.close();
  }
}

/** What was looked at, and what could not be because something before it is missing. */
function withMissing(looked: readonly LessonCheck[], names: readonly string[]): LessonCheck[] {
  const seen = new Set(looked.map(({ name }) => name));
  return [...looked, ...names.filter((name) => !seen.has(name)).map((name) => check(name, false))];
}

interface Lesson {
  /** The image that it is about. */
  readonly image: 1 | 2;
  readonly checks: {
    readonly names: readonly string[];
    /** Those that can be looked at. */
    look(bench: BenchFolder, wim: LessonWim, image: ImageSummary, disks: LessonDisks): Promise<LessonCheck[]>;
  };
}

/** Lessons about an image. */
const lessons: Readonly<Record<Exclude<LessonName, 'prepare' | 'drivers'>, Lesson>> = {
  capture: {
    image: 1,
    checks: { names: ['named', 'files', 'leftOut', 'content', 'integrity'], look: lookAtCapture },
  },
  append: {
    image: 2,
    checks: { names: ['files', 'changes', 'content', 'singleInstance'], look: lookAtAppend },
  },
  info: { image: 1, checks: { names: ['description', 'flags'], look: lookAtInfo } },
  apply: { image: 2, checks: { names: ['target', 'targetFiles', 'targetContent'], look: lookAtTarget } },
  newPc: {
    image: 2,
    checks: {
      names: newPcChecks,
      look: (bench, _wim, image, disks) => lookAtNewPc(bench.at('newPc'), disks, image),
    },
  },
};

async function lookAtCapture(
  bench: BenchFolder,
  wim: LessonWim,
  image: ImageSummary,
): Promise<LessonCheck[]> {
  const found = await Promise.all(leftOut.map((name) => wim.sha1(1, `/${name}`)));
  const there = leftOut.filter((_, i) => found[i] !== undefined);
  return [
    check('named', image.name !== '', { name: image.name }),
    await countCheck('files', bench.at('reference'), image, isLeftOut),
    check('leftOut', there.length === 0, { patterns: leftOut.join(', '), found: there.join(', ') }),
    await contentCheck('content', wim, 1, referencePc(), bench.at('reference')),
    check('integrity', wim.summary.attributes.integrity),
  ];
}

async function lookAtAppend(bench: BenchFolder, wim: LessonWim, image: ImageSummary): Promise<LessonCheck[]> {
  const [added, removed, changed, before] = await Promise.all([
    wim.sha1(2, `/${officeChanges.added}`),
    wim.sha1(2, `/${officeChanges.removed}`),
    wim.sha1(2, `/${officeChanges.changed}`),
    wim.sha1(1, `/${officeChanges.changed}`),
  ]);
  const holds = added !== undefined && removed === undefined && changed !== undefined && changed !== before;
  const size = wim.summary.fileSize;
  const only = (await wim.onlyInImages()).at(1) ?? 0;
  return [
    await countCheck('files', bench.at('changedReference'), image, isLeftOut),
    check('changes', holds, officeChanges),
    await contentCheck('content', wim, 2, changedPc(), bench.at('changedReference')),
    // Alone, the second image would take about as much as the first.
    check('singleInstance', only * 2 < size, { size, only, whole: image.totalBytes }),
  ];
}

function lookAtInfo(_bench: BenchFolder, _wim: LessonWim, image: ImageSummary): Promise<LessonCheck[]> {
  return Promise.resolve([
    check('description', image.description.trim() !== '', { description: image.description }),
    check('flags', image.flags.trim() !== '', { flags: image.flags }),
  ]);
}

async function lookAtTarget(bench: BenchFolder, wim: LessonWim, image: ImageSummary): Promise<LessonCheck[]> {
  const folder = bench.at('target');
  const there = (await entryKind(folder)) === 'directory';
  const target = check('target', there && !(await isEmptyDirectory(folder)), { folder });
  if (!target.ok) return [target];
  return [
    target,
    await countCheck('targetFiles', folder, image, () => false),
    await contentCheck('targetContent', wim, 2, changedPc(), folder),
  ];
}

/** What all lessons begin with: the WIM is there and opens. */
async function openWim(
  place: string,
  open: OpenLessonWim,
): Promise<{ checks: LessonCheck[]; wim?: LessonWim }> {
  const there = (await entryKind(place)) === 'file';
  const wimCheck = check('wim', there, { file: benchNames.wim });
  if (!there) return { checks: [wimCheck, check('opens', false)] };
  try {
    return { wim: await open(place), checks: [wimCheck, check('opens', true)] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { checks: [wimCheck, check('opens', false, { problem: error.message })] };
  }
}

/**
 * Whether a folder has as many files and directories as an image. Microsoft's tools and this program do not count the
 * image's root, others do.
 */
async function countCheck(
  name: string,
  folder: string,
  image: ImageSummary,
  skip: (path: string) => boolean,
): Promise<LessonCheck> {
  const counted = { files: 0, directories: 0 };
  for await (const { kind } of walkTree(folder, skip))
    counted[kind === 'directory' ? 'directories' : 'files']++;
  const root = image.directoryCount - counted.directories;
  const ok = counted.files === image.fileCount && (root === 0 || root === 1);
  const imageCounts = { imageFiles: image.fileCount, imageDirectories: image.directoryCount };
  return check(name, ok, { ...counted, ...imageCounts });
}

/** Whether files of a folder hold what the image says, by SHA-1: some, spread over the whole tree. */
async function contentCheck(
  name: string,
  wim: LessonWim,
  image: number,
  plan: PlannedTree,
  folder: string,
): Promise<LessonCheck> {
  const files = plan.files.filter((file) => file.size > 0 && !isLeftOut(`/${file.path}`));
  const spread = Array.from(
    { length: SAMPLES },
    (_, i) => files[Math.floor((i * files.length) / SAMPLES)].path,
  );
  const chosen = new Set([officeChanges.changed, ...spread]);
  let equal = 0;
  let differs = '';
  for (const file of chosen) {
    const [stored, there] = await Promise.all([
      wim.sha1(image, `/${file}`),
      sha1OfFile(path.join(folder, ...file.split('/'))),
    ]);
    if (there !== undefined && stored === there) equal++;
    else differs ||= file;
  }
  return check(name, differs === '', { sampled: chosen.size, equal, differs });
}

function isLeftOut(entry: string): boolean {
  return excluded.excludes(entry) !== undefined;
}

function check(name: string, ok: boolean, facts: Facts = {}): LessonCheck {
  return { name, ok, facts };
}
