import type { ApplyReport } from '../../../../src-shared/model/reports';
import type { ApplyRequest } from '../../../../src-shared/model/requests';
import type { EngineHost } from '../../os';
import type { ApplyOptions, TreeTarget } from '../../tree/target';
import { loadImage, openWim } from '../openWim';
import { WimFlag } from '../records/wimHeader';
import type { Wim } from '../wim';
import { chooseImages, readingThreads, reportWarnings, type VerbContext } from './common';
import { TreeApplication } from './treeApplication';

/**
 * Applies an image, or each of several images to a directory of its name.
 * @param targetAt makes the target for a path
 */
export async function apply(
  host: EngineHost,
  request: ApplyRequest,
  targetAt: (path: string) => TreeTarget,
  context: VerbContext = {},
): Promise<ApplyReport> {
  // Threads start while the file is opened.
  if (request.dryRun !== true) host.taskRunner(request.threads ?? 0).prepare();
  const wim = await openWim(host, host.files.absolute(request.wim), {
    ref: request.ref,
    verifyIntegrity: request.verifyIntegrity,
    signal: context.signal,
    onProgress: context.onProgress,
  });
  try {
    const images = chooseImages(wim, request.image);
    const options = applyOptions(request, wim);
    const bounded = { ...request, threads: readingThreads(host, request, wim) };
    const reports: ApplyReport[] = [];
    for (const index of images) {
      const tree = loadImage(host, wim, index);
      const path =
        images.length === 1 && request.image !== 'all'
          ? request.target
          : host.files.join(request.target, directoryForImage(wim, index));
      const application = new TreeApplication(host, wim, tree, 0, targetAt(path), options, bounded, context);
      reports.push(await application.run(index, request.dryRun === true));
    }
    return combine(reports, request.target, [...reportWarnings(wim, context)]);
  } finally {
    wim.close();
  }
}

/** Options of a target from a request; links are pointed into the target when the WIM says that they were fixed up. */
export function applyOptions(
  request: ApplyRequest,
  wim: { readonly main: { readonly header: { readonly flags: number } } },
): ApplyOptions {
  const fixed = (wim.main.header.flags & WimFlag.REPARSE_FIX) !== 0;
  return {
    unixData: request.unixData ?? false,
    fixReparsePoints: request.fixReparsePoints ?? fixed,
    securityDescriptors: request.securityDescriptors ?? 'lenient',
    includeInvalidNames: request.includeInvalidNames ?? false,
    strictSymlinks: request.strictSymlinks ?? false,
    strictTimestamps: request.strictTimestamps ?? false,
    strictShortNames: request.strictShortNames ?? false,
  };
}

/** An image's name as a directory name; its number where the name is none. */
export function directoryForImage(wim: Wim, index: number): string {
  const name = wim.xml.image(index)?.name ?? '';
  // A name that another image has, or that is another one's number, would bring two images to one directory.
  const shared = wim.images.some(
    (_, i) => i + 1 !== index && (wim.xml.image(i + 1)?.name === name || name === String(i + 1)),
  );
  const usable = !shared && name !== '' && name !== '.' && name !== '..' && !/[/\\\0:*?"<>|]/.test(name);
  return usable ? name : String(index);
}

function combine(reports: readonly ApplyReport[], target: string, warnings: string[]): ApplyReport {
  if (reports.length === 1) return { ...reports[0], warnings };
  const sum = (pick: (report: ApplyReport) => number): number =>
    reports.reduce((total, report) => total + pick(report), 0);
  const plans = reports.flatMap(({ plan }) => (plan === undefined ? [] : [plan]));
  return {
    target,
    image: 0,
    directories: sum((report) => report.directories),
    files: sum((report) => report.files),
    links: sum((report) => report.links),
    bytes: sum((report) => report.bytes),
    notKept: reports.flatMap((report) => report.notKept),
    damaged: reports.flatMap((report) => report.damaged),
    warnings,
    ...(plans.length === 0
      ? {}
      : {
          plan: {
            steps: plans.flatMap((plan) => plan.steps),
            warnings: plans.flatMap((plan) => plan.warnings),
            spaceNeeded: plans.reduce((total, plan) => total + (plan.spaceNeeded ?? 0), 0),
            spaceFree: plans[0].spaceFree,
          },
        }),
  };
}
