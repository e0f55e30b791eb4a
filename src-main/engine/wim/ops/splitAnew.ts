import type { PlanReport, SplitReport } from '../../../../src-shared/model/reports';
import { ALL_IMAGES, type ExportRequest, type SplitRequest } from '../../../../src-shared/model/requests';
import type { EngineHost } from '../../os';
import { removeStale, temporaryPath } from '../write/wimSession';
import type { VerbContext } from './common';
import { exportImages } from './exportImage';

/** Divides an opened WIM. @param source the WIM that no part may replace */
export type Divide = (
  host: EngineHost,
  request: SplitRequest,
  source: string,
  context: VerbContext,
) => Promise<SplitReport>;

/**
 * Divides a copy of a WIM in which every blob has a resource of its own, compressed as the request says. The copy lies
 * beside the parts and is gone afterwards.
 */
export async function splitAnew(
  host: EngineHost,
  request: SplitRequest,
  context: VerbContext,
  divide: Divide,
): Promise<SplitReport> {
  const { files } = host;
  const { compression, verifyIntegrity, ...rest } = request;
  const first = files.absolute(request.destination);
  const whole = wholePath(host, first);
  const copy = temporaryPath(host, whole);
  const { threads, memory } = request;
  const exported: ExportRequest = {
    wim: request.wim,
    image: ALL_IMAGES,
    destination: copy,
    solid: false,
    ...(compression === undefined ? {} : { compression }),
    ...(verifyIntegrity === undefined ? {} : { verifyIntegrity }),
    ...(threads === undefined ? {} : { threads }),
    ...(memory === undefined ? {} : { memory }),
  };
  const planned = await exportImages(host, { ...exported, dryRun: true }, context);
  if (request.dryRun === true) {
    const plan = planAnew(files.absolute(request.wim), first, request, planned.plan);
    return { parts: [], plan, warnings: planned.warnings };
  }
  removeStale(host, whole);
  try {
    await exportImages(host, exported, context);
    return await divide(host, { ...rest, wim: copy }, request.wim, context);
  } finally {
    files.remove(copy);
  }
}

/** What the copy would be called: not a name that counts as what an interrupted write of the first part left. */
export function wholePath({ files }: EngineHost, first: string): string {
  return files.join(files.directoryName(first), `whole-${files.baseName(first)}`);
}

function planAnew(
  wim: string,
  first: string,
  { partSize }: SplitRequest,
  plan: PlanReport | undefined,
): PlanReport {
  return {
    steps: [
      `Compress the data of ${wim} anew, each file by itself`,
      `Write ${first} and as many further parts of up to ${partSize} bytes as it takes`,
    ],
    warnings: [],
    spaceNeeded: null,
    spaceFree: plan?.spaceFree ?? null,
  };
}
