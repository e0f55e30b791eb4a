import { useApp } from '../../stores/app';
import { useSource, type SourceFacts } from '../facts/useSource';
import { usePathStatus, useWim, type WimFacts } from '../facts/usePath';
import type { Live } from '../runtime/useLive';
import type { PathStatus } from '../../../src-shared/contract/files';
import { wimPath, type CaptureDraft } from './captureDraft';

/** What the host finds about a capture. */
export interface CaptureFacts {
  readonly source: SourceFacts;
  readonly wim: WimFacts;
  /** The folder that the WIM goes to. */
  readonly folder: Live<PathStatus>;
  /** Where the WIM goes, also while nobody has typed it. */
  readonly wimPath: string;
}

/** Compression is tried on the source as soon as somebody wants to know what it costs. */
const sampledFor = ['compression', 'place', 'review'];

export function useCaptureFacts(draft: CaptureDraft, step: string): CaptureFacts {
  const info = useApp((state) => state.info);
  const source = useSource(draft, sampledFor.includes(step));
  const path = wimPath(draft, info);
  const wim = useWim(path);
  const folder = usePathStatus(wim.status.value?.parent ?? '');
  return { source, wim, folder, wimPath: path };
}
