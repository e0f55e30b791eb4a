import { AppError } from '../../../../src-shared/errors/appError';
import { MOST_ANSWER_BYTES } from '../../answer/answerFile';
import { removeDriverPaths } from '../../answer/removeDriverPaths';
import { bytesEqual } from '../../binary/bytesEqual';
import { hiveEdits, openOfflineHive, type OfflineHive } from '../../offline/offlineHives';
import type { OfflineEdit, OfflineTree } from '../../offline/offlineTree';
import { unregisterForBoot, type BootRecord } from '../bootRegistration/bootRegistration';
import { removeDevicePath } from './devicePath';
import {
  readManifest,
  writeManifest,
  type AnswerRecord,
  type ScriptRecord,
  type StagingManifest,
} from './manifest';
import { hasBlock, removeBlock } from './scriptBlock';
import { MOST_SCRIPT_BYTES, sha256 } from './stagingMeans';
import type { RemovalPlan, StagedPackage, StagingOptions } from './stagingModel';
import { manifestPath, stagingFolder } from './stagingPaths';

/** A file of a staged package that is larger was not staged by this program. */
const MOST_FILE_BYTES = 2 ** 31;

/**
 * What takes staged packages out again: what was added and nothing else. What somebody changed since then stays, with a
 * warning. With the last package goes what told Windows of them.
 * @param names INF names, or names of their folders; 'all' for every one
 * @throws AppError `drivers/no-such-driver` for a name that is not staged, `offline/read-only`, `registry/dirty`;
 *   FormatError for a hive, an answer file or a list of staged drivers that is damaged
 */
export function planRemoval(
  tree: OfflineTree,
  names: readonly string[] | 'all',
  options: Pick<StagingOptions, 'host' | 'windows'>,
): RemovalPlan {
  if (tree.readOnly !== undefined) {
    throw new AppError('offline/read-only', tree.readOnly, { path: tree.label });
  }
  const manifest = readManifest(tree, options.windows);
  return new Removal(tree, options, manifest).run(chosen(tree, manifest, names));
}

function chosen(
  tree: OfflineTree,
  { packages }: StagingManifest,
  names: readonly string[] | 'all',
): StagedPackage[] {
  if (names === 'all') return [...packages];
  const found = new Set<StagedPackage>();
  for (const name of names) {
    const wanted = name.toLowerCase();
    const named = packages.filter(
      (one) => one.name.toLowerCase() === wanted || one.folder.toLowerCase().endsWith(`/${wanted}`),
    );
    if (named.length === 0) {
      throw new AppError('drivers/no-such-driver', `${tree.label} has no staged driver ${name}`, { name });
    }
    for (const one of named) found.add(one);
  }
  return [...found];
}

class Removal {
  private readonly edits: OfflineEdit[] = [];
  private readonly steps: string[] = [];
  private readonly warnings: string[] = [];
  /** Paths that will be gone, in lower case. */
  private readonly gone = new Set<string>();

  constructor(
    private readonly tree: OfflineTree,
    private readonly options: Pick<StagingOptions, 'host' | 'windows'>,
    private readonly manifest: StagingManifest,
  ) {}

  run(removed: readonly StagedPackage[]): RemovalPlan {
    const { edits, steps, warnings } = this;
    if (removed.length === 0) return { edits, removed, steps, warnings };
    const hashes = new Set(removed.map(({ infSha256 }) => infSha256));
    for (const one of removed) this.package(one);
    steps.push(
      `Delete ${removed.map(({ name }) => name).join(', ')} from ${stagingFolder(this.options.windows)}`,
    );
    this.unregister(this.manifest.boot.filter(({ infSha256 }) => hashes.has(infSha256)));
    const rest: StagingManifest = {
      ...this.manifest,
      packages: this.manifest.packages.filter((one) => !removed.includes(one)),
      boot: this.manifest.boot.filter(({ infSha256 }) => !hashes.has(infSha256)),
    };
    const path = manifestPath(this.options.windows);
    if (rest.packages.length > 0) edits.push({ kind: 'write', path, bytes: writeManifest(rest) });
    else this.forgetAll(path);
    return { edits, removed, steps, warnings };
  }

  private package({ folder, files }: StagedPackage): void {
    for (const file of files) this.unchangedFile(`${folder}/${file.path}`, file.size, file.sha256);
    const folders = new Set(files.flatMap(({ path }) => innerFolders(folder, path)));
    for (const inner of [...folders].sort((a, b) => b.length - a.length)) this.emptyFolder(inner);
    this.emptyFolder(folder);
  }

