import { z } from 'zod';
import type { AppInfo, Settings } from '../../../src-shared/contract/app';
import { AUTO } from '../../views/disks/volume/volumes';
import type { SourceChoices } from '../../../src-shared/model/requests';

/** What is captured, and how it is read: the part of a draft that capture and append share. */
export const sourceShape = {
  /** A folder; or a disk file or physical disk, of which a volume is captured. */
  sourceKind: z.enum(['folder', 'disk']),
  source: z.string(),
  /** Of a disk: 'auto', or the number of a partition. */
  volume: z.string(),
  /** 'default', 'none', 'own', or the id of a list of the settings. */
  list: z.string(),
  /** The list as it was edited here. */
  ownConfig: z.string(),
  dereference: z.boolean(),
  unixData: z.boolean(),
  fixReparsePoints: z.enum(['default', 'on', 'off']),
  securityDescriptors: z.enum(['lenient', 'strict', 'none']),
  threads: z.number().int().min(0).max(64),
};
export type SourceDraft = z.infer<z.ZodObject<typeof sourceShape>>;

export function beginSource(params: Readonly<Record<string, string>>, settings: Settings): SourceDraft {
  return {
    sourceKind: params['volume'] === undefined ? 'folder' : 'disk',
    source: params['source'] ?? '',
    volume: params['volume'] ?? AUTO,
    list: 'default',
    ownConfig: '',
    dereference: false,
    unixData: false,
    fixReparsePoints: 'default',
    securityDescriptors: 'lenient',
    threads: settings.threads,
  };
}

/** Text of the wimscript.ini that a draft means. */
export function configText(draft: SourceDraft, settings: Settings, info: AppInfo | null): string {
  switch (draft.list) {
    case 'none':
      return '';
    case 'own':
      return draft.ownConfig;
    case 'default':
      return info?.defaultExclusions ?? '';
    default:
      // A list that the settings do not have any more: what is usual.
      return (
        settings.exclusionLists.find(({ id }) => id === draft.list)?.config ?? info?.defaultExclusions ?? ''
      );
  }
}

/** The draft's part of a request. @param config text of {@link configText} */
export function sourceChoices(
  draft: SourceDraft,
  config: string,
): SourceChoices & { threads?: number; volume?: string } {
  return {
    ...(draft.sourceKind === 'disk' ? { volume: draft.volume } : {}),
    ...(draft.list === 'default' ? {} : draft.list === 'none' ? { noDefaultExclusions: true } : { config }),
    ...(draft.dereference ? { dereference: true } : {}),
    ...(draft.unixData ? { unixData: true } : {}),
    ...(draft.fixReparsePoints === 'default' ? {} : { fixReparsePoints: draft.fixReparsePoints === 'on' }),
    ...(draft.securityDescriptors === 'lenient' ? {} : { securityDescriptors: draft.securityDescriptors }),
    ...(draft.threads === 0 ? {} : { threads: draft.threads }),
  };
}
