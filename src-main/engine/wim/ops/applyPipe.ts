import { AppError, CancelledError, FormatError } from '../../../../src-shared/errors/appError';
import type { ApplyReport } from '../../../../src-shared/model/reports';
import type { ApplyRequest } from '../../../../src-shared/model/requests';
import { bytesEqual } from '../../binary/bytesEqual';
import type { SequentialSource } from '../../binary/sequentialSource';
import type { EngineHost } from '../../os';
import type { TaskFiles } from '../../pipeline/taskFiles';
import type { TreeTarget } from '../../tree/target';
import { BlobTable } from '../blobTable';
import { parseMetadata } from '../metadata/parseMetadata';
import { MAX_XML_SIZE } from '../openWim';
import { PipeReader, type PipedResource } from '../pipeReader';
import { ResourceFlag } from '../records/resourceHeader';
import type { WimHeader } from '../records/wimHeader';
import { parseWimXml, type WimXml } from '../xml/wimXml';
import { abortTarget } from './abortTarget';
import { applyOptions } from './apply';
import type { VerbContext } from './common';
import { PipeApplication } from './pipeApplication';

/** What applying from a pipe needs beyond its request. */
export interface ApplyPipeInput {
  /** The pipable WIM. */
  readonly source: SequentialSource;
  /** Makes the target for a path. */
  readonly targetAt: (path: string) => TreeTarget;
  /** Files are written in this thread, as their data comes. */
  readonly files: TaskFiles;
}

/**
 * Applies one image of a pipable WIM while it is read, in memory that does not grow with the data. Every blob is
 * compared with its SHA-1; when the pipe ends too early, what was made is removed again. What comes behind the last blob
 * that the image needs is read and dropped: the program that writes it must not take the end of the reader for a failure.
 * @throws AppError `wim/unsupported` when the WIM is not pipable, `wim/truncated`, `wim/no-such-image`
 */
export async function applyPipe(
  host: EngineHost,
  request: ApplyRequest,
  input: ApplyPipeInput,
  context: VerbContext = {},
): Promise<ApplyReport> {
  if ((request.ref ?? []).length > 0) {
    throw new AppError(
      'usage/invalid',
      'a WIM from standard input holds all its data: --ref is not possible with it',
    );
  }
  const warnings: string[] = [];
  const warn = (text: string): void => {
    warnings.push(text);
    context.onWarning?.(text);
  };
  if (request.verifyIntegrity === true) {
    warn(
      'the integrity table comes last in a pipe and was not checked; every blob is compared with its SHA-1',
    );
  }
  const reader = new PipeReader(input.source, host.kernels);
  const header = reader.readHeader();
  const xml = readXml(host, reader);
  const index = chooseImage(xml, header, request, input.source.name);
  const blobs = new BlobTable();
  const metadata = await readMetadata(host, reader, header, index, context.signal);
  const { tree, warnings: oddities } = parseMetadata(metadata, blobs);
  for (const oddity of oddities) warn(`image ${index}: ${oddity}`);
  const target = input.targetAt(request.target);
  const application = new PipeApplication(
    host,
    { reader, tree, blobs, target, files: input.files },
    request,
    context,
  );
  if (request.dryRun === true) return planned(host, application, request, xml, index, warnings);
  const options = applyOptions(request, { main: { header } });
  try {
    await application.begin(options);
    await application.extract(bytesOf(xml, index));
    await application.finish();
  } catch (error) {
    await abortTarget(target, context);
    // The signal that ends this program ends the writer of the pipe as well: let it be heard before the lost data.
    await host.breathe();
    if (context.signal?.aborted === true) throw new CancelledError();
    throw error;
  }
  while (reader.drain()) {
    await host.breathe();
    if (context.signal?.aborted === true) break;
  }
  return application.report(index, warnings);
}

/** The copy of the XML data that comes first. */
function readXml(host: EngineHost, reader: PipeReader): WimXml {
  const resource = nextOrEnd(reader, 'XML data');
  if ((resource.flags & ResourceFlag.METADATA) === 0 || resource.size > MAX_XML_SIZE) {
    throw new FormatError({
      structure: 'XML data',
      offset: reader.position,
      problem: 'it does not follow the header',
    });
  }
  return parseWimXml(checked(host, reader, resource, 'XML data'), { maxBytes: MAX_XML_SIZE });
}

