import { z } from 'zod';
import type { Plan, Work } from '../../../src-shared/contract/work';
import { formatBytes } from '../../i18n/format';
import type { Translate } from '../../i18n/translate';
import { compressionWayOf } from '../../stores/compression';
import { baseName } from '../../stores/workNames';
import { imageName } from '../capture/captureDraft';
import { useSource, type SourceFacts } from '../facts/useSource';
import { useWim, type WimFacts } from '../facts/usePath';
import type { Beginning } from '../runtime/beginning';
import type { Blocker, Wizard } from '../runtime/wizard';
import { ExclusionsStep } from '../source/ExclusionsStep';
import { beginSource, sourceChoices, sourceShape } from '../source/sourceDraft';
import { exclusionsBlockers, exclusionsSummary, sourceBlockers, sourceSummary } from '../source/sourceSteps';
import { SourceStep } from '../source/SourceStep';
import { wimBlockers, wimSummary } from '../wim/wimSteps';
import { AppendNameStep } from './AppendNameStep';
import { AppendWimStep } from './AppendWimStep';
import { KeptStep } from './KeptStep';

export const AppendDraft = z.object({
  ...sourceShape,
  wim: z.string(),
  /** The image whose unchanged files are not read again; 0: all are read. */
  updateImage: z.number().int().min(0),
  name: z.string().nullable(),
  description: z.string(),
  flags: z.string(),
  boot: z.boolean(),
  rebuild: z.boolean(),
  /** New data goes into a solid block, also where the file has none yet. */
  solid: z.boolean(),
});
export type AppendDraft = z.infer<typeof AppendDraft>;

export interface AppendFacts {
  readonly source: SourceFacts;
  readonly wim: WimFacts;
}

function begin({ params, settings }: Beginning): AppendDraft {
  return {
    ...beginSource(params, settings),
    wim: params['wim'] ?? '',
    updateImage: 0,
    name: null,
    description: '',
    flags: '',
    boot: false,
    rebuild: false,
    solid: false,
  };
}

function useAppendFacts(draft: AppendDraft): AppendFacts {
  return { source: useSource(draft, false), wim: useWim(draft.wim) };
}

function work(draft: AppendDraft, { source, wim }: AppendFacts): Work | null {
  if (draft.source === '' || draft.wim === '') return null;
  return {
    verb: 'append',
    request: {
      ...sourceChoices(draft, source.config),
      source: draft.source,
      wim: draft.wim,
      name: imageName(draft),
      ...(draft.description === '' ? {} : { description: draft.description }),
      ...(draft.flags === '' ? {} : { properties: [['FLAGS', draft.flags]] }),
      ...(draft.boot ? { boot: true } : {}),
      ...(draft.updateImage === 0 ? {} : { updateOf: { image: draft.updateImage } }),
      ...(draft.rebuild ? { rebuild: true } : {}),
      ...(draft.solid && canBecomeSolid(wim) ? { solid: true } : {}),
    },
  };
}

/** Whether solid data is a choice: a solid file gets it anyhow, and one for pipes takes none. */
export function canBecomeSolid({ summary }: WimFacts): boolean {
  const attributes = summary.value?.attributes;
  return attributes !== undefined && !attributes.solid && !attributes.pipable;
}

/** An image can be added to a whole WIM that may be written. */
function writableBlockers(draft: AppendDraft, { wim }: AppendFacts, t: Translate): Blocker[] {
  const blockers = wimBlockers(draft.wim, wim, t);
  const found = wim.summary.value;
  if (blockers.length > 0 || found === undefined) return blockers;
  const name = baseName(draft.wim);
  if (found.totalParts > 1) return [{ text: t('wizards.wim.split', { name }) }];
  if (found.attributes.readOnly) return [{ text: t('wizards.wim.readOnly', { name }) }];
  if (wim.status.value?.writable === false) return [{ text: t('wizards.wim.notWritable', { name }) }];
  return [];
}

function nameBlockers(draft: AppendDraft, { wim }: AppendFacts, t: Translate): Blocker[] {
  const name = imageName(draft);
  if (name.trim() === '') return [{ text: t('wizards.place.nameMissing') }];
  const taken = wim.summary.value?.images.some((image) => image.name === name) === true;
  return taken ? [{ text: t('wizards.place.nameTaken', { name, wim: baseName(draft.wim) }) }] : [];
}

function sentences(draft: AppendDraft, { wim }: AppendFacts, plan: Plan, t: Translate): string[] {
  const earlier = wim.summary.value?.images.find(({ index }) => index === draft.updateImage);
  return [
    t('wizards.say.reads', {
      source: draft.source,
      files: t('common.files', { count: plan.files ?? 0 }),
      folders: t('common.folders', {
        count: plan.directories ?? 0,
      }),
      size: formatBytes(plan.bytes ?? 0),
    }),
    t('wizards.say.appends', { image: imageName(draft), path: draft.wim }),
    t('wizards.say.imagesStay', { count: wim.summary.value?.imageCount ?? 0 }),
    ...(earlier === undefined ? [] : [t('wizards.say.updateOf', { name: earlier.name })]),
    ...(draft.solid && canBecomeSolid(wim) ? [t('wizards.say.solid')] : []),
    ...(draft.rebuild ? [t('wizards.say.rebuild', { name: baseName(draft.wim) })] : []),
  ];
}

/** One image more in a WIM. */
export const appendWizard: Wizard<AppendDraft, AppendFacts> = {
  name: 'append',
  title: 'wizards.append.title',
  schema: AppendDraft,
  seeds: ['wim', 'source', 'volume'],
  begin,
  useFacts: useAppendFacts,
  subject: (draft) => draft.wim,
  steps: [
    {
      id: 'wim',
      title: 'wizards.step.wim',
      summary: (draft, { wim }, t) => wimSummary(draft.wim, wim, t),
      blockers: writableBlockers,
      Component: AppendWimStep,
    },
    {
      id: 'source',
      title: 'wizards.step.source',
      summary: (draft, { source }, t) => sourceSummary(draft, source, t),
      blockers: (draft, { source }, t) => sourceBlockers(draft, source, t),
      Component: SourceStep,
    },
    {
      id: 'exclusions',
      title: 'wizards.step.exclusions',
      summary: (_draft, { source }, t) => exclusionsSummary(source, t),
      blockers: (_draft, { source }, t) => exclusionsBlockers(source, t),
      Component: ExclusionsStep,
    },
    {
      id: 'compression',
      title: 'wizards.step.compression',
      summary: (draft, { wim }, t) =>
        wim.summary.value === undefined
          ? ''
          : t(
              `compression.${draft.solid && canBecomeSolid(wim) ? 'solid' : compressionWayOf(wim.summary.value)}`,
            ),
      blockers: () => [],
      Component: KeptStep,
    },
    {
      id: 'name',
      title: 'wizards.step.name',
      summary: (draft) => imageName(draft),
      blockers: nameBlockers,
      Component: AppendNameStep,
    },
  ],
  run: {
    work,
    label: (draft, _facts, t) => t('wizards.append.run', { name: baseName(draft.wim) }),
    sentences,
  },
};
