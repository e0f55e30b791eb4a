import type { CaptureReport, PlanReport } from '../../../../src-shared/model/reports';
import type { CaptureRequest } from '../../../../src-shared/model/requests';
import type { EngineHost } from '../../os';
import { isPlainDirectory } from '../../tree/attributes';
import type { ScanResult } from '../../tree/source';
import { NONE } from '../../tree/tree';
import type { WriterOptions } from '../write/wimWriter';
import { formText, type VerbContext } from './common';

/** What a capture would do, from the scan alone. */
export function planCapture(
  host: EngineHost,
  request: CaptureRequest,
  scan: ScanResult,
  context: VerbContext,
  options: WriterOptions,
): CaptureReport {
  let bytes = 0;
  let files = 0;
  let directories = -1;
  let streams = 0;
  const { tree } = scan;
  for (let inode = 0; inode < tree.inodeCount; inode++) {
    if (isPlainDirectory(tree.attributes[inode])) directories += 1;
    else files += 1;
    for (let row = tree.firstStream[inode]; row !== NONE; row = tree.streamNext[row]) {
      bytes += tree.streamSize[row];
      streams += 1;
    }
  }
  const target = request.wim === '-' ? undefined : host.files.absolute(request.wim);
  const exists = target !== undefined && host.files.status(target) !== undefined;
  const plan: PlanReport = {
    steps: [
      `Read ${files} files in ${directories} directories, ${bytes} bytes, leaving out ${scan.excluded.length} entries`,
      `Write ${request.wim}` +
        (exists && request.create === undefined ? ', which exists' : '') +
        (options.solid === undefined ? '' : `: ${formText(options)}`),
    ],
    warnings: [...(scan.damaged ?? []), ...scan.notKept].map(({ path, problem }) => `${path}: ${problem}`),
    spaceNeeded: bytes,
    spaceFree: target === undefined ? null : host.files.freeSpace(host.files.directoryName(target)),
  };
  for (const warning of plan.warnings) context.onWarning?.(warning);
  return {
    wim: request.wim,
    image: 0,
    size: 0,
    bytesStored: 0,
    bytesCopied: 0,
    directories,
    files,
    streams,
    bytes,
    bytesSavedBySingleInstancing: 0,
    bytesSavedByCompression: 0,
    streamsReused: 0,
    excluded: scan.excluded,
    notKept: scan.notKept,
    ...(scan.damaged === undefined ? {} : { damaged: scan.damaged }),
    changed: [],
    plan,
    warnings: [],
  };
}
