import { z } from 'zod';
import type { PathStatus } from '../../../src-shared/contract/files';
import type { Plan, Work } from '../../../src-shared/contract/work';
import type { ImageSummary } from '../../../src-shared/model/summaries';
import { formatBytes } from '../../i18n/format';
import type { Translate } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import { describeError } from '../../ui/errors';
import { usePathStatus, useWim, type WimFacts } from '../facts/usePath';
import type { Live } from '../runtime/useLive';
import type { Beginning } from '../runtime/beginning';
import type { Blocker, Wizard } from '../runtime/wizard';
import { wimBlockers, wimSummary } from '../wim/wimSteps';
import { ApplyImageStep } from './ApplyImageStep';
import { ApplyOptionsStep } from './ApplyOptionsStep';
import { TargetStep } from './TargetStep';

export const ApplyDraft = z.object({
  wim: z.string(),
  /** 0: not chosen yet; the only image of a WIM is chosen by itself. */
  image: z.number().int().min(0),
  target: z.string(),
  verifyIntegrity: z.boolean(),
  unixData: z.boolean(),
  fixReparsePoints: z.enum(['default', 'on', 'off']),
  securityDescriptors: z.enum(['lenient', 'strict', 'none']),
  recoverData: z.boolean(),
  includeInvalidNames: z.boolean(),
  strictShortNames: z.boolean(),
  strictTimestamps: z.boolean(),
  strictSymlinks: z.boolean(),
  sparse: z.boolean(),
  threads: z.number().int().min(0).max(64),
});
export type ApplyDraft = z.infer<typeof ApplyDraft>;

export interface ApplyFacts {
  readonly wim: WimFacts;
  readonly target: Live<PathStatus>;
  /** The image to be applied. */
  readonly image: ImageSummary | undefined;
}

function begin({ params, settings }: Beginning): ApplyDraft {
  const image = Number(params['image'] ?? 0);
  return {
    wim: params['wim'] ?? '',
    image: Number.isSafeInteger(image) && image > 0 ? image : 0,
    target: params['target'] ?? '',
    verifyIntegrity: true,
    unixData: false,
    fixReparsePoints: 'default',
    securityDescriptors: 'lenient',
    recoverData: false,
    includeInvalidNames: false,
    strictShortNames: false,
    strictTimestamps: false,
    strictSymlinks: false,
    sparse: false,
    threads: settings.threads,
  };
}

function useApplyFacts(draft: ApplyDraft): ApplyFacts {
  const wim = useWim(draft.wim);
  const target = usePathStatus(draft.target);
  const images = wim.summary.value?.images ?? [];
  const image = images.length === 1 ? images[0] : images.find(({ index }) => index === draft.image);
  return { wim, target, image };
}

/** The settings that differ from what is usual, as the request has them. */
function work(draft: ApplyDraft, { image, wim }: ApplyFacts): Work | null {
  if (draft.wim === '' || draft.target === '' || image === undefined) return null;
  const flags = [
    'unixData',
    'recoverData',
    'includeInvalidNames',
    'strictShortNames',
    'strictTimestamps',
    'strictSymlinks',
    'sparse',
  ] as const;
  const set = Object.fromEntries(flags.filter((flag) => draft[flag]).map((flag) => [flag, true]));
  const checks = draft.verifyIntegrity && wim.summary.value?.attributes.integrity === true;
  return {
    verb: 'apply',
    request: {
      wim: draft.wim,
      image: image.index,
      target: draft.target,
      ...set,
      ...(checks ? { verifyIntegrity: true } : {}),
      ...(draft.fixReparsePoints === 'default' ? {} : { fixReparsePoints: draft.fixReparsePoints === 'on' }),
      ...(draft.securityDescriptors === 'lenient' ? {} : { securityDescriptors: draft.securityDescriptors }),
      ...(draft.threads === 0 ? {} : { threads: draft.threads }),
    },
  };
}

