import type { ApplyReport } from '../../../../src-shared/model/reports';
import type { ExtractRequest } from '../../../../src-shared/model/requests';
import type { EngineHost } from '../../os';
import type { TreeTarget } from '../../tree/target';
import { loadImage, openWim } from '../openWim';
import { applyOptions } from './apply';
import { TreeApplication } from './treeApplication';
import { chooseImage, readingThreads, reportWarnings, type VerbContext } from './common';
import type { NameRules } from './dir';
import { writeFilesTo, type DataSink } from './extractData';
import { findSelected, selectTree } from './selectTree';

/** What an extraction needs beyond its request. */
export interface ExtractInput {
  readonly targetAt: (path: string) => TreeTarget;
  readonly rules: NameRules;
  /** Takes the data of the files with `toStdout`. */
  readonly sink?: DataSink | undefined;
}

/**
 * Extracts files and directory trees of an image: into a directory, or the data of files to a sink. No path at all
 * means the whole image. Links are never pointed into the destination.
 */
export async function extract(
  host: EngineHost,
  request: ExtractRequest,
  input: ExtractInput,
  context: VerbContext = {},
): Promise<ApplyReport> {
  const wim = await openWim(host, host.files.absolute(request.wim), {
    ref: request.ref,
    verifyIntegrity: request.verifyIntegrity,
    signal: context.signal,
    onProgress: context.onProgress,
  });
  try {
    const { rules } = input;
    const index = chooseImage(wim, request.image);
    const tree = loadImage(host, wim, index);
    const found: string[] = [];
    const warn = (text: string): void => {
      found.push(text);
      context.onWarning?.(text);
    };
    const paths = request.paths.length === 0 ? ['/'] : request.paths;
    const entries = findSelected(tree, paths, request, rules, `image ${index} of ${wim.path}`, warn);
    const threads = readingThreads(host, request, wim);
    if (request.toStdout === true) {
      const report = await writeFilesTo(
        host,
        { wim, tree, entries, image: index, sink: input.sink },
        { ...request, threads },
        context,
      );
      return { ...report, warnings: [...reportWarnings(wim, context), ...found] };
    }
    const { tree: part, bare } = selectTree(tree, entries, request.preserveStructure === true, rules, warn);
    const target = input.targetAt(request.destination);
    const options = applyOptions({ ...request, target: request.destination, fixReparsePoints: false }, wim);
    const application = new TreeApplication(
      host,
      wim,
      part,
      0,
      target,
      options,
      { ...request, bare, threads },
      context,
    );
    const report = await application.run(index, request.dryRun === true);
    const warnings = [...reportWarnings(wim, context), ...found];
    return { ...report, warnings };
  } finally {
    wim.close();
  }
}
