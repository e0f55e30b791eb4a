import type { EngineHost } from '../../os';
import { makeWorkFolder, type WorkFolder } from '../../offline/workFolder';
import type { VerbContext } from '../../wim/ops/common';
import { openContainer } from '../packages/openContainer';
import type { ContainerPlace, ReadPackage } from '../packages/readDriversTask';
import { unpackContainer } from '../packages/unpackContainer';
import type { StagingFile, StagingInput } from '../staging/stagingModel';

/** A file of a driver package that is larger is none. */
export const LARGEST_PACKAGE_FILE = 2 ** 30;

/** Bytes of archives that a plan holds in memory; beyond it unpacks them for as long as it is made. */
const MOST_IN_MEMORY = 128 << 20;

/** Packages with their files at hand. */
export interface GatheredPackages {
  readonly inputs: readonly StagingInput[];
  /** Removes what was unpacked. */
  close(): void;
}

/**
 * Makes the files of packages be files of this machine: those of archives are unpacked into a work folder; or, for a
 * plan that writes nothing, into memory.
 * @param directory where the work folder is made
 */
export async function gatherPackages(
  host: EngineHost,
  packages: readonly ReadPackage[],
  directory: string,
  inMemory: boolean,
  context: VerbContext,
): Promise<GatheredPackages> {
  const packed = packages.filter(({ container }) => container.kind !== 'folder');
  const bytes = packed.reduce((sum, { package: { bytes: size } }) => sum + size, 0);
  const needsFolder = packed.length > 0 && (!inMemory || bytes > MOST_IN_MEMORY);
  const work = needsFolder ? makeWorkFolder(host, directory) : undefined;
  try {
    const filesOf = new Map<ReadPackage, readonly StagingFile[]>();
    for (const group of byContainer(packages)) await gather(host, group, work, filesOf, context);
    return {
      inputs: packages.map((one) => ({ package: one.package, files: filesOf.get(one) ?? [] })),
      close: () => work?.close(),
    };
  } catch (error) {
    work?.close();
    throw error;
  }
}

async function gather(
  host: EngineHost,
  { place, packages }: { readonly place: ContainerPlace; readonly packages: readonly ReadPackage[] },
  work: WorkFolder | undefined,
  filesOf: Map<ReadPackage, readonly StagingFile[]>,
  context: VerbContext,
): Promise<void> {
  const { files } = host;
  if (place.kind === 'folder') {
    for (const one of packages) {
      const at = one.files.map(({ path, at: inside, size }) => ({
        path,
        size,
        source: files.join(place.path, ...inside.split('/')),
      }));
      filesOf.set(one, at);
    }
    return;
  }
  const container = openContainer(host, place);
  try {
    if (work === undefined) {
      for (const one of packages) {
        const read = one.files.map(({ path, at, size }) => ({
          path,
          size,
          bytes: container.read(at, LARGEST_PACKAGE_FILE),
        }));
        filesOf.set(one, read);
      }
      return;
    }
    const folder = files.join(work.path, `archive-${filesOf.size}`);
    files.makeDirectory(folder);
    const wanted = new Set(packages.flatMap((one) => one.files.map(({ at }) => at)));
    await unpackContainer(host, container, [...wanted], folder, { signal: context.signal });
    for (const one of packages) {
      const unpacked = one.files.map(({ path, at, size }) => ({
        path,
        size,
        source: files.join(folder, ...at.split('/')),
      }));
      filesOf.set(one, unpacked);
    }
  } finally {
    container.close();
  }
}

function byContainer(
  packages: readonly ReadPackage[],
): { readonly place: ContainerPlace; readonly packages: ReadPackage[] }[] {
  const groups = new Map<string, { place: ContainerPlace; packages: ReadPackage[] }>();
  for (const one of packages) {
    const key = `${one.container.kind}\t${one.container.path}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { place: one.container, packages: [one] });
    else group.packages.push(one);
  }
  return [...groups.values()];
}
