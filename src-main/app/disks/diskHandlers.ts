import type { disks } from '../../../src-shared/contract/disks';
import { AppError } from '../../../src-shared/errors/appError';
import type { Handlers } from '../../../src-shared/rpc/server';
import type { EngineHost } from '../../engine/os';
import { isPlainDirectory } from '../../engine/tree/attributes';
import type { Tree } from '../../engine/tree/tree';
import { ImageContents } from '../../engine/wim/browse/imageContents';
import { entryAt } from '../../engine/wim/browse/lookup';
import { entryRow } from '../../engine/wim/browse/rows';
import { abortable } from '../abortable';
import { revisionOf } from '../revision';
import { diskVerbsOf, type DiskVerbs } from './diskVerbs';
import { VolumeSessions } from './volumeSessions';

type DiskHandlers = Handlers<(typeof disks)['members']>;

/** Bytes of a layout's file: more is none. */
const LAYOUT_MAXIMUM = 1 << 20;

/** Answers the channel `disks`. What it keeps is bounded; no disk is open between requests. */
export function createDiskHandlers(host: EngineHost, verbs: DiskVerbs = diskVerbsOf(host)): DiskHandlers {
  const sessions = new VolumeSessions(host);
  return {
    physical: () => verbs.physical(),
    info: ({ disk }) => verbs.info({ disk: host.files.absolute(disk) }),
    layouts: () => verbs.layouts(),
    plan: ({ layout, size, sectorSize }) => verbs.planLayout(layout, size, sectorSize),
    readLayout: ({ path }) => verbs.parseLayout(readText(host, host.files.absolute(path))),

    async openVolume({ disk, volume }, { signal, report }) {
      const path = host.files.absolute(disk);
      // Before it is read: a disk that changes meanwhile is found changed at the next look.
      const revision = revisionOf(host.files, path) ?? '';
      const opened = verbs.openVolume(path, volume);
      try {
        const { tree } = await abortable(signal, (abort) =>
          opened.source.scan({ signal: abort, onProgress: report, securityDescriptors: 'none' }),
        );
        const session = sessions.keep(path, revision, new ImageContents(tree));
        return { session, label: opened.volume.label, ...countsOf(tree) };
      } finally {
        opened.close();
      }
    },

    closeVolume({ session }) {
      sessions.close(session);
      return null;
    },

    folder({ session, path, offset, limit, ...order }) {
      const { contents } = sessions.get(session);
      const { tree } = contents;
      const rows = contents.folder(entryAt(tree, path), order);
      return {
        total: rows.length,
        rows: Array.from(rows.subarray(offset, offset + limit), (row) =>
          entryRow(tree, row, contents.countChildren),
        ),
      };
    },
  };
}

/** Names that are no directories, and directories without the root. */
function countsOf(tree: Tree): { files: number; directories: number } {
  let directories = -1;
  for (let entry = 0; entry < tree.entryCount; entry++) {
    if (isPlainDirectory(tree.attributes[tree.inode[entry]])) directories += 1;
  }
  return { files: tree.entryCount - 1 - directories, directories: Math.max(0, directories) };
}

function readText({ files }: EngineHost, path: string): string {
  const file = files.openRead(path);
  try {
    if (file.size > LAYOUT_MAXIMUM) {
      throw new AppError('layout/invalid', `${path} is too large for a layout: ${file.size} bytes`, { path });
    }
    const bytes = new Uint8Array(file.size);
    return new TextDecoder().decode(bytes.subarray(0, file.read(0, bytes)));
  } finally {
    file.close();
  }
}