  /** Deletes a file that is as it was written. */
  private unchangedFile(path: string, size: number | undefined, hash: string): void {
    const entry = this.tree.find(path);
    if (entry === undefined) return;
    const same =
      entry.kind === 'file' &&
      (size === undefined || entry.size === size) &&
      sha256(this.options.host, this.tree.read(path, MOST_FILE_BYTES)) === hash;
    if (same) this.delete(entry.path);
    else this.warnings.push(`${this.tree.label}: ${entry.path} was changed since it was staged, and stays`);
  }

  private delete(path: string): void {
    this.gone.add(path.toLowerCase());
    this.edits.push({ kind: 'delete', path });
  }

  /** Deletes a directory that will be empty. */
  private emptyFolder(path: string): void {
    const entry = this.tree.find(path);
    if (entry?.kind !== 'directory') return;
    const holds = this.tree.list(path).some((child) => !this.gone.has(child.path.toLowerCase()));
    if (!holds) this.delete(entry.path);
  }

  private unregister(records: readonly BootRecord[]): void {
    if (records.length === 0) return;
    const system = this.hive('SYSTEM');
    if (system === undefined) return;
    for (const record of records) {
      const { service, warnings } = unregisterForBoot(system.hive, record);
      this.warnings.push(...warnings.map((warning) => `${this.tree.label}: ${warning}`));
      if (service && record.file !== undefined)
        this.unchangedFile(record.file.path, undefined, record.file.sha256);
      this.steps.push(`Take service ${record.service} out of the SYSTEM hive`);
    }
    this.closeHive(system);
  }

  private forgetAll(path: string): void {
    if (this.manifest.devicePath !== undefined) this.devicePath(this.manifest.devicePath);
    for (const answer of this.manifest.answers) this.answer(answer);
    for (const script of this.manifest.scripts) this.script(script);
    const entry = this.tree.find(path);
    if (entry !== undefined) this.delete(entry.path);
    for (const folder of [...this.manifest.folders].reverse()) this.emptyFolder(folder);
  }

  private devicePath(record: NonNullable<StagingManifest['devicePath']>): void {
    const software = this.hive('SOFTWARE');
    if (software === undefined) return;
    const warning = removeDevicePath(software.hive.root, record);
    if (warning !== undefined) this.warnings.push(`${software.path}: ${warning}`);
    else this.steps.push(`Take ${record.entry} out of DevicePath in ${software.path}`);
    this.closeHive(software);
  }

  private answer(record: AnswerRecord): void {
    const bytes = this.read(record.path, MOST_ANSWER_BYTES);
    if (bytes === undefined) return;
    if (record.created && sha256(this.options.host, bytes) === record.sha256) {
      this.delete(record.path);
      this.steps.push(`Delete the answer file ${record.path}`);
      return;
    }
    const cleaned = removeDriverPaths(bytes, `${this.tree.label}: ${record.path}`, record.additions);
    this.warnings.push(...cleaned.warnings);
    if (bytesEqual(cleaned.bytes, bytes)) return;
    this.edits.push({ kind: 'write', path: record.path, bytes: cleaned.bytes });
    this.steps.push(`Take the folder out of the answer file ${record.path}`);
  }

  private script(record: ScriptRecord): void {
    const bytes = this.read(record.path, MOST_SCRIPT_BYTES);
    if (bytes === undefined) return;
    if (record.created && sha256(this.options.host, bytes) === record.sha256) {
      this.delete(record.path);
      this.steps.push(`Delete ${record.path}`);
      return;
    }
    const cleaned = removeBlock(bytes, record.inserted);
    if (cleaned !== undefined) {
      this.edits.push({ kind: 'write', path: record.path, bytes: cleaned });
      this.steps.push(`Take the block out of ${record.path}`);
    } else if (hasBlock(bytes)) {
      this.warnings.push(`${this.tree.label}: the block in ${record.path} was changed, and stays`);
    } else this.warnings.push(`${this.tree.label}: ${record.path} has no block of staged drivers any more`);
  }

  private read(path: string, limit: number): Uint8Array | undefined {
    if (this.tree.find(path)?.kind === 'file') return this.tree.read(path, limit);
    this.warnings.push(`${this.tree.label}: ${path} is not there any more`);
    return undefined;
  }

  private hive(name: 'SYSTEM' | 'SOFTWARE'): OfflineHive | undefined {
    const { windows, host } = this.options;
    const hive = openOfflineHive(this.tree, windows.systemRoot, name, host.now);
    if (hive === undefined) this.warnings.push(`${this.tree.label} has no ${name} hive any more`);
    return hive;
  }

  private closeHive(hive: OfflineHive): void {
    this.edits.push(...hiveEdits(hive));
    this.warnings.push(...hive.warnings());
  }
}

/** Folders below `folder` that a file's relative path leads through. */
function innerFolders(folder: string, path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, i) => `${folder}/${names.slice(0, i + 1).join('/')}`);
}
