import path from 'node:path';
import { z } from 'zod';
import { AppError, CancelledError } from '../../../src-shared/errors/appError';
import { lessonNames, type LessonName } from '../../../src-shared/contract/practice';
import type { Progress } from '../../../src-shared/model/progress';
import type { JobControl } from '../../../src-shared/rpc/jobs';
import { volumeSpace } from '../../platform/pathFacts';
import { writeTree, type PlannedTree } from '../../platform/plannedTree';
import { makeDirectories, makeDirectory, readSmallFile, writeAtomically } from '../../platform/smallFiles';
import { entryKind, moveDirectory, namesIn, removeTree } from '../../platform/treeWalk';
import { driverlessWindows, practiceDrivers } from './driverPractice';
import { changedPc, referencePc } from './referencePc';

/** Names in the bench's folder. */
export const benchNames = {
  reference: 'Reference PC',
  changedReference: 'Reference PC with Office',
  target: 'Target',
  wim: 'lab.wim',
  disk: 'Practice disk.vhdx',
  newPc: 'New PC.vhdx',
  drivers: 'Drivers',
  driverless: 'Windows without drivers',
  driversWim: 'drivers.wim',
  marker: 'practice-bench.json',
} as const;

/** Folders that are the bench's own, as they were made. */
const madeFolders = ['reference', 'changedReference', 'drivers', 'driverless'] as const;

/** Another number when what the bench is made of changes: an older one is made anew. */
const VERSION = 3;

const Marker = z.object({
  madeBy: z.literal('Wimsmith practice bench'),
  version: z.number(),
  /** Whether the making came to its end. */
  complete: z.boolean(),
  /** Figures of the reference PC. */
  files: z.number(),
  bytes: z.number(),
  done: z.array(z.enum(lessonNames)),
});
export type Marker = z.infer<typeof Marker>;

const emptyMarker: Marker = {
  madeBy: 'Wimsmith practice bench',
  version: VERSION,
  complete: false,
  files: 0,
  bytes: 0,
  done: [],
};

/** Files of the lessons, and what an interrupted write of one leaves. Any other file may be the learner's own. */
function isOfLessons(name: string): boolean {
  return [benchNames.wim, benchNames.disk, benchNames.newPc, benchNames.driversWim].some(
    (own) => name === own || (name.startsWith(`.${own}.`) && name.endsWith('.wimsmith-part')),
  );
}

/**
 * The folder of the practice bench. Nothing outside it is touched, and nothing in it unless its marker says that the
 * bench made it: a folder of the same name may be a person's own.
 */
export class BenchFolder {
  /**
   * @param makeDisk makes the practice disk at a path where nothing is
   * @param makeImage makes a WIM of a folder where nothing is
   */
  constructor(
    readonly folder: string,
    private readonly makeDisk: (path: string) => Promise<void>,
    private readonly makeImage: (source: string, wim: string) => Promise<void>,
  ) {}

  at(name: keyof typeof benchNames): string {
    return path.join(this.folder, benchNames[name]);
  }

  /** The marker; undefined where there is no bench. */
  marker(): Promise<Marker | undefined> {
    return readMarker(this.folder);
  }

  async isMade(): Promise<boolean> {
    const marker = await this.marker();
    if (marker?.complete !== true || marker.version !== VERSION) return false;
    const kinds = await Promise.all(madeFolders.map((name) => entryKind(this.at(name))));
    return kinds.every((kind) => kind === 'directory');
  }

  async setDone(lessons: readonly LessonName[]): Promise<void> {
    const marker = await this.marker();
    if (marker === undefined || lessons.join() === marker.done.join()) return;
    await writeMarker(this.folder, { ...marker, done: [...lessons] });
  }

  /**
   * Makes the bench beside its place, and moves it there when it is complete. What lessons made in an older one stays.
   * @throws AppError `io/exists` when something else has the name; `io/no-space`; `job/cancelled`: nothing is left then
   */
  async make({ signal, report }: JobControl<Progress>): Promise<void> {
    const making = `${this.folder}.making`;
    const before = await this.assertOwn();
    await makeDirectories(path.dirname(this.folder));
    await removeLeftover(making);
    const trees = [
      [benchNames.reference, referencePc()],
      [benchNames.changedReference, changedPc()],
      [benchNames.drivers, practiceDrivers()],
      [benchNames.driverless, driverlessWindows()],
    ] as const;
    const total = totalOf(trees.map(([, tree]) => tree));
    await assertSpace(path.dirname(this.folder), total.bytes);
    await makeDirectory(making);
    try {
      await writeMarker(making, emptyMarker);
      const tell = progressOf(total, report);
      for (const [name, tree] of trees) {
        await makeDirectory(path.join(making, name));
        await writeTree(path.join(making, name), tree, { signal, onWritten: tell });
      }
      if (signal.aborted) throw new CancelledError();
      await this.makeDisk(path.join(making, benchNames.disk));
      await this.makeImage(
        path.join(making, benchNames.driverless),
        path.join(making, benchNames.driversWim),
      );
      const figures = totalOf([trees[0][1]]);
      const marker = { ...emptyMarker, ...figures, complete: true, done: before?.done ?? [] };
      await this.moveHere(making, before !== undefined, marker);
    } catch (error) {
      await removeTree(making);
      throw error;
    }
  }

