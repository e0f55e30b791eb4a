import { useMemo, type ReactNode } from 'react';
import type { WimSummary } from '../../../src-shared/model/summaries';
import { formatBytes, formatTime } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { navigate } from '../../stores/route';
import { Button } from '../../ui/button';
import { Badge, Notice } from '../../ui/pieces';
import { firstPartPath } from './dialogs/partPaths';
import { useParts } from './useParts';
import { useLibraryRow } from './useVerification';

/** What a WIM is, in one line. */
export function HeaderFacts({ summary }: { readonly summary: WimSummary }): ReactNode {
  const t = useText();
  const row = useLibraryRow(summary.path);
  const saved = useMemo(() => {
    const all = summary.images.reduce((sum, image) => sum + image.totalBytes, 0);
    // A part does not know how large the others are.
    return summary.totalParts > 1 ? 0 : Math.max(0, all - summary.fileSize);
  }, [summary]);
  const verified = row?.verified ?? null;
  const compression = t(`compression.${summary.compression}`);
  const boot = summary.images.find(({ index }) => index === summary.bootIndex);
  return (
    <div className="image-facts">
      <span>{t('common.images', { count: summary.imageCount })}</span>
      <span>{summary.attributes.solid ? t('image.fact.solid', { compression }) : compression}</span>
      <span>
        {formatBytes(summary.fileSize)}
        {saved > 0 && ` ${t('image.fact.saves', { size: formatBytes(saved) })}`}
      </span>
      {verified === null ? (
        <span>{summary.attributes.integrity ? t('image.fact.table') : t('image.fact.unverified')}</span>
      ) : (
        <Badge tone={verified.ok ? 'verified' : 'danger'}>
          {t(verified.ok ? 'image.integrity.ok' : 'image.integrity.faulty', {
            time: formatTime(verified.at),
          })}
        </Badge>
      )}
      {summary.totalParts > 1 && (
        <Badge>{t('image.fact.part', { part: summary.partNumber, total: summary.totalParts })}</Badge>
      )}
      {boot !== undefined && <span>{t('image.fact.boot', { index: boot.index })}</span>}
      {summary.attributes.readOnly && <Badge>{t('image.fact.readOnly')}</Badge>}
    </div>
  );
}

/** What somebody should know before working on a WIM, and what is safe. */
export function WimNotices({
  wim,
  summary,
}: {
  readonly wim: string;
  readonly summary: WimSummary;
}): ReactNode {
  const t = useText();
  const missing = useParts(wim, summary).value?.missing ?? [];
  const { attributes, leftoverBytes, warnings } = summary;
  const notices = [
    attributes.writeInProgress && t('image.warn.writing'),
    leftoverBytes > 0 && t('image.warn.leftover', { size: formatBytes(leftoverBytes) }),
    missing.length > 0 &&
      t('image.warn.missing', {
        count: missing.length,
        names: missing
          .slice(0, 5)
          .map(({ name }) => name)
          .join(', '),
      }),
  ].filter((text) => typeof text === 'string');
  // The engine's own sentence about the leftover says the same.
  const others = warnings.filter(
    (text) => leftoverBytes === 0 || !/leftover|after the end|interrupted/i.test(text),
  );
  const further = summary.partNumber > 1;
  if (notices.length === 0 && others.length === 0 && !further) return null;
  return (
    <div className="image-notices">
      <Notice tone="decision">
        {further && (
          <div className="row-flex image-changed">
            <span className="grow">{t('image.warn.furtherPart', { part: summary.partNumber })}</span>
            <Button onPress={() => navigate('image', { wim: firstPartPath(wim, summary.partNumber) })}>
              {t('image.warn.openFirst')}
            </Button>
          </div>
        )}
        {notices.map((text) => (
          <div key={text}>{text}</div>
        ))}
        {others.slice(0, 3).map((text) => (
          <div key={text}>{text}</div>
        ))}
        {others.length > 3 && <div>{t('common.moreItems', { count: others.length - 3 })}</div>}
      </Notice>
    </div>
  );
}
