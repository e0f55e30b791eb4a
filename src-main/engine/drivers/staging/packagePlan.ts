import { toHex } from '../../binary/hex';
import type { OfflineEdit, OfflineTree } from '../../offline/offlineTree';
import type { EngineHost } from '../../os';
import { isSafePath, MOST_PATH, stagingFolder, stagingWindowsPath } from './stagingPaths';
import type { StagedPackage, StagingFile, StagingInput, StagingOptions } from './stagingModel';

/** Bytes of a file that are read at once. */
const BLOCK = 1 << 20;
/** Of an INF's name in the name of its folder. */
const MOST_STEM = 40;

/** A package's folder in the image, and what copies it there. */
export interface PackagePlan {
  readonly staged: StagedPackage;
  readonly edits: readonly OfflineEdit[];
}

/** @returns a reason, as a clause, for a package that cannot be staged */
export function planPackage(
  tree: OfflineTree,
  input: StagingInput,
  options: Pick<StagingOptions, 'host' | 'windows'>,
  taken: ReadonlySet<string>,
): PackagePlan | string {
  const one = input.package;
  const unsafe = input.files.find(({ path }) => !isSafePath(path));
  if (unsafe !== undefined) return `it has a file named ${unsafe.path}, which Windows does not take`;
  const names = new Set(input.files.map(({ path }) => path.toLowerCase()));
  if (names.size !== input.files.length) return 'two of its files have the same name';
  if (!names.has(one.name.toLowerCase())) return `its files do not hold ${one.name}`;
  const folder = freeFolder(tree, options, one, taken);
  if (folder === undefined) return 'its folder in the image is taken by something else';
  const before = stagingWindowsPath(options.windows).length - stagingFolder(options.windows).length;
  const long = input.files.find(({ path }) => before + folder.length + 1 + path.length > MOST_PATH);
  if (long !== undefined) return `the path of ${long.path} would have more than ${MOST_PATH} characters`;
  const files = input.files.map((file) => ({
    path: file.path,
    size: file.size,
    sha256: hashOf(options.host, file),
  }));
  return {
    staged: {
      name: one.name,
      infSha256: one.infSha256,
      folder,
      provider: one.provider,
      className: one.className,
      classGuid: one.classGuid,
      date: one.date,
      version: one.version,
      architectures: one.architectures,
      bootCritical: one.bootCritical,
      files,
    },
    edits: input.files.map((file) => copyOf(file, `${folder}/${file.path}`)),
  };
}

export function copyOf(file: StagingFile, path: string): OfflineEdit {
  return 'bytes' in file
    ? { kind: 'write', path, bytes: file.bytes }
    : { kind: 'copy', path, source: file.source, size: file.size };
}

/** Files of a staged package that are not there any more, or have another size, by their paths in it. */
export function changedFiles(tree: OfflineTree, { folder, files }: StagedPackage): string[] {
  return files
    .filter(({ path, size }) => {
      const there = tree.find(`${folder}/${path}`);
      return there?.kind !== 'file' || there.size !== size;
    })
    .map(({ path }) => path);
}

/** 'e1d68x64_1a2b3c4d': the INF's name for people, and its hash, so that versions lie beside each other. */
function freeFolder(
  tree: OfflineTree,
  { windows }: Pick<StagingOptions, 'windows'>,
  { name, infSha256 }: StagingInput['package'],
  taken: ReadonlySet<string>,
): string | undefined {
  const stem = name
    .replace(/\.inf$/i, '')
    .replaceAll(/[^\w.-]/g, '_')
    .slice(0, MOST_STEM);
  return [8, 16, 64]
    .map((digits) => `${stagingFolder(windows)}/${stem}_${infSha256.slice(0, digits)}`)
    .find((path) => !taken.has(path.toLowerCase()) && tree.find(path) === undefined);
}

/** SHA-256 of a file that is to be copied. @throws AppError `io/...` */
export function hashOf(host: Pick<EngineHost, 'files' | 'crypto'>, file: StagingFile): string {
  if ('bytes' in file) return toHex(host.crypto.digest('sha256', file.bytes));
  const digest = host.crypto.start('sha256');
  const open = host.files.openRead(file.source);
  try {
    const block = new Uint8Array(BLOCK);
    for (let at = 0; ;) {
      const read = open.read(at, block);
      if (read === 0) break;
      digest.update(block.subarray(0, read));
      at += read;
    }
  } finally {
    open.close();
  }
  return toHex(digest.digest());
}
