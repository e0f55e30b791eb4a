import type { ReactNode } from 'react';
import type { WorkResult } from '../../../src-shared/contract/work';
import { formatBytes, formatDuration, formatPercent, formatRate } from '../../i18n/format';
import { useText, type Translate } from '../../i18n/translate';
import { useJobs } from '../../stores/jobs';
import { baseName } from '../../stores/workNames';
import { Notice } from '../../ui/pieces';
import { ProgressBar } from '../../ui/progress';

/** How far a job is, in its own place: bar, phase and figures. */
export function RunningWork({ id, label }: { readonly id: string; readonly label: string }): ReactNode {
  const t = useText();
  const job = useJobs(({ jobs }) => (Object.hasOwn(jobs, id) ? jobs[id] : undefined));
  const latest = useJobs(({ progress }) => (Object.hasOwn(progress, id) ? progress[id] : undefined));
  const progress = latest ?? job?.progress ?? null;
  const waiting = job?.state === 'queued';
  const fraction = progress?.fraction ?? null;
  return (
    <div className="image-running stack">
      <ProgressBar label={label} fraction={waiting ? 0 : fraction} />
      <div className="row-flex soft">
        <span role="status">
          {waiting ? t('image.run.waiting') : progress === null ? label : t(`phase.${progress.phase}`)}
        </span>
        {fraction !== null && <span>{formatPercent(fraction)}</span>}
        {progress !== null && progress.bytesPerSecond > 0 && (
          <span>{formatRate(progress.bytesPerSecond)}</span>
        )}
        {progress !== null && progress.secondsLeft !== null && (
          <span>{t('strip.left', { time: formatDuration(progress.secondsLeft) })}</span>
        )}
      </div>
    </div>
  );
}

/** What is true after work was done. */
export function ResultWords({ result }: { readonly result: WorkResult }): ReactNode {
  const t = useText();
  const remarks = [
    ...(result.notKept?.first ?? []),
    ...(result.changed?.first ?? []),
    ...(result.damaged?.first ?? []),
    ...(result.faults?.first ?? []),
  ];
  const tone = result.verb === 'verify' && (result.faults?.total ?? 0) === 0 ? 'verified' : 'plain';
  return (
    <>
      <Notice tone={tone} live>
        {resultText(result, t)}
      </Notice>
      {(remarks.length > 0 || result.warnings.total > 0) && (
        <Notice tone="decision">
          <ul className="image-lines">
            {remarks.slice(0, 8).map(({ path, problem }, i) => (
              <li key={i}>{`${path}: ${problem}`}</li>
            ))}
            {result.warnings.first.slice(0, 8).map((warning, i) => (
              <li key={`w${i}`}>{warning}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}

/** What is true of drivers that went in: by DISM they are installed, else Setup does it. */
export function addedText(result: WorkResult, t: Translate): string {
  const { outcomes = {}, method = 'stage' } = result.drivers ?? {};
  const place = driversPlace(result, t);
  const { staged = 0, installed = 0 } = outcomes;
  const registered = outcomes['registered for boot'] ?? 0;
  return t(`drivers.result.${method}`, { count: staged + installed + registered, place });
}

/** The image or the folder whose drivers work was about. */
function driversPlace({ wim, image, target, drivers, verb }: WorkResult, t: Translate): string {
  if (wim !== '') return t('drivers.imageOf', { index: image ?? 1, wim: baseName(wim) });
  return verb === 'driversExport' ? (drivers?.place ?? '') : (target ?? '');
}

/** One sentence about a result. */
export function resultText(result: WorkResult, t: Translate): string {
  const values = {
    name: baseName(result.wim),
    target: result.target ?? '',
    files: result.files ?? 0,
    parts: result.parts?.length ?? 0,
    size: formatBytes(result.size ?? 0),
  };
  switch (result.verb) {
    case 'extract':
    case 'apply':
      return t('image.result.extract', values);
    case 'split':
      return t('image.result.split', values);
    case 'verify':
      return t('image.result.verify', { ...values, faults: result.faults?.total ?? 0 });
    case 'diskCreate':
    case 'diskPrepare':
    case 'diskConvert':
    case 'diskWipe':
      return t(`disks.result.${result.verb}`, {
        name: baseName(result.target ?? ''),
        count: result.disk?.partitions.length ?? 0,
      });
    case 'driversAdd':
      return addedText(result, t);
    case 'driversExport':
    case 'driversRemove':
      return t(`drivers.result.${result.verb}`, {
        count: result.drivers?.exported?.total ?? result.drivers?.removed?.total ?? 0,
        place: driversPlace(result, t),
        target: result.target ?? '',
      });
    case 'capture':
    case 'append':
    case 'delete':
    case 'export':
    case 'info':
    case 'join':
    case 'optimize':
    case 'update':
      return t('image.result.written', values);
  }
}
