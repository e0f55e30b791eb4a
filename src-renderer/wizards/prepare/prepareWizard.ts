import type { Plan } from '../../../src-shared/contract/work';
import { formatBytes } from '../../i18n/format';
import type { Translate } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import type { Wizard } from '../runtime/wizard';
import { DiskStep } from './DiskStep';
import { LayoutStep } from './LayoutStep';
import { diskBlockers, layoutBlockers, layoutSummary } from './prepareBlockers';
import { beginPrepare, formatOf, PrepareDraft, prepareWork, sizeOf } from './prepareDraft';
import { usePrepareFacts, type PrepareFacts } from './prepareFacts';

/** What the disk is called: its file, or its model with its size. */
function nameOf(draft: PrepareDraft, { chosen }: PrepareFacts): string {
  switch (draft.target) {
    case 'new':
      return baseName(draft.newPath);
    case 'file':
      return baseName(draft.file);
    case 'physical':
      return chosen === undefined ? '' : `${chosen.name} ${formatBytes(chosen.size)}`;
  }
}

/** Whether there is something to be erased; what cannot be read may be anything. */
function holdsSomething({ disk }: PrepareFacts): boolean {
  const { value } = disk.summary;
  return value === undefined || value.table !== 'none' || value.partitions.length > 0;
}

function diskSummary(draft: PrepareDraft, facts: PrepareFacts, t: Translate): string {
  const name = nameOf(draft, facts);
  if (name === '') return '';
  const size = draft.target === 'new' ? sizeOf(draft) : facts.disk.summary.value?.size;
  if (draft.target === 'physical' || size === undefined) return name;
  return t('disks.namedSize', { name, size: formatBytes(size) });
}

function sentences(draft: PrepareDraft, facts: PrepareFacts, plan: Plan, t: Translate): string[] {
  const count = plan.disk?.partitions.length ?? facts.layout?.partitions.length ?? 0;
  const size = formatBytes(plan.disk?.size ?? facts.space?.size ?? 0);
  const table = t(`disks.table.${facts.layout?.table ?? 'gpt'}`);
  if (draft.target === 'new') {
    return [
      t(draft.kind === 'fixed' ? 'disks.say.createFixed' : 'disks.say.create', {
        path: draft.newPath,
        format: formatOf(draft.newPath).toUpperCase(),
        size,
      }),
      t('disks.say.divide', { count, table }),
      t('disks.say.check'),
    ];
  }
  return [
    plan.erases.length > 0
      ? t('disks.say.erase', { name: nameOf(draft, facts) })
      : t('disks.say.empty', { name: nameOf(draft, facts) }),
    t('disks.say.divide', { count, table }),
    t('disks.say.check'),
  ];
}

/** A disk is made, or erased, and divided. */
export const prepareWizard: Wizard<PrepareDraft, PrepareFacts> = {
  name: 'prepare',
  title: 'disks.prepare.title',
  schema: PrepareDraft,
  seeds: ['file', 'identity', 'device', 'newPath'],
  begin: beginPrepare,
  useFacts: usePrepareFacts,
  subject: nameOf,
  steps: [
    {
      id: 'disk',
      title: 'disks.step.disk',
      summary: diskSummary,
      blockers: diskBlockers,
      Component: DiskStep,
    },
    {
      id: 'layout',
      title: 'disks.step.layout',
      summary: layoutSummary,
      blockers: (_draft, facts, t) => layoutBlockers(facts, t),
      Component: LayoutStep,
    },
  ],
  run: {
    work: (draft, facts) => prepareWork(draft, holdsSomething(facts)),
    label: (draft, facts, t) =>
      t(
        draft.target === 'new'
          ? 'disks.run.create'
          : holdsSomething(facts)
            ? 'disks.run.erase'
            : 'disks.run.prepare',
        {
          name: nameOf(draft, facts),
        },
      ),
    sentences,
  },
};
