import { AppError } from '../../../src-shared/errors/appError';
import type { files, PathStatus } from '../../../src-shared/contract/files';
import type { Handlers } from '../../../src-shared/rpc/server';
import {
  beginsAsWim,
  existingDirectory,
  isEmptyDirectory,
  mayUse,
  pathFacts,
  volumeSpace,
} from '../../platform/pathFacts';
import { makeDirectory, writeAtomically } from '../../platform/smallFiles';
import type { ShellServices } from '../shell';
import { completePath } from './completion';
import { createListing } from './listing';
import type { PathRules } from './pathRules';
import { listPlaces } from './places';

export interface FilesOptions {
  readonly rules: PathRules;
  readonly home: string;
  readonly shell: ShellServices;
  readonly practiceFolder: () => string;
  readonly recentFolders: () => Promise<readonly string[]>;
}

/** Paths of this system: the path browser, live checks, small reports. */
export function createFilesService(options: FilesOptions): {
  readonly handlers: Handlers<typeof files.members>;
} {
  const { rules, shell } = options;
  const listing = createListing(rules);
  return {
    handlers: {
      places: () => listPlaces(options),
      async list(request) {
        const path = rules.absolute(request.path);
        const page = await listing.page({ ...request, path });
        return { path, parent: rules.parent(path), ...page };
      },
      complete: (request) => completePath(request, rules),
      status: ({ path }) => statusOfPath(rules.absolute(path), rules),
      async makeFolder({ parent, name }) {
        const fault = rules.nameFault(name);
        if (fault !== undefined) {
          throw new AppError('usage/invalid', `a folder cannot be named "${name}": ${fault}`, { name });
        }
        const path = rules.join(rules.absolute(parent), name);
        await makeDirectory(path);
        return { path };
      },
      async pick(request) {
        if (shell.pick === undefined)
          throw new AppError('usage/invalid', 'there are no dialogs of the system here');
        const path = await shell.pick(request);
        return path === null ? null : { path };
      },
      async saveText({ path: typed, content, overwrite }) {
        const path = rules.absolute(typed);
        await writeAtomically(path, content, { overwrite });
        return { path };
      },
      async reveal({ path: typed }) {
        if (shell.reveal === undefined) throw new AppError('usage/invalid', 'there is no file manager here');
        const path = rules.absolute(typed);
        if ((await pathFacts(path)).kind === 'missing') {
          throw new AppError('io/not-found', `cannot show ${path}: it does not exist`, { path });
        }
        shell.reveal(path);
        return null;
      },
    },
  };
}

/** What a path is just now. @param path absolute */
export async function statusOfPath(path: string, rules: PathRules): Promise<PathStatus> {
  const facts = await pathFacts(path);
  const parent = rules.parent(path);
  const isDirectory = facts.kind === 'directory';
  const near = isDirectory ? path : await existingDirectory(parent ?? path);
  const missing = facts.kind === 'missing';
  const [readable, writable, space, empty, wim] = await Promise.all([
    missing ? false : mayUse(path, 'read', isDirectory),
    mayUse(missing ? near : path, 'write', missing || isDirectory),
    volumeSpace(near),
    isDirectory && isEmptyDirectory(path),
    facts.kind === 'file' && beginsAsWim(path),
  ]);
  return {
    path,
    name: rules.name(path),
    parent: parent ?? path,
    kind: facts.kind,
    parentExists: parent === null || isDirectory || facts.kind === 'file' || near === parent,
    size: facts.size,
    empty,
    readable,
    writable,
    free: space?.free ?? null,
    wim,
  };
}
