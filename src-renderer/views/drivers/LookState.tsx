import type { ReactNode } from 'react';
import { formatCount } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { stopLooking, useDriverLibrary } from '../../stores/driverLibrary';
import { setParams } from '../../stores/route';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Notice } from '../../ui/pieces';
import { ProgressBar } from '../../ui/progress';
import { lookAgain } from './libraryActions';

/** How far the look through the library is, why it failed, and which places are gone. */
export function LookState(): ReactNode {
  const t = useText();
  const { looking, progress, stopped, error, found } = useDriverLibrary();
  if (looking) {
    const { filesDone = 0, filesTotal = 0 } = progress ?? {};
    return (
      <div className="drv-look stack tight">
        <div className="row-flex" role="status">
          <span className="grow number">
            {filesTotal === 0
              ? t('drivers.packages.scanning')
              : t('drivers.packages.scanned', {
                  done: formatCount(filesDone),
                  total: formatCount(filesTotal),
                })}
          </span>
          <Button onPress={stopLooking}>{t('common.cancel')}</Button>
        </div>
        <ProgressBar
          label={t('drivers.packages.scanning')}
          fraction={filesTotal === 0 ? null : filesDone / filesTotal}
        />
      </div>
    );
  }
  if (error !== undefined)
    return (
      <div className="drv-look">
        <ErrorNotice error={error} onRetry={lookAgain} />
      </div>
    );
  const gone = found?.gone ?? [];
  if (!stopped && gone.length === 0) return null;
  return (
    <div className="drv-look">
      <Notice tone="decision" live>
        <div className="row-flex drv-wrap">
          <span className="grow">
            {stopped
              ? t('driverLibrary.stopped')
              : t('driverLibrary.gone', { count: gone.length, path: gone[0] ?? '' })}
          </span>
          <Button onPress={lookAgain}>{t('driverLibrary.lookAgain')}</Button>
          {!stopped && (
            <Button kind="quiet" onPress={() => setParams({ tab: 'sources' })}>
              {t('driverLibrary.showSources')}
            </Button>
          )}
        </div>
      </Notice>
    </div>
  );
}
