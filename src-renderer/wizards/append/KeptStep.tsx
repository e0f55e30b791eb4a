import type { ReactNode } from 'react';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { Checkbox, NumberField, Select } from '../../ui/fields';
import { Facts, Notice } from '../../ui/pieces';
import { Disclosure } from '../runtime/Disclosure';
import type { StepProps } from '../runtime/wizard';
import { ReadingOptions } from '../source/ReadingOptions';
import { canBecomeSolid, type AppendDraft, type AppendFacts } from './appendWizard';

/** What the file has and keeps, and whether unchanged files are read again. */
export function KeptStep({ draft, facts, change }: StepProps<AppendDraft, AppendFacts>): ReactNode {
  const t = useText();
  const summary = facts.wim.summary.value;
  const images = summary?.images ?? [];
  const format = summary === undefined ? '' : t(`compression.${summary.compression}`);
  return (
    <div className="stack">
      {summary !== undefined && (
        <Facts
          facts={[
            [
              t('wizards.step.compression'),
              summary.attributes.solid ? t('image.fact.solid', { compression: format }) : format,
            ],
            // Of a solid file it would be that of the rest, which is little.
            ...(summary.chunkSize === 0 || summary.attributes.solid
              ? []
              : [[t('wizards.option.chunkSize'), formatBytes(summary.chunkSize)] as const]),
            [t('wizards.option.integrity'), t(summary.attributes.integrity ? 'common.yes' : 'common.no')],
          ]}
        />
      )}
      <Notice>
        {t(summary?.attributes.solid === true ? 'wizards.append.keepsSolid' : 'wizards.append.keeps')}
      </Notice>
      {canBecomeSolid(facts.wim) && (
        <div className="wizard-short">
          <Select<'keep' | 'solid'>
            label={t('wizards.append.data')}
            value={draft.solid ? 'solid' : 'keep'}
            onChange={(way) => change({ solid: way === 'solid' })}
            options={[
              { value: 'keep', label: t('wizards.append.dataKeep', { compression: format }) },
              { value: 'solid', label: t('compression.solid') },
            ]}
            hint={draft.solid ? t('compression.solidHint') : undefined}
          />
        </div>
      )}
      <div className="wizard-short">
        <Select
          label={t('wizards.append.updateOf')}
          hint={t('wizards.append.updateOfHint')}
          value={String(draft.updateImage)}
          onChange={(image) => change({ updateImage: Number(image) })}
          options={[
            { value: '0', label: t('wizards.append.readAll') },
            ...images.map(({ index, name }) => ({ value: String(index), label: `${index}: ${name}` })),
          ]}
          lesson="append.updateOf"
        />
      </div>
      <Disclosure title={t('wizards.advanced')}>
        <Checkbox
          isSelected={draft.rebuild}
          onChange={(rebuild) => change({ rebuild })}
          hint={t('wizards.option.rebuildHint')}
        >
          {t('wizards.option.rebuild')}
        </Checkbox>
        <ReadingOptions draft={draft} change={change} />
        <div className="wizard-short">
          <NumberField
            label={t('wizards.option.threads')}
            hint={t('wizards.option.threadsHint')}
            value={draft.threads}
            onChange={(threads) => change({ threads: Number.isFinite(threads) ? threads : 0 })}
            maximum={64}
          />
        </div>
      </Disclosure>
    </div>
  );
}
