import type { Plan } from '../../../src-shared/contract/work';
import { formatBytes } from '../../i18n/format';
import type { Translate } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import type { Wizard } from '../runtime/wizard';
import { ExclusionsStep } from '../source/ExclusionsStep';
import { exclusionsBlockers, exclusionsSummary, sourceBlockers, sourceSummary } from '../source/sourceSteps';
import { SourceStep } from '../source/SourceStep';
import { beginCapture, CaptureDraft, captureWork, imageName } from './captureDraft';
import { useCaptureFacts, type CaptureFacts } from './captureFacts';
import { CompressionStep } from './CompressionStep';
import { PlaceStep } from './PlaceStep';
import { placeBlockers } from './placeBlockers';

function work(draft: CaptureDraft, { source, wim, wimPath }: CaptureFacts): ReturnType<typeof captureWork> {
  const wimThere = wim.status.value?.kind === 'file';
  return captureWork(draft, { config: source.config, wim: wimPath, wimThere });
}

function appends(draft: CaptureDraft, { wim }: CaptureFacts): boolean {
  return draft.conflict === 'append' && wim.status.value?.kind === 'file';
}

function sentences(draft: CaptureDraft, facts: CaptureFacts, plan: Plan, t: Translate): string[] {
  const name = baseName(facts.wimPath);
  const compression = t(`compression.${draft.compression}`);
  return [
    t('wizards.say.reads', {
      source: draft.source,
      files: t('common.files', { count: plan.files ?? 0 }),
      folders: t('common.folders', {
        count: plan.directories ?? 0,
      }),
      size: formatBytes(plan.bytes ?? 0),
    }),
    appends(draft, facts)
      ? t('wizards.say.appends', { image: imageName(draft), path: facts.wimPath })
      : t(plan.erases.length > 0 ? 'wizards.say.replaces' : 'wizards.say.writes', {
          image: imageName(draft),
          path: facts.wimPath,
          compression,
        }),
    ...(appends(draft, facts)
      ? []
      : [t(draft.integrity ? 'wizards.say.integrity' : 'wizards.say.noIntegrity', { name })]),
    ...(draft.updateWim === '' ? [] : [t('wizards.say.updateOf', { name: baseName(draft.updateWim) })]),
    ...(draft.deltaFrom === '' ? [] : [t('wizards.say.delta', { name: baseName(draft.deltaFrom) })]),
  ];
}

/** A folder becomes a WIM. */
export const captureWizard: Wizard<CaptureDraft, CaptureFacts> = {
  name: 'capture',
  title: 'wizards.capture.title',
  schema: CaptureDraft,
  seeds: ['source', 'volume', 'wim'],
  begin: beginCapture,
  useFacts: useCaptureFacts,
  subject: (draft) => draft.source,
  steps: [
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
      summary: (draft, _facts, t) => t(`compression.${draft.compression}`),
      blockers: () => [],
      Component: CompressionStep,
    },
    {
      id: 'place',
      title: 'wizards.step.place',
      summary: (_draft, { wimPath }) => baseName(wimPath),
      blockers: placeBlockers,
      Component: PlaceStep,
    },
  ],
  run: {
    work,
    label: (draft, facts, t) =>
      t(
        appends(draft, facts)
          ? 'wizards.capture.runAppend'
          : facts.wim.status.value?.kind === 'file'
            ? 'wizards.capture.runOverwrite'
            : 'wizards.capture.run',
        { name: baseName(facts.wimPath) },
      ),
    sentences,
  },
};
