import type { WriteReport } from '../../../../src-shared/model/reports';
import type { OptimizeRequest } from '../../../../src-shared/model/requests';
import type { EngineHost } from '../../os';
import { openWim } from '../openWim';
import { assertExtendable } from '../write/wimSession';
import { formText, reportWarnings, writerOptions, type VerbContext } from './common';
import { rewriteWim } from './rewrite';

/** Makes a WIM anew without dead space; compressed anew when asked, or when another compression is asked for. */
export async function optimize(
  host: EngineHost,
  request: OptimizeRequest,
  context: VerbContext = {},
): Promise<WriteReport> {
  const path = host.files.absolute(request.wim);
  const wim = await openWim(host, path, {
    writable: true,
    verifyIntegrity: request.verifyIntegrity,
    signal: context.signal,
    onProgress: context.onProgress,
  });
  try {
    if (!wim.main.pipable) assertExtendable(wim);
    reportWarnings(wim, context);
    // With --solid all of the file is made so, as wimlib does it, the metadata like new solid resources by default.
    const isMadeSolid = request.solid === true && request.compression === undefined;
    const compression = isMadeSolid ? { compression: { format: 'lzms' } as const } : {};
    const options = writerOptions(host, { ...request, ...compression, retainGuid: true }, context, wim);
    if (request.dryRun === true) {
      return {
        wim: path,
        image: 0,
        size: wim.main.file.size,
        bytesStored: 0,
        bytesCopied: 0,
        warnings: [],
        plan: {
          steps: [
            `Make ${path} anew with ${wim.images.length === 1 ? '1 image' : `${wim.images.length} images`}, ${formText(options)}`,
          ],
          warnings: [],
          spaceNeeded: wim.main.file.size,
          spaceFree: host.files.freeSpace(host.files.directoryName(path)),
        },
      };
    }
    return await rewriteWim(host, wim, path, options, {
      bootIndex: wim.main.header.bootIndex,
      recompress: request.recompress === true,
      context,
    });
  } finally {
    wim.close();
  }
}
