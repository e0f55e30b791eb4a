import { AppError } from '../../../src-shared/errors/appError';
import type { EngineHost } from '../os';
import { wholeResourceSteps } from '../pipeline/wholeResource';
import { runInSlices, type Cancel } from '../steps';
import type { Tree } from '../tree/tree';
import { parseMetadataSteps } from './metadata/parseMetadata';
import { partResource, type Wim } from './wim';

export interface LoadOptions {
  readonly signal?: Cancel | undefined;
  /** Told of the metadata, checked against its SHA-1, before it is parsed: see `glimpseDirectory`. */
  readonly onMetadata?: (metadata: Uint8Array) => void;
  /** Told of what is odd about the metadata without being an error. */
  readonly onWarning?: (warning: string) => void;
}

/**
 * Loads an image's tree as `loadImage` does, in slices of a few milliseconds: the thread answers others in between.
 * The tree is the caller's: the Wim does not keep it.
 * @throws FormatError, AppError `wim/no-such-image`, CancelledError
 */
export async function loadInSlices(
  host: EngineHost,
  wim: Wim,
  index: number,
  options: LoadOptions = {},
): Promise<Tree> {
  const image = wim.image(index);
  if (image.tree !== undefined) return image.tree;
  if (image.metadata === undefined)
    throw new AppError('internal/bug', `image ${index} has neither tree nor metadata`);
  const resource = partResource(wim.main, image.metadata.header);
  const reading = wholeResourceSteps(host, resource, wim.main.file, image.metadata.sha1);
  const metadata = await runInSlices(host, reading, options.signal);
  options.onMetadata?.(metadata);
  const { tree, warnings } = await runInSlices(host, parseMetadataSteps(metadata, wim.blobs), options.signal);
  for (const warning of warnings) options.onWarning?.(warning);
  return tree;
}
