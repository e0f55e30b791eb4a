import { AppError } from '../../../../src-shared/errors/appError';
import { currentControlSet, hiveEdits, openOfflineHive, type OfflineHive } from '../../offline/offlineHives';
import type { OfflineEdit, OfflineTree } from '../../offline/offlineTree';
import { planBoot } from './bootStep';
import { addDevicePath } from './devicePath';
import { readManifest, writeManifest, type StagingManifest } from './manifest';
import { changedFiles, copyOf, planPackage } from './packagePlan';
import {
  meansRemark,
  planAnswer,
  planSetupComplete,
  planStartnet,
  samePath,
  type Means,
} from './stagingMeans';
import type { StagedOutcome, StagedPackage, StagingInput, StagingOptions, StagingPlan } from './stagingModel';
import { driverPathSets, manifestPath, stagingFolder, stagingVariable } from './stagingPaths';

/**
 * What puts packages into an offline Windows so that its Setup or its first start installs them; see
 * docs/decisions/0016. Packages that were staged before stay, and are not staged twice.
 * @throws AppError `offline/read-only`, `offline/too-large`, `registry/dirty`; FormatError for a hive, an answer file or
 *   a list of staged drivers that is damaged
 */
export function planStaging(
  tree: OfflineTree,
  packages: readonly StagingInput[],
  options: StagingOptions,
): StagingPlan {
  if (tree.readOnly !== undefined) {
    throw new AppError('offline/read-only', tree.readOnly, { path: tree.label });
  }
  return new Staging(tree, options).run(packages);
}

class Staging {
  private manifest: StagingManifest;
  private readonly edits: OfflineEdit[] = [];
  private readonly outcomes: StagedOutcome[] = [];
  private readonly steps: string[] = [];
  private readonly warnings: string[] = [];
  private system: OfflineHive | undefined;

  constructor(
    private readonly tree: OfflineTree,
    private readonly options: StagingOptions,
  ) {
    this.manifest = readManifest(tree, options.windows);
  }

  run(packages: readonly StagingInput[]): StagingPlan {
    const { windows } = this.options;
    const { systemRoot } = windows;
    this.system = openOfflineHive(this.tree, systemRoot, 'SYSTEM', this.options.host.now);
    const staged = this.stagePackages(packages);
    if (this.options.registerForBoot === true) this.registerAll(staged);
    if (this.manifest.packages.length > 0) this.tellWindows();
    if (this.system !== undefined) this.closeHive(this.system);
    if (this.edits.length > 0) {
      this.recordFolders();
      const path = manifestPath(windows);
      this.edits.push({ kind: 'write', path, bytes: writeManifest(this.manifest) });
    }
    const { edits, outcomes, steps, warnings } = this;
    return { edits, driverPaths: driverPathSets(windows), outcomes, steps, warnings };
  }

  /** @returns the packages that are in the image, then: staged now or before */
  private stagePackages(packages: readonly StagingInput[]): StagingInput[] {
    const before = new Map(this.manifest.packages.map((one) => [one.infSha256, one]));
    const seen = new Set<string>();
    const added: StagedPackage[] = [];
    const present: StagingInput[] = [];
    for (const input of packages) {
      const { id, infSha256, name } = input.package;
      const there = before.get(infSha256);
      if (seen.has(infSha256)) {
        this.outcomes.push({ package: id, outcome: 'left out', why: `another copy of ${name} is staged` });
        continue;
      }
      if (there !== undefined && this.tree.find(there.folder) !== undefined) {
        seen.add(infSha256);
        present.push(input);
        this.outcomes.push({
          package: id,
          outcome: 'staged',
          place: there.folder,
          why: this.mend(input, there),
        });
        continue;
      }
      const taken = new Set(added.map(({ folder }) => folder.toLowerCase()));
      const plan = planPackage(this.tree, input, this.options, taken);
      if (typeof plan === 'string') {
        this.outcomes.push({ package: id, outcome: 'failed', why: plan });
        continue;
      }
      seen.add(infSha256);
      added.push(plan.staged);
      present.push(input);
      this.edits.push(...plan.edits);
      this.outcomes.push({ package: id, outcome: 'staged', place: plan.staged.folder });
    }
    if (added.length > 0) {
      const what = added.length === 1 ? '1 driver package' : `${added.length} driver packages`;
      this.steps.push(`Copy ${what} to ${stagingFolder(this.options.windows)}`);
    }
    const kept = this.manifest.packages.filter(({ infSha256 }) =>
      added.every((one) => one.infSha256 !== infSha256),
    );
    this.manifest = { ...this.manifest, packages: [...kept, ...added] };
    return present;
  }

