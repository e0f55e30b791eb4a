import type { Progress } from '../../../src-shared/model/progress';
import { bytesEqual } from '../../engine/binary/bytesEqual';
import type { EngineHost } from '../../engine/os';
import { runInSlices, Slices, type Cancel } from '../../engine/steps';
import { Field, type Comparison, type ComparisonSummary } from '../../engine/tree/compare/comparison';
import {
  compareTreesSteps,
  type CompareOptions,
  type Undecided,
} from '../../engine/tree/compare/compareTrees';
import { NONE } from '../../engine/tree/tree';
import { ProgressCounter } from '../../engine/wim/ops/common';
import { StreamHasher } from './hashStream';
import type { OpenSide } from './sides';

/** Compares two sides to the end: what has no SHA-1 is read. @throws CancelledError */
export async function compareSides(
  host: EngineHost,
  left: OpenSide,
  right: OpenSide,
  options: CompareOptions & { readonly signal: Cancel; readonly onProgress: (progress: Progress) => void },
): Promise<{ readonly comparison: Comparison; readonly summary: ComparisonSummary }> {
  const { comparison, undecided } = await runInSlices(
    host,
    compareTreesSteps(left, right, options),
    options.signal,
  );
  await decide(host, left, right, comparison, undecided, options);
  const summary = await runInSlices(host, comparison.finish(), options.signal);
  return { comparison, summary };
}

async function decide(
  host: EngineHost,
  left: OpenSide,
  right: OpenSide,
  comparison: Comparison,
  undecided: readonly Undecided[],
  options: { readonly signal: Cancel; readonly onProgress: (progress: Progress) => void },
): Promise<void> {
  const bytesTotal =
    toRead(
      left,
      undecided.map((pair) => pair.left),
    ) +
    toRead(
      right,
      undecided.map((pair) => pair.right),
    );
  const progress = new ProgressCounter(
    { onProgress: options.onProgress },
    host,
    'Comparing',
    undecided.length,
    bytesTotal,
  );
  const slices = new Slices(host, options.signal);
  const hasher = new StreamHasher(host, slices, (count) => progress.add(0, count));
  // Hard links name one stream many times.
  const digests = {
    left: new Map<number, Uint8Array | undefined>(),
    right: new Map<number, Uint8Array | undefined>(),
  };
  const digestOf = async (
    side: OpenSide,
    known: Map<number, Uint8Array | undefined>,
    stream: number,
  ): Promise<Uint8Array | undefined> => {
    if (stream === NONE) return host.sha1.digest(new Uint8Array(0));
    const told = side.digest(stream);
    if (told !== undefined) return told;
    if (!known.has(stream)) known.set(stream, await hasher.digest(side.locate(stream)));
    return known.get(stream);
  };
  for (const pair of undecided) {
    if (slices.isOver) await slices.pause();
    const leftDigest = await digestOf(left, digests.left, pair.left);
    const rightDigest = await digestOf(right, digests.right, pair.right);
    // A file that cannot be read is not known to be the same.
    const isSame =
      leftDigest !== undefined && rightDigest !== undefined && bytesEqual(leftDigest, rightDigest);
    if (!isSame) comparison.decide(pair.row, Field.content);
    progress.add(1, 0);
  }
  progress.report();
}

/** Bytes of the streams whose data has to be read, each once. */
function toRead(side: OpenSide, streams: readonly number[]): number {
  let bytes = 0;
  for (const stream of new Set(streams))
    if (stream !== NONE && side.digest(stream) === undefined) bytes += side.tree.streamSize[stream];
  return bytes;
}
