import { setImmediate as breathe } from 'node:timers/promises';
import type { FileRow } from '../../../src-shared/contract/files';
import { directoryNames, hiddenRule, statusOf, type DirectoryName } from '../../platform/directoryNames';
import { directoryRevision } from '../../platform/pathFacts';
import { naturalKey, sortInSlices } from './naturalOrder';
import type { PathRules } from './pathRules';

export interface ListRequest {
  /** Absolute. */
  readonly path: string;
  /** Without dots; files with another one are left out. Empty: all files. */
  readonly extensions: readonly string[];
  readonly hidden: boolean;
  readonly offset: number;
  readonly limit: number;
}

interface Item {
  readonly name: string;
  readonly key: string;
  readonly kind: DirectoryName['kind'];
  readonly hidden: boolean;
}

interface KeptListing {
  readonly request: string;
  readonly revision: string;
  readonly items: readonly Item[];
}

/** Listings that are kept for the pages that follow. */
const KEPT = 4;
/** Files that are looked at at once. */
const AT_ONCE = 32;
/** How long the event loop may be held, ms. */
const SLICE = 10;

/** Directories, page by page: directories first, then by name. */
export function createListing(rules: PathRules): {
  page(request: ListRequest): Promise<{ total: number; rows: FileRow[] }>;
} {
  const kept: KeptListing[] = [];

  async function itemsOf(request: ListRequest): Promise<readonly Item[]> {
    const revision = await directoryRevision(request.path);
    const asked = JSON.stringify([request.path, request.extensions, request.hidden]);
    // The first page is always read anew: links and kinds may change without a trace in the directory.
    const known = kept.find((listing) => listing.request === asked && listing.revision === revision);
    if (known !== undefined && request.offset > 0) return known.items;
    const items = await readItems(request);
    const others = kept.filter((listing) => listing.request !== asked).slice(0, KEPT - 1);
    kept.splice(0, kept.length, { request: asked, revision, items }, ...others);
    return items;
  }

  async function rowOf(directory: string, { name, kind, hidden }: Item): Promise<FileRow> {
    const path = rules.join(directory, name);
    const status = await statusOf(path);
    return {
      name,
      path,
      kind: status?.kind ?? (kind === 'directory' ? 'directory' : 'other'),
      size: status?.kind === 'file' ? status.size : 0,
      modified: status === undefined ? '' : new Date(status.modifiedMs).toISOString(),
      hidden,
    };
  }

  return {
    async page(request) {
      const items = await itemsOf(request);
      const asked = items.slice(request.offset, request.offset + request.limit);
      const rows: FileRow[] = [];
      for (let at = 0; at < asked.length; at += AT_ONCE) {
        const some = asked.slice(at, at + AT_ONCE);
        rows.push(...(await Promise.all(some.map((item) => rowOf(request.path, item)))));
      }
      return { total: items.length, rows };
    },
  };
}

async function readItems({ path, extensions, hidden }: ListRequest): Promise<readonly Item[]> {
  const isHidden = await hiddenRule();
  const wanted = extensionTest(extensions);
  const items: Item[] = [];
  let since = performance.now();
  for await (const piece of directoryNames(path)) {
    for (const { name, kind } of piece) {
      if (kind !== 'directory' && !wanted(name)) continue;
      const item = { name, key: naturalKey(name), kind, hidden: isHidden(path, name) };
      if (hidden || !item.hidden) items.push(item);
      if (performance.now() - since < SLICE) continue;
      await breathe();
      since = performance.now();
    }
  }
  return sortInSlices(items, compareItems);
}

function compareItems(a: Item, b: Item): number {
  if ((a.kind === 'directory') !== (b.kind === 'directory')) return a.kind === 'directory' ? -1 : 1;
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Whether a file's name has one of the extensions, in any case of letters. */
export function extensionTest(extensions: readonly string[]): (name: string) => boolean {
  const ends = extensions
    .map((extension) => extension.replace(/^\*?\./, '').toLowerCase())
    .filter((extension) => extension !== '' && extension !== '*');
  if (ends.length < extensions.length || ends.length === 0) return () => true;
  return (name) => {
    const lower = name.toLowerCase();
    return ends.some((extension) => lower.endsWith(`.${extension}`));
  };
}
