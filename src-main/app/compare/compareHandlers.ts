import { AppError } from '../../../src-shared/errors/appError';
import type { compare, Difference } from '../../../src-shared/contract/compare';
import type { Handlers } from '../../../src-shared/rpc/server';
import type { EngineHost } from '../../engine/os';
import type { Comparison } from '../../engine/tree/compare/comparison';
import { nameRules } from '../nameRules';
import { compareSides } from './compareSides';
import { exportFormats, type ExportHead } from './exports';
import { openSides } from './sides';
import { writeText } from './writeText';

type CompareHandlers = Handlers<(typeof compare)['members']>;

interface Kept {
  readonly comparison: Comparison;
  readonly head: ExportHead;
  /** The selection asked for last, and its rows. */
  selected: { readonly key: string; readonly rows: Int32Array } | undefined;
}

/** Entries of all trees of the comparisons that are kept; the one used longest ago makes room. */
const KEPT_ENTRIES = 3_000_000;
const KEPT_COMPARISONS = 8;

/**
 * Answers the channel `compare`. A folder is compared as it is: what a capture would leave out by default is in it.
 * Links in a folder that lead to an absolute place in it are taken as relative to it when the other side is an image,
 * as a capture stores them. Of a folder of a POSIX system only kinds, data, link targets, hard links and times of last
 * write are compared, of one of Windows also attributes: it tells nothing else.
 */
export function createCompareHandlers(host: EngineHost): CompareHandlers {
  const kept = new Map<string, Kept>();
  let next = 1;

  const keep = (entry: Kept): string => {
    const name = `comparison-${next++}`;
    kept.set(name, entry);
    let entries = 0;
    for (const { comparison } of kept.values())
      entries += comparison.left.entryCount + comparison.right.entryCount;
    for (const [old, { comparison }] of kept) {
      if (old === name || (entries <= KEPT_ENTRIES && kept.size <= KEPT_COMPARISONS)) break;
      kept.delete(old);
      entries -= comparison.left.entryCount + comparison.right.entryCount;
    }
    return name;
  };

  const find = (name: string): Kept => {
    const entry = kept.get(name);
    if (entry === undefined) {
      throw new AppError('session/closed', 'this comparison is not kept any more; compare again');
    }
    kept.delete(name);
    kept.set(name, entry);
    return entry;
  };

  return {
    async run({ left, right, ignoreTimes }, { signal, report }) {
      const fixLinks = (left.kind === 'image') !== (right.kind === 'image');
      const opened = await openSides(host, [left, right], { signal, onProgress: report, fixLinks });
      const { sides } = opened;
      try {
        const options = { ignoreCase: nameRules.ignoreCase, ignoreTimes, signal, onProgress: report };
        const { comparison, summary } = await compareSides(host, sides[0], sides[1], options);
        const counts = { ...summary.counts };
        const head = { left: sides[0].label, right: sides[1].label, ignoreTimes, counts };
        return { comparison: keep({ comparison, head, selected: undefined }), ...summary };
      } finally {
        opened.close();
      }
    },

    rows({ comparison: name, differences, filter, offset, limit }) {
      const entry = find(name);
      const rows = select(entry, differences, filter);
      const shown = Array.from(rows.subarray(offset, offset + limit), (row) => entry.comparison.row(row));
      return { total: rows.length, rows: shown };
    },

    async save({ comparison: name, differences, filter, format, path: written, overwrite }) {
      const entry = find(name);
      const rows = select(entry, differences, filter);
      const path = host.files.absolute(written);
      await writeText(host, path, textOf(entry, rows, format), overwrite);
      return { path, rows: rows.length };
    },
  };
}

function select(entry: Kept, differences: readonly Difference[], filter: string): Int32Array {
  const key = JSON.stringify([[...differences].sort(), filter]);
  if (entry.selected?.key !== key) {
    entry.selected = { key, rows: entry.comparison.select(new Set(differences), filter) };
  }
  return entry.selected.rows;
}

function* textOf(entry: Kept, rows: Int32Array, format: keyof typeof exportFormats): Generator<string> {
  const written = exportFormats[format];
  yield written.head(entry.head);
  for (let i = 0; i < rows.length; i++) yield written.row(entry.comparison.row(rows[i]), i);
  yield written.tail();
}
