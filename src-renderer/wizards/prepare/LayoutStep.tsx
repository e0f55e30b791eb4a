import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { segmentsOfDisk, type Segment } from '../../views/disks/bar/segments';
import { LayoutEditor } from '../../views/disks/editor/LayoutEditor';
import { ProgressBar } from '../../ui/progress';
import type { StepProps } from '../runtime/wizard';
import type { NewDiskDraft, PrepareDraft } from './prepareDraft';
import type { LayoutFacts, PrepareFacts } from './prepareFacts';

/** How the disk is divided. */
export function LayoutStep({ draft, facts, change }: StepProps<PrepareDraft, PrepareFacts>): ReactNode {
  const t = useText();
  const disk = facts.disk.summary.value;
  const before = draft.target === 'new' ? null : disk === undefined ? [] : segmentsOfDisk(disk);
  if (facts.space === null) return <p className="soft">{t('disks.chooseFirst')}</p>;
  return <LayoutFields draft={draft} facts={facts} before={before} change={change} />;
}

/** The editor of a layout over a draft. */
export function LayoutFields({
  draft,
  facts,
  before,
  change,
}: {
  readonly draft: NewDiskDraft;
  readonly facts: LayoutFacts;
  readonly before: readonly Segment[] | null;
  readonly change: (changes: Partial<NewDiskDraft>) => void;
}): ReactNode {
  const t = useText();
  const { layout, plan, space } = facts;
  if (layout === null || space === null) return <ProgressBar label={t('disks.reading')} fraction={null} />;
  return (
    <LayoutEditor
      preset={draft.preset}
      layout={layout}
      plan={plan}
      space={space}
      before={before}
      onPreset={(preset) => change({ preset })}
      onLayout={(ownLayout) =>
        change({ preset: 'own', ownLayout: { ...ownLayout, partitions: [...ownLayout.partitions] } })
      }
    />
  );
}
