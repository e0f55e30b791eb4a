import { ArrowDownToLine, CopyPlus, FolderOpen, HardDrive, ListChecks, RotateCcw, Save } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { JobRecord } from '../../../src-shared/contract/jobs';
import type { WorkResult } from '../../../src-shared/contract/work';
import { api } from '../../api/api';
import { formatPercent } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { runWork, useJobs } from '../../stores/jobs';
import { useLibrary } from '../../stores/library';
import { navigate } from '../../stores/route';
import { baseName } from '../../stores/workNames';
import { Button } from '../../ui/button';
import { sentence } from '../../ui/errors';
import { ErrorNotice } from '../../ui/errorNotice';
import { Notice, Page, Section } from '../../ui/pieces';
import { DiskContents } from '../../views/disks/DiskContents';
import { CommandLines } from './CommandLines';
import { LongList } from './LongList';
import { RecipeDialog } from './RecipeDialog';
import { resultFigures } from './resultFigures';
import { takeFocus } from './takeFocus';

/** What a finished job came to: what is true now, figures, what was not kept, and what people do next. */
export function ResultPage({
  job,
  result,
  onAgain,
}: {
  readonly job: JobRecord;
  readonly result: WorkResult;
  readonly onAgain: () => void;
}): ReactNode {
  const t = useText();
  const [fault, setFault] = useState<unknown>();
  const [naming, setNaming] = useState(false);
  const canReveal = useApp(({ info }) => info?.canReveal === true);
  const verification = useVerification(result.wim);
  const { verb } = job.work;
  const attempt = (action: () => Promise<unknown>): void => {
    setFault(undefined);
    action().catch((error: unknown) => setFault(error));
  };
  const writes = verb === 'capture' || verb === 'append';
  return (
    <Page title={t(`wizards.done.${writes || verb === 'apply' ? verb : 'other'}`)}>
      <div className="wizard-job scroll" data-lesson="wizard.result" tabIndex={-1} ref={takeFocus}>
        <Truth result={result} verification={verification} />
        {fault !== undefined && <ErrorNotice error={fault} />}
        <dl className="wizard-figures">
          {resultFigures(job, result, t).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {result.disk !== undefined && <DiskContents disk={result.disk} />}
        <Remarks result={result} />
        <Section title={t('wizards.nextActions')}>
          <div className="wizard-actions">
            {result.disk !== undefined && (
              <Button
                icon={HardDrive}
                onPress={() => navigate('disks', { disk: result.target ?? '' })}
                lesson="disk.open"
              >
                {t('wizards.do.open', { name: baseName(result.target ?? '') })}
              </Button>
            )}
            {result.target !== undefined && result.disk === undefined && canReveal && (
              <Button
                icon={FolderOpen}
                onPress={() => attempt(() => api.files.reveal({ path: result.target ?? '' }))}
              >
                {t('wizards.do.reveal')}
              </Button>
            )}
            <Button
              icon={FolderOpen}
              onPress={() => navigate('image', { wim: result.wim })}
              lesson="wizard.open"
            >
              {t('wizards.do.open', { name: baseName(result.wim) })}
            </Button>
            {verification.state !== 'ok' && verification.state !== 'running' && (
              <Button
                icon={ListChecks}
                onPress={() => attempt(() => runWork({ verb: 'verify', request: { wim: result.wim } }))}
                lesson="wizard.verify"
              >
                {t('wizards.do.verify', { name: baseName(result.wim) })}
              </Button>
            )}
            {writes && (
              <>
                <Button
                  icon={ArrowDownToLine}
                  onPress={() =>
                    navigate('wizard', { name: 'apply', wim: result.wim, image: String(result.image ?? 1) })
                  }
                >
                  {t('wizards.do.apply')}
                </Button>
                <Button
                  icon={CopyPlus}
                  onPress={() => navigate('wizard', { name: 'append', wim: result.wim })}
                >
                  {t('wizards.do.append')}
                </Button>
              </>
            )}
            <Button icon={RotateCcw} onPress={onAgain}>
              {t('wizards.do.again')}
            </Button>
            <Button icon={Save} onPress={() => setNaming(true)}>
              {t('wizards.do.recipe')}
            </Button>
          </div>
        </Section>
        <Section title={t('wizards.asLine')}>
          <CommandLines work={job.work} />
        </Section>
      </div>
      {naming && <RecipeDialog work={job.work} onClose={() => setNaming(false)} />}
    </Page>
  );
}

interface Verification {
  readonly state: 'none' | 'running' | 'ok' | 'failed';
  readonly fraction: number | null;
}

/** Whether the file as it is now was verified, or is being verified. */
function useVerification(wim: string): Verification {
  const verified = useLibrary(({ rows }) => rows?.find(({ path }) => path === wim)?.verified ?? null);
  const running = useJobs(({ jobs }) =>
    Object.values(jobs).find(
      ({ work, state }) =>
        work.verb === 'verify' && work.request.wim === wim && (state === 'queued' || state === 'running'),
    ),
  );
  const fraction = useJobs(({ progress }) =>
    running === undefined ? null : (progress[running.id]?.fraction ?? null),
  );
  if (running !== undefined) return { state: 'running', fraction };
  if (verified === null) return { state: 'none', fraction: null };
  return { state: verified.ok ? 'ok' : 'failed', fraction: null };
}

/** One sentence that says what is there now. Green only when that was verified. */
function Truth({
  result,
  verification,
}: {
  readonly result: WorkResult;
  readonly verification: Verification;
}): ReactNode {
  const t = useText();
  const name = baseName(result.wim);
  const { state, fraction } = verification;
  const tone = state === 'ok' ? 'verified' : state === 'failed' ? 'danger' : 'plain';
  const sentence =
    result.target === undefined
      ? t(state === 'ok' ? 'wizards.truth.verified' : 'wizards.truth.holds', {
          name,
          count: result.image ?? 1,
        })
      : t('wizards.truth.applied', { name, image: result.image ?? 1, target: result.target });
  return (
    <Notice tone={result.target === undefined ? tone : 'plain'} live>
      <strong className="wizard-truth">{sentence}</strong>
      {result.target === undefined && state === 'running' && (
        <span>
          {fraction === null
            ? t('wizards.truth.verifying')
            : t('wizards.truth.verifyingAt', { percent: formatPercent(fraction) })}
        </span>
      )}
      {result.target === undefined && state === 'failed' && <span>{t('wizards.truth.damaged')}</span>}
      {result.target === undefined && state === 'none' && <span>{t('wizards.truth.unverified')}</span>}
    </Notice>
  );
}

/** Warnings about a disk that are said without being asked for: what is missing before it starts. */
const SAID_AT_ONCE = 2;

/** A capture's list is of its source; the others' is of the WIM. */
function damagedKey({ verb }: WorkResult): 'sourceDamaged' | 'damaged' {
  return verb === 'capture' || verb === 'append' ? 'sourceDamaged' : 'damaged';
}

function Remarks({ result }: { readonly result: WorkResult }): ReactNode {
  const t = useText();
  const lists = [
    ['changed', 'decision', result.changed],
    [damagedKey(result), 'danger', result.damaged],
    ['wereNotKept', 'plain', result.notKept],
  ] as const;
  return (
    <div className="stack tight">
      {lists.map(([key, tone, list]) =>
        list === undefined || list.total === 0 ? null : (
          <LongList
            key={key}
            title={t(`wizards.${key}`, { count: list.total })}
            lines={list.first.map(({ path, problem }) => ({ path, text: problem }))}
            total={list.total}
            tone={tone}
          />
        ),
      )}
      {result.excluded !== undefined && result.excluded.total > 0 && (
        <LongList
          title={t('wizards.wereLeftOut', { count: result.excluded.total })}
          lines={result.excluded.first.map(({ path, pattern }) => ({ path, text: pattern }))}
          total={result.excluded.total}
        />
      )}
      {result.disk !== undefined &&
        result.warnings.first.slice(0, SAID_AT_ONCE).map((warning) => (
          <Notice key={warning} tone="decision">
            {sentence(warning)}
          </Notice>
        ))}
      {result.warnings.total > (result.disk === undefined ? 0 : SAID_AT_ONCE) && (
        <LongList
          title={t('wizards.warnings', { count: result.warnings.total })}
          lines={result.warnings.first.map((text) => ({ path: '', text }))}
          total={result.warnings.total}
          tone="decision"
        />
      )}
    </div>
  );
}
