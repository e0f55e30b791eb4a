import type { browse } from '../../../src-shared/contract/browse';
import type { Handlers } from '../../../src-shared/rpc/server';
import type { EngineHost } from '../../engine/os';
import { runInSlices } from '../../engine/steps';
import { NONE, type Tree } from '../../engine/tree/tree';
import { entryFacts } from '../../engine/wim/browse/entryFacts';
import { orderFolder } from '../../engine/wim/browse/folderOrder';
import { entryAt, noSuchPath } from '../../engine/wim/browse/lookup';
import { preview } from '../../engine/wim/browse/preview';
import { entryRow, type ChildCounts } from '../../engine/wim/browse/rows';
import { searchTree } from '../../engine/wim/browse/search';
import { spaceSteps } from '../../engine/wim/browse/space';
import { WimSessions, type SessionLimits } from './wimSessions';

type BrowseHandlers = Handlers<(typeof browse)['members']>;

/** Answers the channel `browse`. What it keeps is bounded; no file is open between requests. */
export function createBrowseHandlers(host: EngineHost, limits?: SessionLimits): BrowseHandlers {
  const sessions = new WimSessions(host, limits);
  return {
    async open({ wim, ref }) {
      const { name, session, revision } = await sessions.open(wim, ref ?? []);
      const { summary } = session;
      const first = summary.bootIndex > 0 ? summary.bootIndex : 1;
      if (session.wim.images.length > 0) session.prepare(first);
      return { session: name, summary, revision };
    },

    close({ session }) {
      sessions.close(session);
      return null;
    },

    async folder({ session: name, image, path, offset, limit, ...order }) {
      const session = sessions.get(name);
      const glimpse = await session.glimpse(image, path);
      if (glimpse !== undefined) {
        if (glimpse.directory === NONE) throw noSuchPath(path);
        const rows = orderFolder(glimpse.tree, glimpse.directory, order);
        return page(glimpse.tree, rows, offset, limit, glimpse.countChildren);
      }
      const contents = await session.contents(image);
      const rows = contents.folder(entryAt(contents.tree, path), order);
      return page(contents.tree, rows, offset, limit, contents.countChildren);
    },

    async entry({ session: name, image, path }) {
      const session = sessions.get(name);
      const contents = await session.contents(image);
      return session.use((wim) => entryFacts(session.host, wim, contents, entryAt(contents.tree, path)));
    },

    async search({ session: name, image, pattern, limit }) {
      const contents = await sessions.get(name).contents(image);
      const { tree } = contents;
      const { total, entries } = searchTree(tree, contents.pathOrder, pattern, limit);
      return { total, rows: entries.map((entry) => entryRow(tree, entry, contents.countChildren)) };
    },

    async preview({ session: name, image, path, bytes }) {
      const session = sessions.get(name);
      const { tree } = await session.contents(image);
      return session.use((wim) => preview(session.host, wim, tree, entryAt(tree, path), bytes));
    },

    async space({ session: name, image }, { signal, report }) {
      const session = sessions.get(name);
      const count = session.wim.images.length;
      const tell = (images: number): void =>
        report({ phase: 'Reading', filesDone: images, filesTotal: count, bytesDone: 0, bytesTotal: 0 });
      tell(0);
      const { tree } = await session.contents(image, signal);
      const figures = await runInSlices(session.host, spaceSteps(session.wim, tree), signal);
      const onlyHere = await session.bytesOnlyInImages({ signal, onImage: tell });
      return { ...figures, onlyHere: onlyHere[image - 1] };
    },

    async onlyInImages({ session: name }, { signal, report }) {
      const session = sessions.get(name);
      const count = session.wim.images.length;
      const onImage = (images: number): void =>
        report({ phase: 'Reading', filesDone: images, filesTotal: count, bytesDone: 0, bytesTotal: 0 });
      return [...(await session.bytesOnlyInImages({ signal, onImage }))];
    },
  };
}

function page(
  tree: Tree,
  rows: Int32Array,
  offset: number,
  limit: number,
  counts: ChildCounts,
): { total: number; rows: ReturnType<typeof entryRow>[] } {
  const shown = Array.from(rows.subarray(offset, offset + limit), (row) => entryRow(tree, row, counts));
  return { total: rows.length, rows: shown };
}
