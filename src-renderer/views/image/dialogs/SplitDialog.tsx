import { useMemo, useState, type ReactNode } from 'react';
import type { Work } from '../../../../src-shared/contract/work';
import type { WimSummary } from '../../../../src-shared/model/summaries';
import { formatBytes } from '../../../i18n/format';
import { useText } from '../../../i18n/translate';
import { baseName } from '../../../stores/workNames';
import { Checkbox, NumberField, RadioCards } from '../../../ui/fields';
import { Notice } from '../../../ui/pieces';
import { PathField } from '../../files/PathField';
import { PlanAndRun } from '../PlanAndRun';
import { CompressionSelect, waysApart } from './CompressionSelect';
import { withEnding } from './partPaths';

const MB = 1024 * 1024;
/** What fits a file system or a disc, in megabytes. */
const sizes = { fat32: 4000, dvd: 4400, cd: 690 } as const;
type Choice = keyof typeof sizes | 'own';

/** Splits a WIM into parts of a size. */
export function SplitDialog({
  wim,
  summary,
  onClose,
}: {
  readonly wim: string;
  readonly summary: WimSummary;
  readonly onClose: () => void;
}): ReactNode {
  const t = useText();
  const [choice, setChoice] = useState<Choice>('fat32');
  const [own, setOwn] = useState(1000);
  const [destination, setDestination] = useState(() => withEnding(wim, '.swm'));
  const { solid } = summary.attributes;
  const megabytes = choice === 'own' ? own : sizes[choice];
  // A person says that all data is to be compressed anew: it takes its time and room.
  const [anew, setAnew] = useState(false);
  const [format, setFormat] = useState<(typeof waysApart)[number]>('lzx');
  const work = useMemo(
    (): Work | null =>
      destination === '' || !(megabytes > 0) || (solid && !anew)
        ? null
        : {
            verb: 'split',
            request: {
              wim,
              destination,
              partSize: megabytes * MB,
              ...(solid ? { compression: { format } } : {}),
            },
          },
    [wim, destination, megabytes, solid, anew, format],
  );
  const blocked =
    destination === '' ? t('image.split.choose') : solid && !anew ? t('image.split.anewFirst') : undefined;
  return (
    <PlanAndRun
      title={t('image.split.title', { name: baseName(wim) })}
      work={work}
      blocked={blocked}
      runLabel={t('image.split.run', { name: baseName(wim) })}
      onClose={onClose}
    >
      {solid && (
        <>
          <Notice tone="decision">{t('image.split.solid')}</Notice>
          <Checkbox isSelected={anew} onChange={setAnew} hint={t('image.split.anewHint')}>
            {t('image.split.anew')}
          </Checkbox>
          {anew && <CompressionSelect value={format} onChange={setFormat} ways={waysApart} />}
        </>
      )}
      <RadioCards<Choice>
        label={t('image.split.size')}
        value={choice}
        onChange={setChoice}
        options={[
          { value: 'fat32', label: t('image.split.fat32'), detail: formatBytes(sizes.fat32 * MB) },
          { value: 'dvd', label: t('image.split.dvd'), detail: formatBytes(sizes.dvd * MB) },
          { value: 'cd', label: t('image.split.cd'), detail: formatBytes(sizes.cd * MB) },
          { value: 'own', label: t('image.split.own') },
        ]}
      />
      {choice === 'own' && (
        <NumberField label={t('image.split.megabytes')} value={own} onChange={setOwn} minimum={1} />
      )}
      <PathField
        label={t('image.split.destination')}
        title={t('image.split.destination')}
        kind="save-file"
        extensions={['swm']}
        value={destination}
        onChange={setDestination}
      />
      <p className="soft">
        {solid
          ? t('image.split.anewCount')
          : t('image.split.about', {
              parts: Math.max(1, Math.ceil(summary.fileSize / (megabytes * MB))),
              size: formatBytes(summary.fileSize),
            })}
      </p>
    </PlanAndRun>
  );
}
