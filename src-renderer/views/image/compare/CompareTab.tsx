import { useState, type ReactNode } from 'react';
import type { CompareSide } from '../../../../src-shared/contract/compare';
import type { ImageSummary, WimSummary } from '../../../../src-shared/model/summaries';
import { formatCount } from '../../../i18n/format';
import { useText, type Translate } from '../../../i18n/translate';
import { baseName } from '../../../stores/workNames';
import { Button } from '../../../ui/button';
import { ErrorNotice } from '../../../ui/errorNotice';
import { Checkbox, Select } from '../../../ui/fields';
import { EmptyState } from '../../../ui/pieces';
import { ProgressBar } from '../../../ui/progress';
import { imageLabel } from '../imageLabel';
import { wimExtensions } from '../../files/filters';
import { PathField } from '../../files/PathField';
import { cancelComparison, changeForm, runComparison, useComparison, type CompareForm } from './comparisons';
import { DifferenceList } from './DifferenceList';
import { useOtherImages } from './useOtherImages';

/** Compares the selected image with another image or a folder. */
export function CompareTab({
  wim,
  summary,
  image,
}: {
  readonly wim: string;
  readonly summary: WimSummary;
  readonly image: ImageSummary;
}): ReactNode {
  const t = useText();
  const { form, running, progress, result, error } = useComparison();
  const other = useOtherImages(form.kind === 'wim' ? form.wim : '');
  const [edited, setEdited] = useState(false);
  const others = summary.images.filter(({ index }) => index !== image.index);
  const kind = form.kind === 'here' && others.length === 0 ? 'folder' : form.kind;
  const right = sideOf({ ...form, kind }, wim, others, other.images);
  const left: CompareSide = { kind: 'image', wim, image: image.index };
  const change = (changes: Partial<CompareForm>): void => {
    setEdited(true);
    changeForm(changes);
  };
  const run = (): void => {
    if (right === undefined) return;
    setEdited(false);
    void runComparison(left, right);
  };
  const fraction =
    progress === undefined || progress.filesTotal === 0 ? null : progress.filesDone / progress.filesTotal;
  const fits =
    result !== undefined &&
    result.left.kind === 'image' &&
    result.left.wim === wim &&
    result.left.image === image.index;

  return (
    <div className="image-compare">
      <div className="image-toolbar form">
        <Select<CompareForm['kind']>
          label={t('image.compare.with')}
          value={kind}
          onChange={(value) => change({ kind: value })}
          options={[
            ...(others.length === 0 ? [] : [{ value: 'here' as const, label: t('image.compare.here') }]),
            { value: 'wim', label: t('image.compare.wim') },
            { value: 'folder', label: t('image.compare.folder') },
          ]}
          lesson="compare.with"
        />
        {kind === 'here' && (
          <Select
            label={t('image.compare.image')}
            value={String(others.find(({ index }) => index === form.image)?.index ?? others[0].index)}
            onChange={(value) => change({ image: Number(value) })}
            options={others.map((one) => ({ value: String(one.index), label: imageLabel(one) }))}
          />
        )}
        {kind === 'wim' && (
          <>
            <div className="grow">
              <PathField
                label={t('image.compare.file')}
                title={t('image.compare.file')}
                kind="open-file"
                extensions={wimExtensions}
                value={form.wim}
                onChange={(path) => change({ wim: path })}
                error={other.problem}
              />
            </div>
            {other.images.length > 0 && (
              <Select
                label={t('image.compare.image')}
                value={String(other.images.find(({ index }) => index === form.wimImage)?.index ?? 1)}
                onChange={(value) => change({ wimImage: Number(value) })}
                options={other.images.map((one) => ({ value: String(one.index), label: imageLabel(one) }))}
              />
            )}
          </>
        )}
        {kind === 'folder' && (
          <div className="grow">
            <PathField
              label={t('image.compare.folderPath')}
              title={t('image.compare.folderPath')}
              kind="open-folder"
              value={form.folder}
              onChange={(path) => change({ folder: path })}
            />
          </div>
        )}
        <Checkbox isSelected={form.ignoreTimes} onChange={(ignoreTimes) => change({ ignoreTimes })}>
          {t('image.compare.ignoreTimes')}
        </Checkbox>
        <Button kind="primary" isDisabled={right === undefined || running} onPress={run} lesson="compare.run">
          {t('image.compare.run')}
        </Button>
      </div>
      {running && (
        <div className="image-pane stack">
          <ProgressBar label={t('image.compare.running')} fraction={fraction} />
          <div className="row-flex">
            <span role="status" className="soft grow">
              {progress === undefined ? t('image.compare.running') : t(`phase.${progress.phase}`)}
              {progress !== undefined && progress.filesDone > 0 ? `, ${formatCount(progress.filesDone)}` : ''}
            </span>
            <Button onPress={cancelComparison}>{t('common.cancel')}</Button>
          </div>
        </div>
      )}
      {error !== undefined && (
        <div className="image-pane">
          <ErrorNotice error={error} onRetry={run} />
        </div>
      )}
      {!running && fits && (
        <DifferenceList
          key={result.comparison}
          compared={result}
          title={t('image.compare.title', {
            left: imageLabel(image),
            right: sideLabel(result.right, summary, t),
          })}
          outdated={edited}
          onAgain={run}
        />
      )}
      {!running && !fits && error === undefined && (
        <EmptyState title={t('image.compare.empty')}>
          <p>{t('image.compare.emptyHint', { image: imageLabel(image) })}</p>
        </EmptyState>
      )}
    </div>
  );
}

function sideLabel(side: CompareSide, summary: WimSummary, t: Translate): string {
  if (side.kind === 'folder') return side.path;
  if (side.kind === 'volume') return `${side.disk}, ${side.volume}`;
  const here = summary.images.find(({ index }) => index === side.image);
  return side.wim === summary.path && here !== undefined
    ? imageLabel(here)
    : t('image.compare.imageOf', { index: side.image, name: baseName(side.wim) });
}

function sideOf(
  form: CompareForm,
  wim: string,
  others: readonly ImageSummary[],
  foreign: readonly ImageSummary[],
): CompareSide | undefined {
  switch (form.kind) {
    case 'folder':
      return form.folder === '' ? undefined : { kind: 'folder', path: form.folder };
    case 'here': {
      const chosen = others.find(({ index }) => index === form.image) ?? others.at(0);
      return chosen === undefined ? undefined : { kind: 'image', wim, image: chosen.index };
    }
    case 'wim': {
      const chosen = foreign.find(({ index }) => index === form.wimImage) ?? foreign.at(0);
      return chosen === undefined ? undefined : { kind: 'image', wim: form.wim, image: chosen.index };
    }
  }
}
