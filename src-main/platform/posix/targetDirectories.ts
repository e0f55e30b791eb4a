import type { Stats } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../../src-shared/errors/appError';
import { notADirectory } from './notADirectory';
import { rawFs } from '../rawFs';
import { systemErrorName, toAppError } from '../systemErrors';
import { nativePath } from './nativePath';
import { joinPath } from './paths';
import { EntryState, type TargetPlan } from './targetPlan';

/** Mode of directories until their own is set: as wimlib makes them. */
const DIRECTORY_MODE = 0o755;

/**
 * Makes the place that a tree is applied to. A symbolic link that the person named is followed.
 * @param made receives the directories that had to be made, outermost first, as they are made
 * @throws AppError `io/not-a-directory` and others
 */
export function makeTarget(path: string, made: string[]): void {
  const missing: string[] = [];
  try {
    for (let place = path; ; place = dirname(place)) {
      const status = rawFs.statSync(nativePath(place), { throwIfNoEntry: false });
      if (status?.isDirectory() === true) break;
      if (status !== undefined) throw notADirectory(place, status);
      missing.unshift(place);
      if (dirname(place) === place) break;
    }
    for (const place of missing) {
      rawFs.mkdirSync(nativePath(place), DIRECTORY_MODE);
      made.push(place);
    }
  } catch (error) {
    throw toAppError(error, 'make the directory', path);
  }
}

/**
 * Makes one directory of the plan, or finds it there. Never goes through a link: one in its place is an error.
 * @throws AppError `io/exists` when something else has its name
 */
export function makeDirectory(plan: TargetPlan, entry: number, path: string): void {
  try {
    rawFs.mkdirSync(nativePath(path), DIRECTORY_MODE);
    plan.state[entry] |= EntryState.MADE;
  } catch (error) {
    if (systemErrorName(error) !== 'EEXIST') throw toAppError(error, 'make the directory', path);
    if (statusOf(path)?.isDirectory() !== true) {
      throw new AppError('io/exists', `${path} must become a directory, but is something else`, { path });
    }
    plan.state[entry] |= EntryState.OCCUPIED;
  }
}

/**
 * Marks the entries of a directory whose names are taken on disk. Nothing is removed yet.
 * @throws AppError `io/exists` for a directory where a file or link must go
 */
export function markOccupied(plan: TargetPlan, directory: number, path: string): void {
  if (listNames(path).length === 0) return;
  for (const entry of plan.tree.children(directory)) {
    const isApplied = (plan.state[entry] & EntryState.APPLIED) !== 0;
    if (!isApplied || plan.realization(plan.tree.inode[entry]) === 'directory') continue;
    // Asked one by one: whether two names are one is the volume's to say.
    markTaken(plan, entry, joinPath(path, plan.name(entry)));
  }
}

/** Marks an entry when something is at its path. @throws AppError `io/exists` for a directory */
export function markTaken(plan: TargetPlan, entry: number, path: string): void {
  const status = statusOf(path);
  if (status?.isDirectory() === true) {
    throw new AppError('io/exists', `${path} is a directory, where a file must go`, { path });
  }
  if (status !== undefined) plan.state[entry] |= EntryState.OCCUPIED;
}

function statusOf(path: string): Stats | undefined {
  try {
    return rawFs.lstatSync(nativePath(path), { throwIfNoEntry: false });
  } catch (error) {
    throw toAppError(error, 'read the status of', path);
  }
}

function listNames(path: string): string[] {
  try {
    return rawFs.readdirSync(nativePath(path));
  } catch (error) {
    throw toAppError(error, 'read the directory', path);
  }
}
