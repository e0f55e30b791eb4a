import type { Work } from '../../../src-shared/contract/work';

/** Verbs that write into a directory, and the others. */
export type TreeWork = Extract<Work, { verb: 'apply' | 'extract' }>;

/** The directory that work fills; undefined for work on WIM files only. */
export function targetOf(work: Work): string | undefined {
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

/** Directories and files that go into an image. Those of a source list are named in its text and are not looked at. */
export function sourcesOf(work: Work): string[] {
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
