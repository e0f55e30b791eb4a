import { AppError } from '../../../src-shared/errors/appError';
import type { VolumeChoice } from '../../../src-shared/model/requests';
import { OpenExtentFiles } from '../disk/volumes/extentFiles';
import { openVolume } from '../disk/volumes/openVolume';
import type { EngineHost } from '../os';
import { ExtentReader } from '../pipeline/readExtents';
import { NONE } from '../tree/tree';
import type { VerbContext } from '../wim/ops/common';
import type { OfflineTree } from './offlineTree';
import { dataStream, lookUp, offlineEntry, offlineList } from './treeLookup';

/**
 * Opens an NTFS volume of a disk as an offline Windows. It is only read: files are added to new volumes alone
 * (docs/decisions/0015).
 * @throws AppError `disk/` and `volume/` codes
 */
export async function openVolumeTree(
  host: EngineHost,
  disk: string,
  choice: VolumeChoice | undefined,
  context: VerbContext = {},
): Promise<OfflineTree> {
  const opened = openVolume(host, disk, choice);
  try {
    for (const warning of opened.warnings) context.onWarning?.(warning);
    const { tree, damaged = [] } = await opened.source.scan({
      fixReparsePoints: false,
      securityDescriptors: 'none',
      ...(context.signal === undefined ? {} : { signal: context.signal }),
      ...(context.onProgress === undefined ? {} : { onProgress: context.onProgress }),
    });
    for (const { path, problem } of damaged) context.onWarning?.(`${path}: ${problem}`);
    const { label } = opened.source;
    const files = new OpenExtentFiles(host);
    return {
      kind: 'volume',
      label,
      readOnly: `${label} is a volume: drivers are put into an image or a folder, and a volume is made from an image`,
      find(at) {
        const entry = lookUp(tree, at);
        return entry === NONE ? undefined : offlineEntry(tree, entry);
      },
      list: (at) => offlineList(tree, at),
      read(at, limit) {
        const stream = dataStream(tree, at, label, limit);
        if (stream === NONE || tree.streamSize[stream] === 0) return new Uint8Array();
        const location = opened.source.locate(tree, stream);
        if (location.kind === 'bytes') return location.bytes;
        if (location.kind !== 'extents') throw new AppError('internal/bug', 'a volume has data in extents');
        const bytes = new Uint8Array(location.size);
        new ExtentReader(location, files.open, host.kernels).read(0, bytes);
        return bytes;
      },
      close() {
        files.close();
        opened.close();
      },
    };
  } catch (error) {
    opened.close();
    throw error;
  }
}