function imageBlockers(draft: ApplyDraft, { wim, image }: ApplyFacts, t: Translate): Blocker[] {
  const blockers = wimBlockers(draft.wim, wim, t);
  if (blockers.length > 0) return blockers;
  if (wim.summary.value?.imageCount === 0)
    return [{ text: t('wizards.wim.empty', { name: baseName(draft.wim) }) }];
  return image === undefined ? [{ text: t('wizards.apply.imageMissing') }] : [];
}

function targetBlockers(draft: ApplyDraft, { target, image }: ApplyFacts, t: Translate): Blocker[] {
  if (draft.target.trim() === '') return [{ text: t('wizards.apply.targetMissing') }];
  if (target.error !== undefined) return [{ text: describeError(target.error, t).message }];
  const found = target.value;
  if (found === undefined) return [{ text: t('wizards.checking'), waiting: true }];
  if (found.kind === 'file' || found.kind === 'other')
    return [{ text: t('wizards.apply.notFolder', { path: draft.target }) }];
  if (!found.writable) return [{ text: t('wizards.place.notWritable', { path: draft.target }) }];
  const needed = bytesOf(image);
  if (needed !== null && found.free !== null && needed > found.free) {
    return [
      { text: t('wizards.place.noSpace', { needed: formatBytes(needed), free: formatBytes(found.free) }) },
    ];
  }
  return [];
}

/** Bytes that an image takes on disk: hard links once. */
export function bytesOf(image: ImageSummary | undefined): number | null {
  return image === undefined ? null : Math.max(0, image.totalBytes - image.hardLinkBytes);
}

function sentences(
  draft: ApplyDraft,
  { image, target, wim }: ApplyFacts,
  plan: Plan,
  t: Translate,
): string[] {
  const checks = draft.verifyIntegrity && wim.summary.value?.attributes.integrity === true;
  return [
    ...(checks ? [t('wizards.say.verifyFirst', { name: baseName(draft.wim) })] : []),
    t('wizards.say.applies', {
      image: image?.name ?? '',
      index: image?.index ?? 1,
      wim: draft.wim,
      target: draft.target,
    }),
    t('wizards.say.writesFiles', {
      files: t('common.files', { count: plan.files ?? 0 }),
      folders: t('common.folders', {
        count: plan.directories ?? 0,
      }),
      size: formatBytes(plan.bytes ?? 0),
    }),
    target.value?.kind === 'missing'
      ? t('wizards.say.targetMade')
      : target.value?.empty === true
        ? t('wizards.say.targetEmpty')
        : plan.erases.length > 0
          ? t('wizards.say.targetReplaced')
          : t('wizards.say.targetAdded'),
    ...(draft.recoverData ? [t('wizards.say.recover')] : []),
  ];
}

/** An image becomes files of a folder. */
export const applyWizard: Wizard<ApplyDraft, ApplyFacts> = {
  name: 'apply',
  title: 'wizards.apply.title',
  schema: ApplyDraft,
  seeds: ['wim', 'image', 'target'],
  begin,
  useFacts: useApplyFacts,
  subject: (draft) => draft.wim,
  steps: [
    {
      id: 'image',
      title: 'wizards.step.image',
      summary: (draft, { wim, image }, t) =>
        image === undefined
          ? wimSummary(draft.wim, wim, t)
          : t('wizards.apply.imageSummary', {
              wim: baseName(draft.wim),
              index: image.index,
              name: image.name,
            }),
      blockers: imageBlockers,
      Component: ApplyImageStep,
    },
    {
      id: 'target',
      title: 'wizards.step.target',
      summary: (draft) => draft.target,
      blockers: targetBlockers,
      Component: TargetStep,
    },
    {
      id: 'options',
      title: 'wizards.step.options',
      summary: (draft, _facts, t) => (draft.verifyIntegrity ? t('wizards.apply.verifyShort') : ''),
      blockers: () => [],
      Component: ApplyOptionsStep,
    },
  ],
  run: {
    work,
    label: (draft, { image }, t) =>
      t('wizards.apply.run', { image: image?.name ?? '', target: baseName(draft.target) }),
    sentences,
  },
};
