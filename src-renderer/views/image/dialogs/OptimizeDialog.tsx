import { useMemo, useState, type ReactNode } from 'react';
import type { Work } from '../../../../src-shared/contract/work';
import type { WimSummary } from '../../../../src-shared/model/summaries';
import { formatBytes } from '../../../i18n/format';
import { useText } from '../../../i18n/translate';
import {
  compressionRequest,
  compressionWayOf,
  compressionWays,
  type CompressionWay,
} from '../../../stores/compression';
import { baseName } from '../../../stores/workNames';
import { RadioCards } from '../../../ui/fields';
import { PlanAndRun } from '../PlanAndRun';
import { useCommitting } from '../useFreshness';
import { CompressionSelect } from './CompressionSelect';

type Way = 'tidy' | 'recompress';

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
  const [compression, setCompression] = useState<CompressionWay>(compressionWayOf(summary));
  const { committed } = useCommitting();
  const work = useMemo(
    (): Work => ({
      verb: 'optimize',
      request: { wim, ...(way === 'tidy' ? {} : { recompress: true, ...compressionRequest(compression) }) },
    }),
    [wim, way, compression],
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
        <CompressionSelect<CompressionWay>
          value={compression}
          onChange={setCompression}
          ways={compressionWays}
        />
      )}
      {summary.leftoverBytes > 0 && (
        <p className="soft">{t('image.optimize.leftover', { size: formatBytes(summary.leftoverBytes) })}</p>
      )}
    </PlanAndRun>
  );
}