/** The metadata of all images comes next; only that of the wanted one is kept. */
async function readMetadata(
  host: EngineHost,
  reader: PipeReader,
  header: WimHeader,
  wanted: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  let metadata: Uint8Array | undefined;
  for (let index = 1; index <= header.imageCount; index++) {
    const resource = nextOrEnd(reader, 'metadata resource');
    if ((resource.flags & ResourceFlag.METADATA) === 0) {
      const problem = `that of image ${index} is missing`;
      throw new FormatError({ structure: 'metadata resource', offset: reader.position, problem });
    }
    if (index === wanted) metadata = checked(host, reader, resource, 'metadata resource');
    else await skip(host, reader, resource, signal);
  }
  if (metadata === undefined)
    throw new AppError('internal/bug', `image ${wanted} was chosen and is not there`);
  return metadata;
}

async function skip(
  host: EngineHost,
  reader: PipeReader,
  resource: PipedResource,
  signal: AbortSignal | undefined,
): Promise<void> {
  const steps = reader.skipResource(resource);
  while (steps.next().done !== true) {
    await host.breathe();
    if (signal?.aborted === true) throw new CancelledError();
  }
}

/** @throws FormatError `wim/truncated` at the end of the pipe */
function nextOrEnd(reader: PipeReader, structure: string): PipedResource {
  const resource = reader.next();
  if (resource !== undefined) return resource;
  throw new FormatError(
    { structure, offset: reader.position, problem: 'the input ended before it' },
    'wim/truncated',
  );
}

function checked(
  host: EngineHost,
  reader: PipeReader,
  resource: PipedResource,
  structure: string,
): Uint8Array {
  const offset = reader.position;
  const bytes = reader.readWhole(resource);
  if (!bytesEqual(host.sha1.digest(bytes), resource.sha1)) {
    const problem = 'its data does not have the SHA-1 it should have';
    throw new FormatError({ structure, offset, problem }, 'wim/blob-corrupt');
  }
  return bytes;
}

/** @throws AppError `wim/no-such-image`, `usage/invalid` for all of several images */
function chooseImage(xml: WimXml, header: WimHeader, { image }: ApplyRequest, name: string): number {
  const { imageCount } = header;
  const found = image === undefined ? 'all' : xml.resolve(image, imageCount);
  if (found === undefined || imageCount === 0) {
    throw new AppError('wim/no-such-image', `${name} has no image "${image ?? 1}"`, { images: imageCount });
  }
  if (found !== 'all') return found;
  if (image !== undefined) throw new AppError('usage/invalid', 'one image only can be applied from a pipe');
  if (imageCount > 1) {
    throw new AppError('wim/no-such-image', `${name} holds ${imageCount} images: say which one`, {
      images: imageCount,
    });
  }
  return 1;
}

/** Bytes of an image as the XML data states them, hard links once; 0 when it does not. */
function bytesOf(xml: WimXml, index: number): number {
  const image = xml.image(index);
  return image === undefined ? 0 : Math.max(0, Number(image.totalBytes - image.hardLinkBytes));
}

function planned(
  host: EngineHost,
  application: PipeApplication,
  request: ApplyRequest,
  xml: WimXml,
  index: number,
  warnings: string[],
): ApplyReport {
  const { files } = host;
  const path = files.absolute(request.target);
  let place = path;
  while (files.status(place) === undefined && files.directoryName(place) !== place)
    place = files.directoryName(place);
  const report = application.report(index, warnings);
  const bytes = bytesOf(xml, index);
  return {
    ...report,
    bytes,
    plan: {
      steps: [
        `${files.status(path) === undefined ? 'Make' : 'Use'} the directory ${path}`,
        `Make ${report.directories} directories, ${report.files} files and ${report.links} further hard links`,
        'Write the data as it comes and check the SHA-1 of each blob',
      ],
      warnings,
      spaceNeeded: bytes === 0 ? null : bytes,
      spaceFree: files.freeSpace(place),
    },
  };
}
