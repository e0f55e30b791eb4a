import type { ReactNode } from 'react';
import { formatBytes, formatCount } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Checkbox, RadioCards } from '../../ui/fields';
import { Facts, Notice } from '../../ui/pieces';
import { ProgressBar } from '../../ui/progress';
import { PathField } from '../../views/files/PathField';
import type { SourceFacts } from '../facts/useSource';
import { Disclosure } from '../runtime/Disclosure';
import { LongList } from '../runtime/LongList';
import type { StepProps } from '../runtime/wizard';
import type { SourceDraft } from './sourceDraft';
import { VolumeSource } from './VolumeSource';

/** Which folder or volume is captured, and what is in it. */
export function SourceStep<D extends SourceDraft, F extends { readonly source: SourceFacts }>({
  draft,
  facts,
  change,
  goOn,
}: StepProps<D, F>): ReactNode {
  const t = useText();
  const set = (changes: Partial<SourceDraft>): void => change(changes as Partial<D>);
  const { survey, status } = facts.source;
  const wrong = status.value !== undefined && status.value.kind !== 'directory';
  return (
    <div className="stack">
      <div data-first-choice="">
        <RadioCards
          label={t('disks.source')}
          value={draft.sourceKind}
          onChange={(sourceKind) => set({ sourceKind })}
          options={(['folder', 'disk'] as const).map((kind) => ({
            value: kind,
            label: t(`disks.source.${kind}`),
            detail: t(`disks.source.${kind}.detail`),
          }))}
          lesson="source.kind"
        />
      </div>
      {draft.sourceKind === 'folder' ? (
        <PathField
          label={t('wizards.source.label')}
          title={t('wizards.source.choose')}
          kind="open-folder"
          value={draft.source}
          onChange={(source) => set({ source })}
          onSubmit={goOn}
          hint={t('wizards.source.hint')}
          error={
            wrong
              ? status.value?.kind === 'missing'
                ? t('wizards.source.notThere', { path: draft.source })
                : t('wizards.source.noFolder', { path: draft.source })
              : undefined
          }
          lesson="source.path"
        />
      ) : (
        <VolumeSource draft={draft} facts={facts.source} onChange={set} onSubmit={goOn} />
      )}
      <SurveyFacts facts={facts.source} />
      {survey.error !== undefined && <ErrorNotice error={survey.error} onRetry={survey.again} />}
      <Disclosure title={t('wizards.advanced')}>
        <Checkbox isSelected={draft.dereference} onChange={(dereference) => set({ dereference })}>
          {t('wizards.option.dereference')}
        </Checkbox>
      </Disclosure>
    </div>
  );
}

function SurveyFacts({ facts }: { readonly facts: SourceFacts }): ReactNode {
  const t = useText();
  const { survey, status, disk } = facts;
  if (status.value?.kind !== 'directory' && disk.summary.value === undefined) return null;
  if (survey.stopped) {
    return (
      <Notice>
        <div className="row-flex">
          <span className="grow">{t('wizards.source.stopped')}</span>
          <Button onPress={survey.again}>{t('wizards.source.scanAgain')}</Button>
        </div>
      </Notice>
    );
  }
  const { value, progress } = survey;
  if (value === undefined) {
    if (!survey.busy) return null;
    return (
      <div className="stack tight">
        <div className="row-flex">
          <span className="grow">
            {t('wizards.source.scanning')}
            {progress !== null && progress.filesDone > 0 && (
              <span className="soft">
                {' '}
                {t('wizards.source.soFar', { files: formatCount(progress.filesDone) })}
              </span>
            )}
          </span>
          <Button onPress={survey.stop}>{t('common.cancel')}</Button>
        </div>
        <ProgressBar label={t('wizards.source.scanning')} fraction={null} />
      </div>
    );
  }
  return (
    <div className="stack" role="status">
      <Facts
        facts={[
          [t('wizards.figure.data'), formatBytes(value.bytes)],
          [t('wizards.figure.files'), formatCount(value.files)],
          [t('wizards.figure.folders'), formatCount(value.directories)],
          [
            t('wizards.source.kind'),
            value.windows ? t('wizards.source.windows') : t('wizards.source.ordinary'),
          ],
        ]}
      />
      {value.notKept.total > 0 && (
        <LongList
          title={t('wizards.source.problems', { count: value.notKept.total })}
          lines={value.notKept.first.map(({ path, problem }) => ({ path, text: problem }))}
          total={value.notKept.total}
          tone="decision"
        />
      )}
    </div>
  );
}
