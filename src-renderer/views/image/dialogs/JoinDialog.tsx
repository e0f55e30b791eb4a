import { useMemo, useState, type ReactNode } from 'react';
import type { Work } from '../../../../src-shared/contract/work';
import type { WimSummary } from '../../../../src-shared/model/summaries';
import { formatBytes } from '../../../i18n/format';
import { useText } from '../../../i18n/translate';
import { baseName } from '../../../stores/workNames';
import { ErrorNotice } from '../../../ui/errorNotice';
import { Badge } from '../../../ui/pieces';
import { PathField } from '../../files/PathField';
import { PlanAndRun } from '../PlanAndRun';
import { useParts } from '../useParts';
import { firstPartPath, withEnding } from './partPaths';

/** Joins the parts of a split WIM that lie beside each other. */
export function JoinDialog({
  wim,
  summary,
  onClose,
}: {
  readonly wim: string;
  readonly summary: WimSummary;
  readonly onClose: () => void;
}): ReactNode {
  const t = useText();
  const first = firstPartPath(wim, summary.partNumber);
  const [destination, setDestination] = useState(() => withEnding(first, '.wim'));
  const { totalParts } = summary;
  const { value, error, retry } = useParts(wim, summary);
  const parts = value?.all;
  const missing = value?.missing ?? [];
  const work = useMemo(
    (): Work | null =>
      parts === undefined || missing.length > 0 || destination === ''
        ? null
        : { verb: 'join', request: { parts: parts.map(({ path }) => path), destination } },
    [parts, missing.length, destination],
  );
  const blocked =
    missing.length > 0
      ? t('image.join.missing', { count: missing.length })
      : destination === ''
        ? t('image.export.choose')
        : undefined;
  return (
    <PlanAndRun
      title={t('image.join.title')}
      work={work}
      blocked={blocked}
      runLabel={t('image.join.run', { count: totalParts, name: baseName(destination) })}
      onClose={onClose}
    >
      {error !== undefined && <ErrorNotice error={error} onRetry={retry} />}
      <section className="stack" aria-label={t('image.join.parts')}>
        <h3>{t('image.join.parts')}</h3>
        <ul className="image-parts">
          {(parts ?? []).map(({ path, name, kind, wim: isWim, size }) => (
            <li key={path}>
              <span className="image-name" title={path}>
                {name}
              </span>
              {kind === 'file' && isWim ? (
                <span className="number">{formatBytes(size)}</span>
              ) : (
                <Badge tone="danger">{t('image.join.notThere')}</Badge>
              )}
            </li>
          ))}
        </ul>
      </section>
      <PathField
        label={t('image.join.destination')}
        title={t('image.join.destination')}
        kind="save-file"
        extensions={['wim']}
        value={destination}
        onChange={setDestination}
      />
    </PlanAndRun>
  );
}
