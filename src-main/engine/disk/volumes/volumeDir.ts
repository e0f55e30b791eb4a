import type { DirRequest } from '../../../../src-shared/model/requests';
import type { EntryDetails, StreamDetails } from '../../../../src-shared/model/summaries';
import type { Tree } from '../../tree/tree';
import type { VerbContext } from '../../wim/ops/common';
import { describeEntry, findEntry, linkGroups, listed, streamKinds, type NameRules } from '../../wim/ops/dir';
import { openVolume, type VolumeHost } from './openVolume';

/** Paths of a volume below the requested one, parents first, in order of their names. */
export async function* volumeDirPaths(
  host: VolumeHost,
  request: DirRequest,
  rules: NameRules,
  context: VerbContext = {},
): AsyncGenerator<string> {
  const { tree, start } = await listing(host, request, rules, context);
  for (const entry of listed(tree, start, request.oneFileOnly === true)) yield tree.path(entry);
}

/** Everything that a volume keeps of the entries below the requested path. */
export async function* volumeDir(
  host: VolumeHost,
  request: DirRequest,
  rules: NameRules,
  context: VerbContext = {},
): AsyncGenerator<EntryDetails> {
  const { tree, start } = await listing(host, request, rules, context);
  const groups = linkGroups(tree);
  for (const entry of listed(tree, start, request.oneFileOnly === true))
    yield describeEntry(tree, entry, groups, (stream) => describeStream(tree, stream));
}

async function listing(
  host: VolumeHost,
  request: DirRequest,
  rules: NameRules,
  context: VerbContext,
): Promise<{ tree: Tree; start: number }> {
  const opened = openVolume(host, request.wim, request.volume);
  try {
    for (const warning of opened.warnings) context.onWarning?.(warning);
    const {
      tree,
      notKept,
      damaged = [],
    } = await opened.source.scan({
      fixReparsePoints: false,
      ...(context.signal === undefined ? {} : { signal: context.signal }),
      ...(context.onProgress === undefined ? {} : { onProgress: context.onProgress }),
    });
    for (const { path, problem } of [...damaged, ...notKept]) context.onWarning?.(`${path}: ${problem}`);
    return { tree, start: findEntry(tree, request.path ?? '/', rules, opened.source.label) };
  } finally {
    opened.close();
  }
}

function describeStream(tree: Tree, stream: number): StreamDetails {
  const size = tree.streamSize[stream];
  return {
    kind: streamKinds[tree.streamKind[stream] as keyof typeof streamKinds],
    name: tree.streamName(stream),
    size,
    storedSize: null,
    sha1: size === 0 ? '0'.repeat(40) : '',
    offset: null,
    compressed: false,
    referenceCount: null,
    partNumber: null,
  };
}
