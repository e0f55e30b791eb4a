import type { Plan } from '../../../src-shared/contract/work';
import { formatBytes } from '../../i18n/format';
import type { Translate } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import { formatOf, sizeOf } from '../prepare/prepareDraft';
import type { Blocker, Wizard } from '../runtime/wizard';
import { wimBlockers, wimSummary } from '../wim/wimSteps';
import { ApplyDraft, applyWork, beginApply } from './applyDraft';
import { useApplyFacts, type ApplyFacts } from './applyFacts';
import { ApplyImageStep } from './ApplyImageStep';
import { ApplyOptionsStep } from './ApplyOptionsStep';
import { targetBlockers, targetSummary } from './targetBlockers';
import { TargetStep } from './TargetStep';

function hasTable({ wim }: ApplyFacts): boolean {
  return wim.summary.value?.attributes.integrity === true;
}

function imageBlockers(draft: ApplyDraft, { wim, image }: ApplyFacts, t: Translate): Blocker[] {
  const blockers = wimBlockers(draft.wim, wim, t);
  if (blockers.length > 0) return blockers;
  if (wim.summary.value?.imageCount === 0)
    return [{ text: t('wizards.wim.empty', { name: baseName(draft.wim) }) }];
  return image === undefined ? [{ text: t('wizards.apply.imageMissing') }] : [];
}

function sentences(draft: ApplyDraft, facts: ApplyFacts, plan: Plan, t: Translate): string[] {
  const { image } = facts;
  return [
    ...(draft.verifyIntegrity && hasTable(facts)
      ? [t('wizards.say.verifyFirst', { name: baseName(draft.wim) })]
      : []),
    ...before(draft, facts, t),
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
    ...(draft.targetKind === 'folder' ? [folderSentence(facts, plan, t)] : []),
    ...(draft.compact === 'none' || draft.targetKind === 'folder'
      ? []
      : [t('disks.say.compact', { way: t(`disks.compact.${draft.compact}`) })]),
    ...(draft.recoverData ? [t('wizards.say.recover')] : []),
  ];
}

/** What happens to the disk before the image comes onto it. */
function before(draft: ApplyDraft, { layout }: ApplyFacts, t: Translate): string[] {
  const count = layout.layout?.partitions.length ?? 0;
  const table = t(`disks.table.${layout.layout?.table ?? 'gpt'}`);
  switch (draft.targetKind) {
    case 'folder':
      return [];
    case 'volume':
      return [t('disks.say.format', { name: baseName(draft.target) })];
    case 'divide':
      return [
        t('disks.say.erase', { name: baseName(draft.target) }),
        t('disks.say.divide', { count, table }),
      ];
    case 'newDisk':
      return [
        t(draft.kind === 'fixed' ? 'disks.say.createFixed' : 'disks.say.create', {
          path: draft.target,
          format: formatOf(draft.target).toUpperCase(),
          size: formatBytes(sizeOf(draft) ?? 0),
        }),
        t('disks.say.divide', { count, table }),
      ];
  }
}

function folderSentence({ target }: ApplyFacts, plan: Plan, t: Translate): string {
  if (target.value?.kind === 'missing') return t('wizards.say.targetMade');
  if (target.value?.empty === true) return t('wizards.say.targetEmpty');
  return plan.erases.length > 0 ? t('wizards.say.targetReplaced') : t('wizards.say.targetAdded');
}

/** An image becomes files of a folder, or of a volume that is formatted for it. */
export const applyWizard: Wizard<ApplyDraft, ApplyFacts> = {
  name: 'apply',
  title: 'wizards.apply.title',
  schema: ApplyDraft,
  seeds: ['wim', 'image', 'target', 'targetKind', 'volume', 'identity'],
  begin: beginApply,
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
      summary: targetSummary,
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
    work: (draft, facts) => applyWork(draft, { image: facts.image?.index, checks: hasTable(facts) }),
    label: (draft, { image }, t) =>
      t(
        draft.targetKind === 'divide' || draft.targetKind === 'volume'
          ? 'disks.run.eraseAndApply'
          : 'wizards.apply.run',
        { image: image?.name ?? '', target: baseName(draft.target) },
      ),
    sentences,
  },
};
