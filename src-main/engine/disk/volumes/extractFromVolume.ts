import { AppError, CancelledError } from '../../../../src-shared/errors/appError';
import type { ApplyReport } from '../../../../src-shared/model/reports';
import type { ExtractRequest } from '../../../../src-shared/model/requests';
import type { EngineHost } from '../../os';
import { ExtentReader } from '../../pipeline/readExtents';
import type { StreamLocation } from '../../pipeline/tasks';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import { ProgressCounter, type VerbContext } from '../../wim/ops/common';
import type { ExtractInput } from '../../wim/ops/extract';
import type { DataSink } from '../../wim/ops/extractData';
import { findSelected, isRegularFile, selectTree } from '../../wim/ops/selectTree';
import { copyTree } from './copyTree';
import { OpenExtentFiles } from './extentFiles';
import { openVolume, type OpenedVolume, type VolumeHost } from './openVolume';

/** Bytes that are read at a time for standard output. */
const PIECE = 1 << 20;

/**
 * Extracts files and directory trees of a volume: into a directory, or the data of files to a sink. No path at all means
 * the whole volume. Links are never pointed into the destination.
 */
export async function extractFromVolume(
  host: EngineHost & VolumeHost,
  request: ExtractRequest,
  input: ExtractInput,
  context: VerbContext = {},
): Promise<ApplyReport> {
  const opened = openVolume(host, request.wim, request.volume);
  try {
    const found: string[] = [];
    const warn = (text: string): void => {
      found.push(text);
      context.onWarning?.(text);
    };
    opened.warnings.forEach(warn);
    const {
      tree,
      notKept,
      damaged = [],
    } = await opened.source.scan({
      fixReparsePoints: false,
      securityDescriptors: request.securityDescriptors ?? 'lenient',
      ...(context.signal === undefined ? {} : { signal: context.signal }),
      ...(context.onProgress === undefined ? {} : { onProgress: context.onProgress }),
    });
    // Standard output is data alone: nothing is said after it.
    if (request.toStdout === true) for (const { path, problem } of damaged) warn(`${path}: ${problem}`);
    const report = await extractEntries(host, opened, tree, request, input, context, warn);
    return {
      ...report,
      notKept: [...notKept, ...report.notKept],
      damaged: [...damaged, ...report.damaged],
      warnings: found,
    };
  } finally {
    opened.close();
  }
}

async function extractEntries(
  host: EngineHost,
  opened: OpenedVolume,
  tree: Tree,
  request: ExtractRequest,
  input: ExtractInput,
  context: VerbContext,
  warn: (text: string) => void,
): Promise<ApplyReport> {
  const { source } = opened;
  const { rules } = input;
  const paths = request.paths.length === 0 ? ['/'] : request.paths;
  const entries = findSelected(tree, paths, request, rules, source.label, warn);
  const locate = (stream: number): StreamLocation => source.locate(tree, stream);
  if (request.toStdout === true)
    return writeFilesTo(host, { tree, entries, locate, sink: input.sink }, request.dryRun === true, context);
  // Streams of the part that is selected name those of the whole tree.
  const sizes = tree.streamSize;
  for (let stream = 0; stream < tree.streamCount; stream++)
    tree.streamBlob[stream] = sizes[stream] === 0 ? NONE : stream;
  const { tree: part, bare } = selectTree(tree, entries, request.preserveStructure === true, rules, warn);
  const copied = { tree: part, streams: tree.streamCount, locate, sizeOf: (i: number) => sizes[i], bare };
  const target = input.targetAt(request.destination);
  return copyTree(host, copied, target, { ...request, fixReparsePoints: false }, context);
}

interface WantedFiles {
  readonly tree: Tree;
  readonly entries: readonly number[];
  readonly locate: (stream: number) => StreamLocation;
  readonly sink: DataSink | undefined;
}

/** Writes the data of files to a sink, one after the other. */
async function writeFilesTo(
  host: EngineHost,
  { tree, entries, locate, sink }: WantedFiles,
  dryRun: boolean,
  context: VerbContext,
): Promise<ApplyReport> {
  const streams = entries.map((entry) => {
    if (!isRegularFile(tree, entry)) {
      const path = tree.path(entry);
      const text = `${path} is not a regular file: it has no data to write out`;
      throw new AppError('usage/invalid', text, { path });
    }
    return tree.findStream(tree.inode[entry], StreamKind.DATA);
  });
  const bytes = streams.reduce((sum, stream) => sum + (stream === NONE ? 0 : tree.streamSize[stream]), 0);
  const lists = { notKept: [], damaged: [], warnings: [] };
  const report = { target: '-', image: 0, directories: 0, files: entries.length, links: 0, bytes, ...lists };
  if (dryRun) {
    const steps = entries.map((entry) => `Write the data of ${tree.path(entry)} to standard output`);
    return { ...report, plan: { steps, warnings: [], spaceNeeded: bytes, spaceFree: null } };
  }
  if (sink === undefined)
    throw new AppError('internal/bug', 'data is to be written out and there is no output');
  const progress = new ProgressCounter(context, host, 'Extracting', entries.length, bytes);
  const files = new OpenExtentFiles(host);
  try {
    for (let i = 0; i < entries.length; i++) {
      const path = (): string => tree.path(entries[i]);
      for (const piece of streams[i] === NONE ? [] : pieces(host, locate(streams[i]), files)) {
        if (context.signal?.aborted === true) throw new CancelledError();
        await sink.write(piece);
        progress.add(0, piece.length, path);
      }
      progress.add(1, 0, path);
    }
  } finally {
    files.close();
  }
  progress.report();
  return report;
}

function* pieces(host: EngineHost, location: StreamLocation, files: OpenExtentFiles): Generator<Uint8Array> {
  if (location.kind === 'bytes') yield location.bytes;
  if (location.kind !== 'extents') return;
  const reader = new ExtentReader(location, files.open, host.kernels);
  for (let done = 0; done < location.size;) {
    const piece = new Uint8Array(Math.min(PIECE, location.size - done));
    done += reader.read(done, piece);
    yield piece;
  }
}
