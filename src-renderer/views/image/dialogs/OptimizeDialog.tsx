import { useMemo, useState, type ReactNode } from 'react';
import type { Work } from '../../../../src-shared/contract/work';
import type { WimSummary } from '../../../../src-shared/model/summaries';
import { formatBytes } from '../../../i18n/format';
import { useText } from '../../../i18n/translate';
import { baseName } from '../../../stores/workNames';
import { RadioCards, Select } from '../../../ui/fields';
import { PlanAndRun } from '../PlanAndRun';
import { useCommitting } from '../useFreshness';

type Way = 'tidy' | 'recompress';
type Format = 'xpress' | 'lzx' | 'none';

/** Writes a WIM anew without what nothing in it names, and compresses it again if that is wanted. */
export function OptimizeDialog({
  wim,
  summary,
  onClose,
}: {
  readonly wim: string;
  readonly summary: WimSummary;
  readonly onClose: () => void;
}): ReactNode {
  const t = useText();
  const [way, setWay] = useState<Way>('tidy');
  const [format, setFormat] = useState<Format>(summary.compression === 'lzms' ? 'lzx' : summary.compression);
  const { committed } = useCommitting();
  const work = useMemo(
    (): Work => ({
      verb: 'optimize',
      request: { wim, ...(way === 'tidy' ? {} : { recompress: true, compression: { format } }) },
    }),
    [wim, way, format],
  );
  return (
    <PlanAndRun
      title={t('image.optimize.title', { name: baseName(wim) })}
      work={work}
      runLabel={t('image.optimize.run', { name: baseName(wim) })}
      onClose={onClose}
      onDone={committed}
    >
      <RadioCards<Way>
        label={t('image.optimize.way')}
        value={way}
        onChange={setWay}
        options={[
          { value: 'tidy', label: t('image.optimize.tidy'), detail: t('image.optimize.tidyDetail') },
          {
            value: 'recompress',
            label: t('image.optimize.recompress'),
            detail: t('image.optimize.recompressDetail'),
          },
        ]}
      />
      {way === 'recompress' && (
        <Select<Format>
          label={t('image.export.compression')}
          value={format}
          onChange={setFormat}
          options={[
            { value: 'xpress', label: t('compression.xpress') },
            { value: 'lzx', label: t('compression.lzx') },
            { value: 'none', label: t('compression.none') },
          ]}
        />
      )}
      {summary.leftoverBytes > 0 && (
        <p className="soft">{t('image.optimize.leftover', { size: formatBytes(summary.leftoverBytes) })}</p>
      )}
    </PlanAndRun>
  );
}
