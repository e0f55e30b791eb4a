import { AppError } from '../../../../src-shared/errors/appError';
import type { WriteReport } from '../../../../src-shared/model/reports';
import type { DeleteRequest } from '../../../../src-shared/model/requests';
import type { EngineHost } from '../../os';
import { openWim, loadImage, unloadImage } from '../openWim';
import type { Wim } from '../wim';
import { OutputBlobs } from '../write/outputBlobs';
import { WimWriter } from '../write/wimWriter';
import { assertExtendable, extendFile, reusableIntegrity } from '../write/wimSession';
import { ReferenceCounts } from '../referenceCounts';
import { chooseImages, hasIntegrity, reportWarnings, writerOptions, type VerbContext } from './common';
import { rewriteWim } from './rewrite';

/**
 * Deletes images. The file is made anew without the data that only they used; with `soft` only the tables are written
 * anew and the data stays in the file until it is optimized.
 */
export async function deleteImages(
  host: EngineHost,
  request: DeleteRequest,
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
    const images = chooseImages(wim, request.image);
    reportWarnings(wim, context);
    if (request.dryRun === true) return planned(wim, images, request.soft === true);
    const bootIndex = bootIndexAfter(wim.main.header.bootIndex, images);
    for (const index of images.toReversed()) {
      wim.images.splice(index - 1, 1);
      wim.xml.deleteImage(index);
    }
    const options = writerOptions(host, { ...request, retainGuid: true }, context, wim);
    if (request.soft !== true || wim.main.pipable) {
      return await rewriteWim(host, wim, path, options, {
        bootIndex,
        recompress: request.recompress === true,
        context,
      });
    }
    return await rewriteTables(host, wim, options, bootIndex);
  } finally {
    wim.close();
  }
}

/** Where the bootable image is once others are gone; 0 when it is gone itself. */
function bootIndexAfter(bootIndex: number, deleted: readonly number[]): number {
  if (bootIndex === 0 || deleted.includes(bootIndex)) return 0;
  return bootIndex - deleted.filter((index) => index < bootIndex).length;
}

/** Writes new tables behind the old ones; blobs that no image names any more are not listed. */
async function rewriteTables(
  host: EngineHost,
  wim: Wim,
  options: ReturnType<typeof writerOptions>,
  bootIndex: number,
): Promise<WriteReport> {
  const references = new ReferenceCounts();
  for (let index = 1; index <= wim.images.length; index++) {
    references.addTree(loadImage(host, wim, index));
    unloadImage(wim, index);
  }
  const settled = new OutputBlobs(wim.blobs, wim.solids);
  for (const row of references.rows()) settled.keep(row);
  return extendFile(host, wim, async (file, position) => {
    const writer = new WimWriter(host, file, settled, options, position);
    for (const { metadata } of wim.images) {
      if (metadata === undefined) throw new AppError('internal/bug', 'an image without metadata');
      writer.keepMetadata(metadata);
    }
    await writer.finish({
      xml: wim.xml,
      bootIndex,
      references: (row) => references.get(row),
      old: hasIntegrity(wim) ? reusableIntegrity(wim) : undefined,
    });
    return {
      wim: wim.path,
      image: 0,
      size: file.size,
      bytesStored: 0,
      bytesCopied: 0,
      warnings: [...wim.warnings],
    };
  });
}

function planned(wim: Wim, images: readonly number[], soft: boolean): WriteReport {
  const names = images.map((index) => `image ${index} "${wim.xml.image(index)?.name ?? ''}"`);
  return {
    wim: wim.path,
    image: 0,
    size: wim.main.file.size,
    bytesStored: 0,
    bytesCopied: 0,
    warnings: [],
    plan: {
      steps: [
        `Delete ${names.join(', ')} from ${wim.path}`,
        soft
          ? 'Leave the data in the file'
          : 'Make the file anew without the data that only the deleted images use',
      ],
      warnings: [],
      spaceNeeded: soft ? 0 : wim.main.file.size,
      spaceFree: null,
    },
  };
}
