import { AppError } from '../../../../src-shared/errors/appError';
import type { PlanReport, UpdateReport, WriteReport } from '../../../../src-shared/model/reports';
import type { SourceChoices, UpdateEdit, UpdateRequest } from '../../../../src-shared/model/requests';
import type { EngineHost } from '../../os';
import type { Exclusions } from '../../tree/exclusions/exclusionMatcher';
import { canonicalImagePath } from '../../tree/imagePath';
import type { TreeSource } from '../../tree/source';
import type { Tree } from '../../tree/tree';
import { loadImage, openWim } from '../openWim';
import { WimFlag } from '../records/wimHeader';
import type { Wim } from '../wim';
import { assertChangeable } from '../write/wimSession';
import { AddedTree } from './addedTree';
import { needsRewrite, scanSource } from './capture';
import { chooseImage, reportWarnings, writerOptions, type VerbContext } from './common';
import type { NameRules } from './dir';
import { ImageEdits } from './imageEdits';
import { writeChangedImage } from './writeChangedImage';

/** What an update needs beyond its request. */
export interface UpdateInput {
  /**
   * Makes a source that holds the file or directory `source` at the path `target` of its tree: '/' for a directory
   * that is the root itself.
   */
  readonly sourceAt: (source: string, target: string) => TreeSource;
  /** What is left out of an added directory. */
  readonly matcherFor: (choices: SourceChoices, context: VerbContext) => Exclusions | undefined;
  readonly rules: NameRules;
}

type AddEdit = Extract<UpdateEdit, { kind: 'add' }> & {
  /** Refuse to replace a file. */
  readonly noReplace?: boolean;
};

/** The image being changed, and what is to be stored for it. */
interface Changes {
  readonly tree: Tree;
  readonly edits: ImageEdits;
  readonly added: AddedTree[];
  /** One sentence for each edit. */
  readonly steps: string[];
  readonly warnings: string[];
}

/**
 * Adds, deletes and renames files of an image, in order and all at once: every edit is checked and every source scanned
 * before anything is written. The file is added to at its end, so that its images stay readable whatever happens; or,
 * with `rebuild` or another compression, made anew.
 * @throws AppError `wim/bad-edit`, `wim/no-such-path` for an edit that cannot be made; the file is as it was
 */
export async function update(
  host: EngineHost,
  request: UpdateRequest,
  input: UpdateInput,
  context: VerbContext = {},
): Promise<UpdateReport> {
  const wim = await openWim(host, host.files.absolute(request.wim), {
    writable: request.dryRun !== true,
    ref: request.ref,
    verifyIntegrity: request.verifyIntegrity,
    signal: context.signal,
    onProgress: context.onProgress,
  });
  try {
    assertChangeable(wim);
    const index = chooseImage(wim, request.image);
    const options = writerOptions(host, { ...request, retainGuid: true }, context, wim);
    const inPlace = !needsRewrite(request, wim, options);
    const tree = loadImage(host, wim, index);
    reportWarnings(wim, context);
    const label = `image ${index} of ${wim.path}`;
    const edits = new ImageEdits(tree, input.rules, label, host.now());
    const changes: Changes = { tree, edits, added: [], steps: [], warnings: [] };
    const sources = { ...input, matcherFor: eachOnce(input.matcherFor) };
    for (const edit of request.edits) await applyEdit(host, request, wim, edit, sources, changes, context);
    if (request.dryRun === true) return report(changes, planned(host, wim, changes, inPlace, index));
    const written = await writeChangedImage(host, wim, {
      index,
      tree,
      edits,
      added: changes.added,
      options,
      inPlace,
      recompress: request.recompress === true,
      context,
    });
    return report(changes, written);
  } finally {
    wim.close();
  }
}

/** Makes a configuration's matcher, and tells its warnings, once for any number of sources. */
function eachOnce(matcherFor: UpdateInput['matcherFor']): UpdateInput['matcherFor'] {
  const known = new Map<string, Exclusions | undefined>();
  return (choices, context) => {
    const key = JSON.stringify([choices.config, choices.noDefaultExclusions]);
    if (!known.has(key)) known.set(key, matcherFor(choices, context));
    return known.get(key);
  };
}

