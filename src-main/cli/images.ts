import { AppError } from '../../src-shared/errors/appError';
import type { ImageChoice, InfoRequest } from '../../src-shared/model/requests';
import type { ImageSummary, WimSummary } from '../../src-shared/model/summaries';
import { changesImage } from './grammar/wimlibVerbs';
import { UsageError } from './usageError';

/** The image that `choice` names. @throws AppError `wim/no-such-image` */
export function findImage(summary: WimSummary, choice: ImageChoice, wim: string): ImageSummary {
  const image = summary.images.find((candidate) =>
    typeof choice === 'number' ? candidate.index === choice : candidate.name === choice,
  );
  if (image !== undefined) return image;
  const shown = typeof choice === 'number' ? String(choice) : `"${choice}"`;
  throw new AppError('wim/no-such-image', `${wim} has no image ${shown}`, { wim, image: choice });
}

/** The index of the image that lies `fromEnd` places from the end, the last one being 1. */
export function indexFromEnd(summary: WimSummary, fromEnd: number, wim: string): number {
  const index = summary.imageCount - (fromEnd - 1);
  if (fromEnd >= 1 && index >= 1) return index;
  throw new AppError('wim/no-such-image', `${wim} has no image -${fromEnd}: it holds ${summary.imageCount}`, {
    wim,
  });
}

/** A change of an image names it, unless there is only one. */
export function imageToChange(summary: WimSummary, request: InfoRequest): ImageChoice {
  if (summary.imageCount === 0) throw new UsageError(`${request.wim} holds no image to change`, 'info');
  if (request.image === undefined) {
    if (summary.imageCount > 1) {
      throw new UsageError(`${request.wim} holds ${summary.imageCount} images; say which one`, 'info');
    }
    return 1;
  }
  if (request.image !== 0) return findImage(summary, request.image, request.wim).index;
  const { newName, newDescription, properties } = request;
  if (newName !== undefined || newDescription !== undefined || properties !== undefined) {
    throw new UsageError('image 0 has no properties; with --boot alone it makes no image boot', 'info');
  }
  return 0;
}

/** Whether the request needs an image to be found first. */
export function needsImage(request: InfoRequest): boolean {
  return changesImage(request);
}
