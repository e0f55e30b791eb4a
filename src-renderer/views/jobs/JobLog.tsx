import { useEffect, useState, type ReactNode } from 'react';
import type { JobRecord, LogLine } from '../../../src-shared/contract/jobs';
import { api } from '../../api/api';
import { useText } from '../../i18n/translate';
import { Button } from '../../ui/button';
import { classes } from '../../ui/classes';
import { ErrorNotice } from '../../ui/errorNotice';
import { CopyButton } from '../../ui/pieces';

const PAGE = 1000;
const READ_AGAIN = 1000;

/** The lines that the job wrote down; while it runs, those that come. */
export function JobLog({ job }: { readonly job: JobRecord }): ReactNode {
  const t = useText();
  const [wanted, setWanted] = useState(PAGE);
  const [log, setLog] = useState<{ total: number; lines: readonly LogLine[] }>();
  const [error, setError] = useState<unknown>();
  const { id, state } = job;
  useEffect(() => {
    let gone = false;
    const read = async (): Promise<void> => {
      try {
        const page = await api.jobs.log({ id, offset: 0, limit: wanted });
        if (!gone) setLog(page);
      } catch (failure) {
        if (!gone) setError(failure);
      }
    };
    void read();
    const timer = state === 'running' ? setInterval(() => void read(), READ_AGAIN) : undefined;
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [id, state, wanted]);
  if (error !== undefined) return <ErrorNotice error={error} />;
  if (log === undefined) return null;
  return (
    <div className="jobs-log scroll" tabIndex={0} role="group" aria-label={t('jobs.log')}>
      {log.lines.length === 0 && <p className="soft">{t('jobs.logEmpty')}</p>}
      {log.lines.length > 0 && <CopyButton text={log.lines.map(asText).join('\n')} />}
      <ol>
        {log.lines.map((line, i) => (
          <li key={i} className={classes(line.level)}>
            <time dateTime={line.at}>{clock(line.at)}</time>
            <p>
              {line.level !== 'info' && <strong>{t(`jobs.level.${line.level}`)}: </strong>}
              {line.text}
            </p>
          </li>
        ))}
      </ol>
      {log.total > log.lines.length && (
        <Button onPress={() => setWanted(Math.min(5000, wanted + PAGE))} isDisabled={wanted >= 5000}>
          {t('jobs.logMore')}
        </Button>
      )}
    </div>
  );
}

function asText({ at, level, text }: LogLine): string {
  return `${at} ${level}: ${text}`;
}

/** Hours, minutes and seconds of the day, in local time. */
function clock(iso: string): string {
  return new Date(iso).toTimeString().slice(0, 8);
}
