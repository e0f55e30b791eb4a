import { CircleCheck } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { PracticeStatus } from '../../../src-shared/contract/practice';
import type { Progress } from '../../../src-shared/contract/shapes';
import { api } from '../../api/api';
import { formatBytes, formatCount } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { lessonsOf } from '../../lessons/lessons';
import { setPractice, usePractice } from '../../lessons/usePractice';
import { endLesson, startLesson } from '../../stores/lesson';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ErrorNotice } from '../../ui/errorNotice';
import { Badge, EmptyState, Facts, Page, PathText, Section } from '../../ui/pieces';
import { ProgressBar } from '../../ui/progress';
import { CommandLines } from '../../wizards/runtime/CommandLines';
import './practice.css';

/** The practice bench: made on request, with four lessons on it. */
export function PracticeView(): ReactNode {
  const t = useText();
  const { status, error } = usePractice();
  return (
    <Page title={t('practice.title')}>
      {error !== undefined && <ErrorNotice error={error} />}
      {status !== null && (status.made ? <Bench bench={status} /> : <MakeBench />)}
    </Page>
  );
}

function MakeBench(): ReactNode {
  const t = useText();
  const [progress, setProgress] = useState<Progress | 'begun'>();
  const [error, setError] = useState<unknown>();
  const make = async (): Promise<void> => {
    setProgress('begun');
    setError(undefined);
    try {
      const job = await api.practice.make({}, { onProgress: setProgress });
      setPractice(await job.result);
    } catch (failure) {
      setError(failure);
      setProgress(undefined);
    }
  };
  const fraction =
    progress === undefined || progress === 'begun' || progress.bytesTotal === 0
      ? null
      : Math.min(1, progress.bytesDone / progress.bytesTotal);
  return (
    <EmptyState
      title={t('practice.notMade')}
      actions={
        progress === undefined ? (
          <Button kind="primary" lesson="practice.make" onPress={() => void make()}>
            {t('practice.make')}
          </Button>
        ) : (
          <div className="practice-make">
            <ProgressBar label={t('practice.making')} fraction={fraction} />
          </div>
        )
      }
    >
      <p>{t('practice.intro')}</p>
      <p>{t('practice.notMadeText')}</p>
      {error !== undefined && <ErrorNotice error={error} />}
    </EmptyState>
  );
}

function Bench({ bench }: { readonly bench: PracticeStatus }): ReactNode {
  const t = useText();
  const [removing, setRemoving] = useState(false);
  const [error, setError] = useState<unknown>();
  const lessons = lessonsOf(bench);
  const upNext = lessons.find(({ name }) => !bench.done.includes(name))?.name;
  const reset = async (all: boolean): Promise<void> => {
    setRemoving(false);
    setError(undefined);
    try {
      endLesson();
      setPractice(await api.practice.reset({ all }));
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <div className="practice-panes">
      <div className="practice-lessons scroll" tabIndex={0} role="group" aria-label={t('practice.lessons')}>
        <p>{t('practice.intro')}</p>
        <ol>
          {lessons.map(({ name, work }, i) => {
            const done = bench.done.includes(name);
            return (
              <li key={name}>
                <span className="number-mark" aria-hidden>
                  {i + 1}
                </span>
                <div>
                  <h2>{t(`practice.lesson.${name}`)}</h2>
                  <p className="soft">{t(`practice.lesson.${name}.text`)}</p>
                </div>
                <div className="row-flex">
                  {done ? (
                    <Badge tone="verified">
                      <CircleCheck className="ui-icon" aria-hidden /> {t('practice.done')}
                    </Badge>
                  ) : (
                    <Badge>{t('practice.todo')}</Badge>
                  )}
                  <Button kind={name === upNext ? 'primary' : 'plain'} onPress={() => startLesson(name)}>
                    {done ? t('practice.again') : t('practice.start')}
                  </Button>
                </div>
                <details className="lines">
                  <summary>{t('practice.lines')}</summary>
                  <CommandLines work={work} />
                </details>
              </li>
            );
          })}
        </ol>
      </div>
      <div className="practice-bench scroll" tabIndex={0} role="group" aria-label={t('practice.bench')}>
        <Section title={t('practice.bench')}>
          <Facts
            facts={[
              [t('practice.folder'), <PathText key="f" path={bench.folder} />],
              [t('practice.reference'), <PathText key="r" path={bench.reference} />],
              [t('practice.changedReference'), <PathText key="c" path={bench.changedReference} />],
              [t('practice.target'), <PathText key="t" path={bench.target} />],
              [t('practice.wim'), <PathText key="w" path={bench.wim} />],
              [t('practice.disk'), <PathText key="d" path={bench.disk} />],
              [t('practice.drivers'), <PathText key="i" path={bench.drivers} />],
              [t('practice.driversWim'), <PathText key="m" path={bench.driversWim} />],
              [
                t('practice.contents'),
                `${t('common.files', { count: bench.files })}, ${formatBytes(bench.bytes)}`,
              ],
              [t('practice.lessons'), `${formatCount(bench.done.length)} / ${formatCount(lessons.length)}`],
            ]}
          />
        </Section>
        <div className="stack">
          <div>
            <Button onPress={() => void reset(false)}>{t('practice.reset')}</Button>
          </div>
          <p className="soft">{t('practice.resetHint')}</p>
          <div>
            <Button onPress={() => setRemoving(true)}>{t('practice.remove')}</Button>
          </div>
        </div>
        {error !== undefined && <ErrorNotice error={error} />}
      </div>
      <Dialog
        title={t('practice.removeTitle')}
        isOpen={removing}
        role="alertdialog"
        onClose={() => setRemoving(false)}
        footer={
          <>
            <Button onPress={() => setRemoving(false)}>{t('common.cancel')}</Button>
            <Button kind="danger" onPress={() => void reset(true)}>
              {t('practice.remove')}
            </Button>
          </>
        }
      >
        <p>{t('practice.removeText', { folder: bench.folder })}</p>
      </Dialog>
    </div>
  );
}
