import type { ReactNode } from 'react';
import { formatBytes, formatDuration } from '../../i18n/format';
import { useText, type Translate } from '../../i18n/translate';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Checkbox, NumberField, RadioCards, Select } from '../../ui/fields';
import { PathField } from '../../views/files/PathField';
import { chunkSizesOf, compressionWays, type CompressionWay } from '../../stores/compression';
import type { SourceFacts } from '../facts/useSource';
import { Disclosure } from '../runtime/Disclosure';
import type { StepProps } from '../runtime/wizard';
import { ReadingOptions } from '../source/ReadingOptions';
import { bytesLeft } from '../source/sourceSteps';
import { lacks, type CaptureDraft } from './captureDraft';
import type { CaptureFacts } from './captureFacts';

/** How small the WIM is made, what that costs, and everything else about how it is written. */
export function CompressionStep({ draft, facts, change }: StepProps<CaptureDraft, CaptureFacts>): ReactNode {
  const t = useText();
  return (
    <div className="stack wizard-ways">
      <RadioCards
        label={t('wizards.step.compression')}
        hideLabel
        value={draft.compression}
        onChange={(compression) => change({ compression, level: 0, chunkSize: 0 })}
        options={compressionWays.map((value) => ({
          value,
          label: t(`compression.${value}`),
          detail: <Cost compression={value} facts={facts.source} />,
        }))}
        lesson="compression.choice"
      />
      <Sampling facts={facts.source} />
      <Disclosure title={t('wizards.advanced')} lesson="compression.advanced">
        <FileOptions draft={draft} change={change} />
        <ReadingOptions draft={draft} change={change} />
        <Earlier draft={draft} change={change} />
      </Disclosure>
    </div>
  );
}

/** What one choice means, with figures from the sample. */
function Cost({
  compression,
  facts,
}: {
  readonly compression: CompressionWay;
  readonly facts: SourceFacts;
}): ReactNode {
  const t = useText();
  const sample = facts.sample.value ?? facts.sample.last;
  const estimate = sample?.estimates.find((each) => each.compression === compression);
  return (
    <span className="wizard-cost">
      <span className="words">{t(`wizards.compression.${compression}`)}</span>
      <span className="number">
        {estimate === undefined
          ? ''
          : t(estimate.limits ? 'wizards.atMost' : 'wizards.about', { value: formatBytes(estimate.bytes) })}
      </span>
      <span className="number">
        {estimate === undefined
          ? ''
          : t(estimate.limits ? 'wizards.atLeast' : 'wizards.about', {
              value: formatDuration(Math.max(1, estimate.seconds)),
            })}
      </span>
    </span>
  );
}

/** Where the figures come from, or how far they are. */
function Sampling({ facts }: { readonly facts: SourceFacts }): ReactNode {
  const t = useText();
  const { sample, survey } = facts;
  if (sample.error !== undefined) return <ErrorNotice error={sample.error} onRetry={sample.again} />;
  if (sample.stopped) {
    return (
      <div className="row-flex">
        <span className="soft">{t('wizards.sample.stopped')}</span>
        <Button onPress={sample.again}>{t('wizards.sample.again')}</Button>
      </div>
    );
  }
  if (survey.value === undefined)
    return <p className="soft">{survey.busy ? t('wizards.sample.afterScan') : ''}</p>;
  if (sample.value === undefined) {
    return (
      <div className="row-flex">
        <span className="soft" role="status">
          {t('wizards.sample.running')}
        </span>
        {sample.busy && (
          <Button kind="quiet" onPress={sample.stop}>
            {t('common.cancel')}
          </Button>
        )}
      </div>
    );
  }
  const solid = sample.value.estimates.find(({ compression }) => compression === 'solid');
  return (
    <p className="soft" role="status">
      {t('wizards.sample.done', {
        sampled: formatBytes(sample.value.sampledBytes),
        total: formatBytes(bytesLeft(facts) ?? sample.value.bytes),
      })}{' '}
      {solid !== undefined && t('wizards.sample.solid', { memory: formatBytes(solid.memory) })}
    </p>
  );
}

interface Part {
  readonly draft: CaptureDraft;
  readonly change: (changes: Partial<CaptureDraft>) => void;
}

function FileOptions({ draft, change }: Part): ReactNode {
  const t = useText();
  const compresses = draft.compression !== 'none';
  const possible = [0, ...chunkSizesOf(draft.compression)];
  return (
    <>
      <div className="wizard-columns">
        {compresses && (
          <NumberField
            label={t('wizards.option.level')}
            hint={t('wizards.option.levelHint')}
            value={draft.level}
            onChange={(level) => change({ level: Number.isFinite(level) ? level : 0 })}
            maximum={100}
          />
        )}
        {compresses && (
          <Select
            label={t('wizards.option.chunkSize')}
            value={String(draft.chunkSize)}
            onChange={(size) => change({ chunkSize: Number(size) })}
            options={possible.map((size) => ({ value: String(size), label: chunkLabel(size, t) }))}
          />
        )}
        <NumberField
          label={t('wizards.option.threads')}
          hint={t('wizards.option.threadsHint')}
          value={draft.threads}
          onChange={(threads) => change({ threads: Number.isFinite(threads) ? threads : 0 })}
          maximum={64}
        />
      </div>
      <Checkbox
        isSelected={draft.integrity}
        onChange={(integrity) => change({ integrity })}
        hint={t('wizards.option.integrityHint')}
      >
        {t('wizards.option.integrity')}
      </Checkbox>
      <Checkbox
        isSelected={draft.pipable && !lacks(draft.compression, 'pipable')}
        isDisabled={lacks(draft.compression, 'pipable')}
        onChange={(pipable) => change({ pipable })}
        hint={t(
          lacks(draft.compression, 'pipable') ? 'wizards.option.pipableSolid' : 'wizards.option.pipableHint',
        )}
      >
        {t('wizards.option.pipable')}
      </Checkbox>
      <Checkbox
        isSelected={draft.wimboot && !lacks(draft.compression, 'wimboot')}
        isDisabled={lacks(draft.compression, 'wimboot')}
        onChange={(wimboot) => change({ wimboot })}
        hint={t(
          lacks(draft.compression, 'wimboot') ? 'wizards.option.wimbootLzms' : 'wizards.option.wimbootHint',
        )}
      >
        {t('wizards.option.wimboot')}
      </Checkbox>
    </>
  );
}

function chunkLabel(size: number, t: Translate): string {
  return size === 0 ? t('wizards.option.usual') : formatBytes(size);
}

/** WIMs that hold part of the data already. */
function Earlier({ draft, change }: Part): ReactNode {
  const t = useText();
  return (
    <>
      <PathField
        label={t('wizards.option.updateOf')}
        title={t('wizards.wim.choose')}
        kind="open-file"
        extensions={['wim', 'esd']}
        value={draft.updateWim}
        onChange={(updateWim) => change({ updateWim })}
        hint={t('wizards.option.updateOfHint')}
      />
      {draft.updateWim !== '' && (
        <div className="wizard-short">
          <NumberField
            label={t('wizards.option.updateImage')}
            value={draft.updateImage}
            minimum={1}
            onChange={(updateImage) =>
              change({ updateImage: Number.isFinite(updateImage) ? updateImage : 1 })
            }
          />
        </div>
      )}
      <PathField
        label={t('wizards.option.delta')}
        title={t('wizards.wim.choose')}
        kind="open-file"
        extensions={['wim', 'esd']}
        value={draft.deltaFrom}
        onChange={(deltaFrom) => change({ deltaFrom })}
        hint={t('wizards.option.deltaHint')}
      />
    </>
  );
}
