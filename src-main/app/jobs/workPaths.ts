import { isDiskWork, isDriverWork, type Work } from '../../../src-shared/contract/work';
import { absoluteDiskWork, changedDisk, readDisks } from '../disks/diskWork';
import {
  absoluteDriverWork,
  changedPlace,
  filledFolder,
  isWimPlace,
  readPlaces,
} from '../drivers/driverWork';

/** Verbs that write into a directory, and the others. */
export type TreeWork = Extract<Work, { verb: 'apply' | 'extract' }>;

/** The directory or disk that work fills, makes or changes; undefined for work on WIM files only. */
export function targetOf(work: Work): string | undefined {
  if (isDiskWork(work)) return changedDisk(work);
  if (isDriverWork(work)) return filledFolder(work);
  switch (work.verb) {
    case 'apply':
      return work.request.target;
    case 'extract':
      return work.request.destination;
    default:
      return undefined;
  }
}

/** The WIM file that work makes or changes; of a split the first part. Undefined for work that changes none. */
export function writtenWim(work: Work): string | undefined {
  if (isDiskWork(work)) return undefined;
  if (isDriverWork(work)) return isWimPlace(work.request) ? changedPlace(work) : undefined;
  switch (work.verb) {
    case 'export':
    case 'join':
    case 'split':
      return work.request.destination;
    case 'apply':
    case 'extract':
    case 'verify':
      return undefined;
    default:
      return work.request.wim;
  }
}

/** WIM files, and globs of them, that work reads and does not change. */
export function readWims(work: Work): string[] {
  if (isDiskWork(work)) return [];
  if (isDriverWork(work))
    return work.verb === 'driversExport' && isWimPlace(work.request) ? [work.request.path] : [];
  switch (work.verb) {
    case 'capture':
    case 'append': {
      const { updateOf, deltaFrom = [], ref = [] } = work.request;
      return [...(updateOf?.wim === undefined ? [] : [updateOf.wim]), ...deltaFrom, ...ref];
    }
    case 'export':
    case 'apply':
    case 'extract':
    case 'verify':
      return [work.request.wim, ...(work.request.ref ?? [])];
    case 'split':
      return [work.request.wim];
    case 'join':
      return [...work.request.parts];
    case 'update':
      return [...(work.request.ref ?? [])];
    case 'delete':
    case 'info':
    case 'optimize':
      return [];
  }
}

/** Directories and disks that go into an image. Those of a source list are named in its text and are not looked at. */
export function sourcesOf(work: Work): string[] {
  if (isDiskWork(work)) return readDisks(work);
  if (isDriverWork(work)) return readPlaces(work);
  switch (work.verb) {
    case 'capture':
    case 'append':
      return [work.request.source];
    case 'update':
      return work.request.edits.flatMap((edit) => (edit.kind === 'add' ? [edit.source] : []));
    default:
      return [];
  }
}

/**
 * The same work with all its paths absolute: a window's relative path begins where its live checks looked, and not where
 * the program was started from. Paths of a source list are the engine's to resolve, and paths in images stay.
 * @param absolute makes a path absolute; globs are paths, too
 */
export function withAbsolutePaths(work: Work, absolute: (path: string) => string): Work {
  const all = (paths: readonly string[]): string[] => paths.map(absolute);
  const ref = (paths: readonly string[] | undefined): { ref?: string[] } =>
    paths === undefined ? {} : { ref: all(paths) };
  if (isDiskWork(work)) return absoluteDiskWork(work, absolute);
  if (isDriverWork(work)) return absoluteDriverWork(work, absolute);
  switch (work.verb) {
    case 'capture':
    case 'append': {
      const { request } = work;
      const { source, wim, updateOf, deltaFrom } = request;
      return {
        verb: work.verb,
        request: {
          ...request,
          // A source list stands for it, and its name is only shown.
          source: request.sourceList === undefined ? absolute(source) : source,
          wim: absolute(wim),
          ...(updateOf?.wim === undefined ? {} : { updateOf: { ...updateOf, wim: absolute(updateOf.wim) } }),
          ...(deltaFrom === undefined ? {} : { deltaFrom: all(deltaFrom) }),
          ...ref(request.ref),
        },
      };
    }
    case 'apply': {
      const { request } = work;
      const [wim, target] = all([request.wim, request.target]);
      return { verb: 'apply', request: { ...request, wim, target, ...ref(request.ref) } };
    }
    case 'extract':
    case 'export': {
      const [wim, destination] = all([work.request.wim, work.request.destination]);
      const places = { wim, destination, ...ref(work.request.ref) };
      return work.verb === 'extract'
        ? { verb: 'extract', request: { ...work.request, ...places } }
        : { verb: 'export', request: { ...work.request, ...places } };
    }
    case 'split': {
      const [wim, destination] = all([work.request.wim, work.request.destination]);
      return { verb: 'split', request: { ...work.request, wim, destination } };
    }
    case 'join': {
      const { request } = work;
      const destination = absolute(request.destination);
      return { verb: 'join', request: { ...request, parts: all(request.parts), destination } };
    }
    case 'update': {
      const { request } = work;
      const edits = request.edits.map((edit) =>
        edit.kind === 'add' ? { ...edit, source: absolute(edit.source) } : edit,
      );
      return {
        verb: 'update',
        request: { ...request, wim: absolute(request.wim), edits, ...ref(request.ref) },
      };
    }
    case 'verify': {
      const { request } = work;
      return { verb: 'verify', request: { ...request, wim: absolute(request.wim), ...ref(request.ref) } };
    }
    case 'delete':
      return { verb: 'delete', request: { ...work.request, wim: absolute(work.request.wim) } };
    case 'info':
      return { verb: 'info', request: { ...work.request, wim: absolute(work.request.wim) } };
    case 'optimize':
      return { verb: 'optimize', request: { ...work.request, wim: absolute(work.request.wim) } };
  }
}