  /** Takes away what lessons made, or the whole bench. Nothing happens where there is none. */
  async reset(all: boolean): Promise<void> {
    if ((await this.assertOwn()) === undefined) return;
    if (all) {
      await removeTree(this.folder);
      return;
    }
    for (const name of (await namesIn(this.folder)).filter(isOfLessons)) {
      const place = path.join(this.folder, name);
      if ((await entryKind(place)) !== 'directory') await removeTree(place);
    }
    // Where a link took the target's place it goes, and what it leads to stays.
    await removeTree(this.at('target'));
    await makeDirectory(this.at('target'));
    await this.makeDisk(this.at('disk'));
    await this.makeImage(this.at('driverless'), this.at('driversWim'));
    await this.setDone([]);
  }

  private async moveHere(making: string, older: boolean, marker: Marker): Promise<void> {
    if (!older) {
      await makeDirectory(path.join(making, benchNames.target));
      await writeMarker(making, marker);
      await moveDirectory(making, this.folder);
      return;
    }
    for (const name of madeFolders.map((made) => benchNames[made])) {
      await removeTree(path.join(this.folder, name));
      await moveDirectory(path.join(making, name), path.join(this.folder, name));
    }
    await makeDirectories(this.at('target'));
    if ((await entryKind(this.at('disk'))) === undefined) await this.makeDisk(this.at('disk'));
    if ((await entryKind(this.at('driversWim'))) === undefined)
      await this.makeImage(this.at('driverless'), this.at('driversWim'));
    await writeMarker(this.folder, marker);
    await removeTree(making);
  }

  /** @returns the marker; undefined where nothing is, or an empty folder @throws AppError `io/exists` */
  private async assertOwn(): Promise<Marker | undefined> {
    const kind = await entryKind(this.folder);
    if (kind === undefined) return undefined;
    const marker = kind === 'directory' ? await readMarker(this.folder) : undefined;
    if (marker !== undefined) return marker;
    if (kind === 'directory' && (await namesIn(this.folder)).length === 0) return undefined;
    throw new AppError(
      'io/exists',
      `${this.folder} is not a folder that the practice bench made, so it is left alone; move it elsewhere`,
      { path: this.folder },
    );
  }
}

async function readMarker(folder: string): Promise<Marker | undefined> {
  const file = path.join(folder, benchNames.marker);
  if ((await entryKind(folder)) !== 'directory' || (await entryKind(file)) !== 'file') return undefined;
  const bytes = await readSmallFile(file, 65_536);
  const parsed = Marker.safeParse(jsonOf(bytes?.toString('utf8') ?? ''));
  return parsed.success ? parsed.data : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function writeMarker(folder: string, marker: Marker): Promise<void> {
  const text = `${JSON.stringify(marker, null, 2)}\n`;
  // Not flushed: the disk would take all of the bench with it, and what a power cut loses is made anew.
  await writeAtomically(path.join(folder, benchNames.marker), text, { overwrite: true, flush: false });
}

/** What a making that was cut off left. @throws AppError `io/exists` when it is something else */
async function removeLeftover(making: string): Promise<void> {
  const kind = await entryKind(making);
  if (kind === undefined) return;
  const own =
    kind === 'directory' &&
    ((await readMarker(making)) !== undefined ||
      (await namesIn(making)).every((name) => name.startsWith('.')));
  if (!own) throw new AppError('io/exists', `${making} is in the way; move it elsewhere`, { path: making });
  await removeTree(making);
}

function totalOf(trees: readonly PlannedTree[]): { files: number; bytes: number } {
  const total = { files: 0, bytes: 0 };
  for (const tree of trees) {
    total.files += tree.files.length + tree.hardLinks.length + tree.links.length;
    for (const file of tree.files) total.bytes += file.size;
  }
  return total;
}

async function assertSpace(place: string, bytes: number): Promise<void> {
  const space = await volumeSpace(place);
  // Small files take whole clusters.
  const needed = Math.ceil(bytes * 1.25);
  if (space === null || space.free >= needed) return;
  throw new AppError(
    'io/no-space',
    `cannot make the practice bench in ${place}: it needs ${needed} bytes, ${space.free} are free`,
    {
      path: place,
      needed,
      free: space.free,
    },
  );
}

/** Milliseconds between two reports. */
const INTERVAL = 50;

function progressOf(
  total: { files: number; bytes: number },
  report: (progress: Progress) => void,
): (path: string, bytes: number, file: boolean) => void {
  let filesDone = 0;
  let bytesDone = 0;
  let told = -Infinity;
  return (currentPath, bytes, file) => {
    bytesDone += bytes;
    if (file) filesDone++;
    const now = performance.now();
    if (now - told < INTERVAL) return;
    told = now;
    const totals = { filesTotal: total.files, bytesTotal: Math.max(total.bytes, bytesDone) };
    report({
      phase: 'Copying',
      filesDone: Math.min(filesDone, total.files),
      bytesDone,
      ...totals,
      currentPath,
    });
  };
}