  /** Writes files of a package anew that are not there as they were staged. @returns what to say of it */
  private mend(input: StagingInput, there: StagedPackage): string {
    const changed = changedFiles(this.tree, there);
    if (changed.length === 0) return 'it was staged before';
    for (const file of input.files) {
      if (!changed.includes(file.path)) continue;
      this.edits.push(copyOf(file, `${there.folder}/${file.path}`));
    }
    const what = changed.length === 1 ? `${changed[0]} was` : `${changed.length} files were`;
    return `it was staged before; ${what} changed since and is written anew`;
  }

  private tellWindows(): void {
    const { windows, noAnswerFile } = this.options;
    const withAnswer = noAnswerFile !== true && windows.installation !== 'windows-pe';
    if (windows.installation === 'windows') this.extendDevicePath();
    if (windows.installation === 'windows-pe')
      this.script(planStartnet(this.tree, this.options, this.manifest));
    if (withAnswer) this.answer();
    const remark = meansRemark(windows, withAnswer);
    if (remark !== undefined) this.warnings.push(remark);
    if (this.options.setupComplete !== true) return;
    if (windows.installation === 'windows') {
      this.script(planSetupComplete(this.tree, this.options, this.manifest));
    } else this.warnings.push('SetupComplete.cmd is run by an installed Windows only, and was not written');
  }

  private extendDevicePath(): void {
    const { windows, host } = this.options;
    const software = openOfflineHive(this.tree, windows.systemRoot, 'SOFTWARE', host.now);
    if (software === undefined) {
      this.warnings.push(
        `${this.tree.label} has no SOFTWARE hive: DevicePath does not name the staged drivers`,
      );
      return;
    }
    const record = addDevicePath(software.hive.root, stagingVariable);
    this.closeHive(software);
    if (record === undefined) return;
    this.manifest = { ...this.manifest, devicePath: record };
    this.steps.push(`Add ${stagingVariable} to DevicePath in ${software.path}`);
  }

  private answer(): void {
    const means = planAnswer(this.tree, this.options, this.manifest, this.system?.hive);
    const { record } = this.take(means);
    if (record === undefined) return;
    const others = this.manifest.answers.filter(({ path }) => !samePath(path, record.path));
    this.manifest = { ...this.manifest, answers: [...others, record] };
  }

  private script(means: ReturnType<typeof planStartnet>): void {
    const { record } = this.take(means);
    if (record === undefined) return;
    const others = this.manifest.scripts.filter(({ path }) => !samePath(path, record.path));
    this.manifest = { ...this.manifest, scripts: [...others, record] };
  }

  private take<T>(means: Means<T>): Means<T> {
    this.edits.push(...means.edits);
    this.steps.push(...means.steps);
    this.warnings.push(...means.warnings);
    return means;
  }

  private registerAll(inputs: readonly StagingInput[]): void {
    for (const input of inputs) {
      const { id, infSha256, name } = input.package;
      const registered = this.manifest.boot.some((record) => record.infSha256 === infSha256);
      const why = registered ? undefined : this.register(input);
      const at = this.outcomes.findIndex((outcome) => outcome.package === id && outcome.outcome === 'staged');
      const { place } = this.outcomes[at];
      const found = place === undefined ? {} : { place };
      this.outcomes[at] =
        why === undefined
          ? { package: id, outcome: 'registered for boot', ...found }
          : { package: id, outcome: 'staged', ...found, why: `not registered for boot: ${why}` };
      if (why === undefined && !registered) this.steps.push(`Register ${name} for boot in the SYSTEM hive`);
    }
  }

  /** @returns a reason, as a clause, where it was not done */
  private register(input: StagingInput): string | undefined {
    if (this.system === undefined) return `${this.tree.label} has no SYSTEM hive`;
    const { hive } = this.system;
    const step = planBoot(this.tree, input, this.options, hive, currentControlSet(hive));
    if (typeof step === 'string') return step;
    this.edits.push(...step.edits);
    this.manifest = { ...this.manifest, boot: [...this.manifest.boot, step.record] };
    return undefined;
  }

  private closeHive(hive: OfflineHive): void {
    this.edits.push(...hiveEdits(hive));
    this.warnings.push(...hive.warnings());
  }

  /** Directories that the edits make, so that an undo can take them away when they are empty. */
  private recordFolders(): void {
    const known = new Set(this.manifest.folders.map((path) => path.toLowerCase()));
    const folders = [...this.manifest.folders];
    const others = [...this.manifest.answers, ...this.manifest.scripts].map(({ path }) => path);
    for (const path of [manifestPath(this.options.windows), ...others]) {
      for (const folder of foldersAbove(path)) {
        if (known.has(folder.toLowerCase()) || this.tree.find(folder) !== undefined) continue;
        known.add(folder.toLowerCase());
        folders.push(folder);
      }
    }
    this.manifest = { ...this.manifest, folders };
  }
}

/** '/a' and '/a/b' of '/a/b/c'. */
function foldersAbove(path: string): string[] {
  const names = path.split('/').slice(1, -1);
  return names.map((_, i) => `/${names.slice(0, i + 1).join('/')}`);
}
