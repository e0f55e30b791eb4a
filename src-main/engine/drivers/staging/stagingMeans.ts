import type { OfflineWindows } from '../../../../src-shared/model/drivers';
import { MOST_ANSWER_BYTES } from '../../answer/answerFile';
import { mergeDriverPaths, newAnswerFile } from '../../answer/mergeDriverPaths';
import type { OfflineEdit, OfflineTree } from '../../offline/offlineTree';
import type { Hive } from '../../registry/hive';
import { findAnswerPlace } from './answerPlace';
import { toHex } from '../../binary/hex';
import type { AnswerRecord, ScriptRecord, StagingManifest } from './manifest';
import { insertBlock, removeBlock } from './scriptBlock';
import type { StagingOptions } from './stagingModel';
import { driverPathSets, imagePath, stagingVariable } from './stagingPaths';

/** Scripts are written by hand. Bytes. */
export const MOST_SCRIPT_BYTES = 4 * 1024 * 1024;
/** First build whose pnputil takes /add-driver: Windows 10 version 1607 ("PnPUtil Command Syntax"). */
const PNPUTIL_BUILD = 14_393;

/** One of the means by which a Windows is told of its staged packages. */
export interface Means<Record> {
  /** Absent: it was as it is to be. */
  readonly record?: Record;
  readonly edits: readonly OfflineEdit[];
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
}

type Context = Pick<StagingOptions, 'host' | 'windows'>;

/** Names the staging folder in the answer file that Setup would take. */
export function planAnswer(
  tree: OfflineTree,
  { host, windows }: Context,
  manifest: StagingManifest,
  system: Hive | undefined,
): Means<AnswerRecord> {
  const place = findAnswerPlace(tree, windows, system);
  const sets = driverPathSets(windows);
  const { architecture } = windows.target;
  const label = `${tree.label}: ${place.path}`;
  const old = place.exists ? tree.read(place.path, MOST_ANSWER_BYTES) : undefined;
  const merged =
    old === undefined ? newAnswerFile(architecture, sets) : mergeDriverPaths(old, label, architecture, sets);
  const warnings = [...place.warnings, ...merged.warnings];
  if (merged.added.length === 0) return { edits: [], steps: [], warnings };
  const before = manifest.answers.find(({ path }) => samePath(path, place.path));
  const record: AnswerRecord = {
    path: place.path,
    created: old === undefined || before?.created === true,
    sha256: sha256(host, merged.bytes),
    additions: old === undefined ? merged.added : [...(before?.additions ?? []), ...merged.added],
  };
  return {
    record,
    edits: [{ kind: 'write', path: place.path, bytes: merged.bytes }],
    steps: [
      `${old === undefined ? 'Make the answer file' : 'Put the folder into the answer file'} ${place.path}` +
        ` (passes ${sets.map(({ pass }) => pass).join(' and ')})`,
    ],
    warnings,
  };
}

/** Lets pnputil add the packages when Setup is through. */
export function planSetupComplete(
  tree: OfflineTree,
  context: Context,
  manifest: StagingManifest,
): Means<ScriptRecord> {
  const pnputil = '"%SystemRoot%\\System32\\pnputil.exe"';
  const line =
    context.windows.target.build >= PNPUTIL_BUILD
      ? `${pnputil} /add-driver "${stagingVariable}\\*.inf" /subdirs /install`
      : `for /r "${stagingVariable}" %%i in (*.inf) do ${pnputil} -i -a "%%i"`;
  const path = `${imagePath(context.windows.systemRoot)}/Setup/Scripts/SetupComplete.cmd`;
  return planScript(tree, context, manifest, path, [line], '@echo off\r\n');
}

/** Lets drvload load the packages when Windows PE starts. */
export function planStartnet(
  tree: OfflineTree,
  context: Context,
  manifest: StagingManifest,
): Means<ScriptRecord> {
  const root = imagePath(context.windows.systemRoot);
  const path = `${root}/System32/startnet.cmd`;
  const network = manifest.packages.some(({ className }) => className.toLowerCase() === 'net');
  const lines = [
    `for /r "${stagingVariable}" %%i in (*.inf) do drvload.exe "%%i"`,
    // wpeinit has set up the network by then, without the adapters that come only now.
    ...(network ? ['wpeutil.exe InitializeNetwork'] : []),
  ];
  const means = planScript(tree, context, manifest, path, lines, 'wpeinit\r\n', WPEINIT);
  const shell = tree.find(`${root}/System32/winpeshl.ini`);
  if (shell?.kind !== 'file') return means;
  const warning =
    `${shell.path} says what this Windows PE starts, and stays as it is: unless that runs startnet.cmd,` +
    ' nothing loads the staged drivers';
  return { ...means, warnings: [...means.warnings, warning] };
}

const WPEINIT = /^@?(?:call\s+)?(?:start\s+\/wait\s+)?"?(?:[^\s"]*\\)?wpeinit(?:\.exe)?(?:"|\s|$)/i;

function planScript(
  tree: OfflineTree,
  { host }: Context,
  manifest: StagingManifest,
  wanted: string,
  lines: readonly string[],
  fresh: string,
  after?: RegExp,
): Means<ScriptRecord> {
  const entry = tree.find(wanted);
  const path = entry?.path ?? wanted;
  const before = manifest.scripts.find((script) => samePath(script.path, path));
  const there = entry?.kind === 'file' ? tree.read(path, MOST_SCRIPT_BYTES) : undefined;
  const cleaned =
    there === undefined || before === undefined ? undefined : removeBlock(there, before.inserted);
  const script = cleaned ?? there ?? new TextEncoder().encode(fresh);
  const block = insertBlock(script, lines, after);
  const record: ScriptRecord = {
    path,
    created: there === undefined || before?.created === true,
    sha256: sha256(host, block.bytes),
    inserted: block.inserted,
  };
  if (there !== undefined && sha256(host, there) === record.sha256)
    return { edits: [], steps: [], warnings: [] };
  return {
    record,
    edits: [{ kind: 'write', path, bytes: block.bytes }],
    steps: [`${there === undefined ? 'Make' : 'Put a block of its own into'} ${path}`],
    warnings: block.wide
      ? [`${tree.label}: ${path} is UTF-16, which the command processor does not run`]
      : [],
  };
}

export function samePath(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

export function sha256(host: StagingOptions['host'], bytes: Uint8Array): string {
  return toHex(host.crypto.digest('sha256', bytes));
}

/** What the person should know of the means that a kind of Windows has. */
export function meansRemark({ installation }: OfflineWindows, hasAnswer: boolean): string | undefined {
  if (installation === 'windows-setup' && !hasAnswer) {
    return 'nothing tells Windows Setup of the staged drivers without an answer file: name them on the installation medium';
  }
  if (installation === 'windows-setup') {
    return 'an answer file on the installation medium is taken before the one in the image: it must name the drivers, too';
  }
  return undefined;
}
