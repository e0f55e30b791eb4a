import { LISTED_MAXIMUM } from '../../../src-shared/contract/shapes';
import type { surveys } from '../../../src-shared/contract/survey';
import { AppError } from '../../../src-shared/errors/appError';
import type { Handlers } from '../../../src-shared/rpc/server';
import { safeCount } from '../../engine/binary/safeCount';
import type { EngineHost } from '../../engine/os';
import { runInSlices } from '../../engine/steps';
import { isPlainDirectory } from '../../engine/tree/attributes';
import { countExclusionsSteps, inodeBytes } from '../../engine/tree/exclusions/exclusionCount';
import { ExclusionMatcher } from '../../engine/tree/exclusions/exclusionMatcher';
import type { TreeSource } from '../../engine/tree/source';
import { NONE, type Tree } from '../../engine/tree/tree';
import { findChild } from '../../engine/wim/ops/dir';
import { createPosixSource } from '../../platform/posix/posixSource';
import { abortable } from '../abortable';
import { diskVerbsOf } from '../disks/diskVerbs';
import { nameRules } from '../nameRules';
import { estimateCapture } from './estimateCapture';
import { parseLenient } from './lenientConfig';

type SurveyHandlers = Handlers<(typeof surveys)['members']>;

interface Kept {
  readonly source: TreeSource;
  readonly tree: Tree;
  /** Of a volume: its disk stays open for the sample. */
  close?: () => void;
  /** The count of exclusions under way: a newer one takes its place. */
  counting: { aborted: boolean } | undefined;
}

/** Entries of all scanned trees that are kept; the one used longest ago makes room. */
const KEPT_ENTRIES = 1_500_000;
const KEPT_SURVEYS = 8;

/** What stands for bytes of a name that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/** Answers the channel `survey`. */
export function createSurveyHandlers(host: EngineHost): SurveyHandlers {
  const kept = new Map<string, Kept>();
  let next = 1;

  const keep = (entry: Kept): string => {
    const name = `survey-${next++}`;
    kept.set(name, entry);
    let entries = 0;
    for (const { tree } of kept.values()) entries += tree.entryCount;
    for (const [old, { tree }] of kept) {
      if (old === name || (entries <= KEPT_ENTRIES && kept.size <= KEPT_SURVEYS)) break;
      kept.get(old)?.close?.();
      kept.delete(old);
      entries -= tree.entryCount;
    }
    return name;
  };

  const find = (name: string): Kept => {
    const entry = kept.get(name);
    if (entry === undefined) {
      throw new AppError(
        'session/closed',
        'what was found in the source is not kept any more; scan it again',
      );
    }
    kept.delete(name);
    kept.set(name, entry);
    return entry;
  };

  return {
    async scan({ source: path, volume, choices }, { signal, report }) {
      const opened = openSource(host, host.files.absolute(path), volume);
      const { source } = opened;
      const scanned = abortable(signal, (abort) =>
        source.scan({
          ...(choices.dereference === undefined ? {} : { dereference: choices.dereference }),
          ...(choices.unixData === undefined ? {} : { unixData: choices.unixData }),
          fixReparsePoints: choices.fixReparsePoints ?? true,
          // A name that ends a capture, unless it is excluded, must not end the look at what to exclude.
          excludes: (name) => (name.includes(REPLACEMENT) ? 'its name is not UTF-8' : undefined),
          signal: abort,
          onProgress: report,
        }),
      );
      const {
        tree,
        excluded,
        notKept,
        damaged = [],
      } = await scanned.catch((error: unknown) => {
        opened.close?.();
        throw error;
      });
      const remarks = [
        ...excluded.map(({ path: name, pattern }) => ({ path: name, problem: `${pattern}: exclude it` })),
        ...damaged,
        ...notKept,
      ];
      return {
        survey: keep({ ...opened, tree, counting: undefined }),
        ...totalsOf(tree),
        notKept: { total: remarks.length, first: remarks.slice(0, LISTED_MAXIMUM) },
        windows: isWindowsVolume(tree),
      };
    },

    async exclusions({ survey, config: text }) {
      const entry = find(survey);
      if (entry.counting !== undefined) entry.counting.aborted = true;
      const counting = { aborted: false };
      entry.counting = counting;
      const { config, warnings } = parseLenient(text);
      const steps = countExclusionsSteps(entry.tree, config, { caseInsensitive: nameRules.ignoreCase });
      const { files, directories, bytes, patterns } = await runInSlices(host, steps, counting);
      if (entry.counting === counting) entry.counting = undefined;
      return {
        files,
        directories,
        bytes: safeCount(bytes),
        patterns: patterns.map((pattern) => ({
          ...pattern,
          bytes: safeCount(pattern.bytes),
          first: [...pattern.first],
        })),
        warnings,
      };
    },

    async sample({ survey, config: text, threads, memory }, { signal, report }) {
      const { source, tree } = find(survey);
      const { config } = parseLenient(text);
      const options = { caseInsensitive: nameRules.ignoreCase };
      const { excluded } = await runInSlices(host, countExclusionsSteps(tree, config, options), signal);
      const matcher = new ExclusionMatcher(config, options);
      return estimateCapture(host, {
        tree,
        locate: (stream) => source.locate(tree, stream),
        isWanted: (entry) => excluded[entry] === 0,
        isStored: (entry) => matcher.excludesFromCompression(tree.path(entry)),
        threads,
        memory,
        signal,
        onProgress: report,
      });
    },
  };
}

/** A directory, or a volume of a disk. */
function openSource(
  host: EngineHost,
  path: string,
  volume: string | undefined,
): Pick<Kept, 'source' | 'close'> {
  if (volume === undefined) return { source: createPosixSource(path) };
  const opened = diskVerbsOf(host).openVolume(path, volume);
  return { source: opened.source, close: () => opened.close() };
}

/** Names that are no directories, directories without the root, and bytes of all streams, those of hard links once. */
function totalsOf(tree: Tree): { files: number; directories: number; bytes: number } {
  let files = 0;
  let directories = -1;
  let bytes = 0;
  for (let entry = 0; entry < tree.entryCount; entry++) {
    if (isPlainDirectory(tree.attributes[tree.inode[entry]])) directories += 1;
    else files += 1;
  }
  for (let inode = 0; inode < tree.inodeCount; inode++) bytes += inodeBytes(tree, inode);
  return { files, directories, bytes: safeCount(bytes) };
}

function isWindowsVolume(tree: Tree): boolean {
  const rules = { ignoreCase: true };
  const windows = findChild(tree, 0, 'Windows', rules);
  return windows !== NONE && findChild(tree, windows, 'System32', rules) !== NONE;
}
