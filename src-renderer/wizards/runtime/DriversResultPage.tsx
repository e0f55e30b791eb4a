import { FolderOpen, ListChecks, RotateCcw, Save } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import type { InjectedRow } from '../../../src-shared/contract/driverShapes';
import type { JobRecord } from '../../../src-shared/contract/jobs';
import type { DriverWork, WorkResult } from '../../../src-shared/contract/work';
import { injectionOutcomes } from '../../../src-shared/contract/driverShapes';
import { formatBytes, formatCount, formatDuration } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { runWork } from '../../stores/jobs';
import { navigate } from '../../stores/route';
import { baseName } from '../../stores/workNames';
import { Button } from '../../ui/button';
import { DataTable, type DataColumn } from '../../ui/dataTable';
import { ErrorNotice } from '../../ui/errorNotice';
import { sentence } from '../../ui/errors';
import { Notice, Page, Section } from '../../ui/pieces';
import { resultText } from '../../views/image/RunningWork';
import { OutcomeBadge, outcomeKeys } from '../drivers/driverMarks';
import { CommandLines } from './CommandLines';
import { DriversPlan } from './DriversPlan';
import { LongList } from './LongList';
import { RecipeDialog } from './RecipeDialog';
import { secondsOf } from './resultFigures';
import { takeFocus } from './takeFocus';
import '../drivers/drivers.css';

/** What work on drivers came to: what is true of each package now, and what its outcome means. */
export function DriversResultPage({
  job,
  work,
  result,
  onAgain,
}: {
  readonly job: JobRecord;
  readonly work: DriverWork;
  readonly result: WorkResult;
  readonly onAgain: () => void;
}): ReactNode {
  const t = useText();
  const [naming, setNaming] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const { drivers, warnings, wim } = result;
  const outcomes = drivers?.outcomes ?? {};
  const failed = outcomes.failed ?? 0;
  const seconds = secondsOf(job);
  const figures: (readonly [string, string])[] = [
    ...(drivers?.changedFiles === undefined
      ? []
      : [[t('drivers.figure.changed'), formatCount(drivers.changedFiles.total)] as const]),
    ...(result.bytesStored === undefined
      ? []
      : [[t('wizards.figure.stored'), formatBytes(result.bytesStored)] as const]),
    ...(result.size === undefined ? [] : [[t('wizards.figure.wimSize'), formatBytes(result.size)] as const]),
    ...(seconds === null ? [] : [[t('wizards.figure.time'), formatDuration(seconds)] as const]),
  ];
  const verify = (): void => {
    setFault(undefined);
    runWork({ verb: 'verify', request: { wim } }).then(
      ({ id }) => navigate('jobs', { id }),
      (error: unknown) => setFault(error),
    );
  };
  return (
    <Page title={t(`drivers.done.${work.verb}`)}>
      <div className="wizard-job scroll" data-lesson="wizard.result" tabIndex={-1} ref={takeFocus}>
        <Notice tone={failed > 0 ? 'danger' : 'plain'} live>
          <strong className="wizard-truth">{resultText(result, t)}</strong>
          {failed > 0 && <span>{t('drivers.result.failed', { count: failed })}</span>}
        </Notice>
        {fault !== undefined && <ErrorNotice error={fault} />}
        {work.verb === 'driversAdd' && (
          <dl className="drivers-outcomes">
            {injectionOutcomes.map((outcome) => {
              const count = outcomes[outcome] ?? 0;
              if (count === 0) return null;
              return (
                <div key={outcome}>
                  <dt>
                    <OutcomeBadge outcome={outcome} />
                    <strong>{formatCount(count)}</strong>
                  </dt>
                  <dd>{t(`drivers.outcome.${outcomeKeys[outcome]}.means`)}</dd>
                </div>
              );
            })}
          </dl>
        )}
        {drivers?.packages !== undefined && (
          <Outcomes rows={drivers.packages.first} total={drivers.packages.total} />
        )}
        {work.verb !== 'driversAdd' && drivers !== undefined && <DriversPlan drivers={drivers} />}
        <dl className="wizard-figures">
          {figures.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {warnings.total > 0 && (
          <LongList
            title={t('wizards.warnings', { count: warnings.total })}
            lines={warnings.first.map((text) => ({ path: '', text }))}
            total={warnings.total}
            tone="decision"
          />
        )}
        <Section title={t('wizards.nextActions')}>
          <div className="wizard-actions">
            {wim !== '' && (
              <>
                <Button
                  icon={FolderOpen}
                  onPress={() => navigate('image', { wim, image: String(result.image ?? 1) })}
                  lesson="wizard.open"
                >
                  {t('wizards.do.open', { name: baseName(wim) })}
                </Button>
                <Button icon={ListChecks} onPress={verify}>
                  {t('wizards.do.verify', { name: baseName(wim) })}
                </Button>
              </>
            )}
            {work.verb === 'driversAdd' && (
              <Button icon={RotateCcw} onPress={onAgain}>
                {t('wizards.do.again')}
              </Button>
            )}
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

/** One row for each INF. */
function Outcomes({
  rows,
  total,
}: {
  readonly rows: readonly InjectedRow[];
  readonly total: number;
}): ReactNode {
  const t = useText();
  const [selected, setSelected] = useState<string | null>(null);
  const columns = useMemo<readonly DataColumn<InjectedRow>[]>(
    () => [
      {
        id: 'name',
        header: t('drivers.column.package'),
        value: ({ name }) => name,
        cell: ({ name, inf }) => (
          <span className="text" title={inf}>
            {name}
          </span>
        ),
        minimum: 9,
      },
      {
        id: 'version',
        header: t('drivers.column.version'),
        value: ({ version }) => version,
        cell: ({ version }) => version,
        width: 7,
      },
      {
        id: 'outcome',
        header: t('drivers.column.outcome'),
        value: ({ outcome }) => outcome,
        cell: ({ outcome }) => <OutcomeBadge outcome={outcome} />,
        width: 10,
      },
      {
        id: 'what',
        header: t('drivers.column.what'),
        value: (row) => whatOf(row),
        cell: (row) => whatOf(row),
        minimum: 16,
      },
    ],
    [t],
  );
  if (rows.length === 0) return null;
  const shown = Math.min(10, rows.length) + 1;
  const chosen = rows.find(({ inf }) => inf === selected);
  return (
    <div className="stack tight">
      <div className="wizard-table" style={{ height: `calc(var(--row) * ${shown} + var(--space-1))` }}>
        <DataTable
          label={t('drivers.packages')}
          rows={rows}
          columns={columns}
          rowId={({ inf }) => inf}
          selected={selected}
          onSelect={({ inf }) => setSelected(inf)}
        />
      </div>
      {total > rows.length && <p className="soft">{t('common.moreItems', { count: total - rows.length })}</p>}
      <div role="status">
        {chosen !== undefined && (
          <p>
            <strong>{chosen.name}</strong> {whatOf(chosen)}
            {chosen.devices !== undefined && chosen.devices.length > 0 && (
              <span className="soft"> {t('drivers.serves', { devices: chosen.devices.join(', ') })}</span>
            )}
          </p>
        )}
      </div>
    </div>
  );
}

function whatOf({ why, place }: InjectedRow): string {
  return why === undefined ? (place ?? '') : sentence(why);
}