async function applyEdit(
  host: EngineHost,
  request: UpdateRequest,
  wim: Wim,
  edit: UpdateEdit,
  input: UpdateInput,
  changes: Changes,
  context: VerbContext,
): Promise<void> {
  const { edits, steps } = changes;
  switch (edit.kind) {
    case 'add':
      steps.push(await addSource(host, request, wim, edit, input, changes, context));
      return;
    case 'delete': {
      const { path, force = false, recursive = false } = edit;
      const count = edits.delete(path, { force, recursive });
      const which = count === 1 ? '1 entry' : `${count} entries`;
      steps.push(count === 0 ? `Delete nothing: there is no ${path}` : `Delete ${path}: ${which}`);
      return;
    }
    case 'rename':
      edits.rename(edit.from, edit.to);
      steps.push(`Rename ${edit.from} to ${edit.to}`);
      return;
  }
}

/** Scans a source and lays it into the tree; its data is read later. @returns what it does, for a plan */
async function addSource(
  host: EngineHost,
  request: UpdateRequest,
  wim: Wim,
  edit: AddEdit,
  input: UpdateInput,
  changes: Changes,
  context: VerbContext,
): Promise<string> {
  const choices: SourceChoices = { ...request, ...edit.choices };
  const target = canonicalImagePath(edit.target);
  changes.edits.checkPath(target);
  const source = input.sourceAt(edit.source, target);
  const matcher = input.matcherFor(choices, context);
  const scanning = { ...choices, wim: request.wim, fixReparsePoints: fixesLinks(choices, target, wim) };
  if (target === '/' && host.files.status(host.files.absolute(edit.source))?.kind === 'file') {
    throw new AppError(
      'io/not-a-directory',
      `${edit.source} is a file; only a directory can be laid over the root`,
      {
        path: edit.source,
      },
    );
  }
  const scan = await scanSource(host, scanning, { source, matcher }, context);
  const graft = changes.edits.add(scan.tree, target, { replace: edit.noReplace !== true });
  for (const { path, problem } of scan.notKept) changes.warnings.push(`${path}: ${problem}`);
  if (graft === undefined) return `Add nothing from ${edit.source}: it cannot be kept`;
  const added = new AddedTree({ scan, source, matcher, graft, target }, changes.tree, wim.path);
  changes.added.push(added);
  const { streams, bytes } = added.totals();
  return `Add ${edit.source} as ${target}: ${streams === 1 ? '1 stream' : `${streams} streams`}, ${bytes} bytes`;
}

/** Links are made relative to the image's root only in what becomes that root, and where the WIM says that they are. */
function fixesLinks(choices: SourceChoices, target: string, wim: Wim): boolean {
  if (target === '/') return choices.fixReparsePoints ?? (wim.main.header.flags & WimFlag.REPARSE_FIX) !== 0;
  if (choices.fixReparsePoints === true) {
    throw new AppError(
      'wim/bad-edit',
      `links can be fixed up only in what is added at the root, not at ${target}`,
      { target },
    );
  }
  return false;
}

function report(changes: Changes, written: WriteReport): UpdateReport {
  const changed = changes.added.flatMap(({ collector }) => collector.changed);
  const vanished = changes.added.flatMap(({ collector }) => collector.vanished);
  const told = [...changed, ...vanished].map(({ path, problem }) => `${path}: ${problem}`);
  return {
    ...written,
    excluded: changes.added.flatMap(({ scan }) => scan.excluded),
    notKept: [...changes.added.flatMap(({ scan }) => scan.notKept), ...vanished],
    changed,
    warnings: [...written.warnings, ...changes.warnings, ...told],
  };
}

function planned(host: EngineHost, wim: Wim, changes: Changes, inPlace: boolean, index: number): WriteReport {
  const bytes = changes.added.reduce((sum, added) => sum + added.totals().bytes, 0);
  const plan: PlanReport = {
    steps: [
      ...changes.steps,
      inPlace ? `Add the new data and the changed image to the end of ${wim.path}` : `Make ${wim.path} anew`,
    ],
    warnings: changes.warnings,
    spaceNeeded: bytes + (inPlace ? 0 : wim.main.file.size),
    spaceFree: host.files.freeSpace(host.files.directoryName(wim.path)),
  };
  const { size } = wim.main.file;
  return {
    wim: wim.path,
    image: index,
    size,
    bytesStored: 0,
    bytesCopied: 0,
    plan,
    warnings: [...wim.warnings],
  };
}
