import { useMemo, useState, type ReactNode } from 'react';
import type { DeviceDetails as Details, DeviceRow, PackageRow } from '../../../src-shared/contract/drivers';
import type { DriverCandidate } from '../../../src-shared/model/drivers';
import { api } from '../../api/api';
import { useText, type Translate } from '../../i18n/translate';
import { DataTable, type DataColumn } from '../../ui/dataTable';
import { ErrorNotice } from '../../ui/errorNotice';
import { sentence } from '../../ui/errors';
import { Facts } from '../../ui/pieces';
import { useLive } from '../runtime/useLive';
import { rowsStyle } from './tableRows';
import { FaultMark, SignatureBadge } from './driverMarks';

type Packages = ReadonlyMap<string, PackageRow>;

/** Why a device has no package: its best one stays out, or there is none. */
function noneText({ keptOut }: DeviceRow, known: Packages, t: Translate): string {
  const best = keptOut === undefined ? undefined : known.get(keptOut);
  return best === undefined ? t('drivers.noneServes') : t('drivers.bestIsOut', { name: best.name });
}

/** Devices, each with the package that wins it, and why. */
export function DeviceTable({
  session,
  devices,
  packages,
}: {
  readonly session: string;
  readonly devices: readonly DeviceRow[];
  readonly packages: readonly PackageRow[];
}): ReactNode {
  const t = useText();
  const [selected, setSelected] = useState<number | null>(null);
  const known = useMemo(() => new Map(packages.map((found) => [found.id, found])), [packages]);
  const columns = useMemo<readonly DataColumn<DeviceRow>[]>(() => {
    const winner = ({ winner: id }: DeviceRow): PackageRow | undefined =>
      id === undefined ? undefined : known.get(id);
    return [
      {
        id: 'name',
        header: t('drivers.column.device'),
        value: ({ name }) => name,
        cell: ({ name }) => name,
        minimum: 10,
      },
      {
        id: 'winner',
        header: t('drivers.column.winner'),
        value: (row) => winner(row)?.name ?? '',
        cell: (row) => {
          const found = winner(row);
          return found === undefined ? (
            <span className="text drivers-amber">{noneText(row, known, t)}</span>
          ) : (
            <span className="drivers-name">
              <FaultMark errors={found.errors} warnings={found.warnings} />
              <span className="text">{found.name}</span>
            </span>
          );
        },
        minimum: 9,
      },
      {
        id: 'version',
        header: t('drivers.column.version'),
        value: (row) => winner(row)?.version ?? '',
        cell: (row) => winner(row)?.version ?? '',
        width: 5.5,
      },
      {
        id: 'signature',
        header: t('drivers.column.signature'),
        value: (row) => winner(row)?.signature ?? '',
        cell: (row) => {
          const found = winner(row);
          return found === undefined ? null : <SignatureBadge state={found.signature} />;
        },
        width: 6.5,
      },
      {
        id: 'others',
        header: t('drivers.column.others'),
        value: ({ candidates }) => Math.max(0, candidates - 1),
        cell: ({ candidates }) => Math.max(0, candidates - 1),
        width: 6,
        align: 'number',
      },
    ];
  }, [t, known]);
  const chosen = devices.find(({ index }) => index === selected);
  return (
    <div className="drivers-split">
      <div className="wizard-table" style={rowsStyle(devices.length)}>
        <DataTable
          label={t('drivers.devices')}
          rows={devices}
          columns={columns}
          rowId={({ index }) => String(index)}
          selected={chosen === undefined ? null : String(chosen.index)}
          onSelect={({ index }) => setSelected(index)}
          lesson="drivers.matched"
        />
      </div>
      <section className="drivers-details" aria-label={t('drivers.details')}>
        {chosen === undefined ? (
          <p className="soft">{t('drivers.devices.select')}</p>
        ) : (
          <DeviceDetails key={chosen.index} session={session} row={chosen} known={known} />
        )}
      </section>
    </div>
  );
}

function DeviceDetails({
  session,
  row,
  known,
}: {
  readonly session: string;
  readonly row: DeviceRow;
  readonly known: Packages;
}): ReactNode {
  const asked = useLive(
    `${session} ${row.index}`,
    (signal) => api.drivers.matchedDevice({ session, index: row.index }, { signal }),
    0,
  );
  const details = asked.value ?? asked.last;
  return (
    <div className="stack">
      <h3>{row.name}</h3>
      {asked.error !== undefined && <ErrorNotice error={asked.error} onRetry={asked.again} />}
      {details !== undefined && <Candidates details={details} known={known} />}
    </div>
  );
}

function Candidates({
  details: { device, candidates, extensions, out, why },
  known,
}: {
  readonly details: Details;
  readonly known: Packages;
}): ReactNode {
  const t = useText();
  const [winner, ...others] = candidates;
  return (
    <>
      {candidates.length === 0 ? (
        <p>
          <strong>{t('drivers.noneServes')}</strong> {why !== undefined && why !== '' && sentence(why)}
        </p>
      ) : (
        <Candidate candidate={winner} known={known} wins />
      )}
      {extensions.length > 0 && (
        <List title={t('drivers.extensions')} candidates={extensions} known={known} />
      )}
      {others.length > 0 && (
        <List title={t('drivers.alternatives', { count: others.length })} candidates={others} known={known} />
      )}
      {out.length > 0 && (
        <List title={t('drivers.staysOut', { count: out.length })} candidates={out} known={known} />
      )}
      <Facts
        facts={[
          ...(device.problem === undefined ? [] : [[t('drivers.column.problem'), device.problem] as const]),
          ...(device.currentInf === undefined
            ? []
            : [[t('drivers.fact.current'), device.currentInf] as const]),
          [t('drivers.fact.hardwareIds'), <Ids key="h" ids={device.hardwareIds} />],
          [t('drivers.fact.compatibleIds'), <Ids key="c" ids={device.compatibleIds} />],
        ]}
      />
    </>
  );
}

function List({
  title,
  candidates,
  known,
}: {
  readonly title: string;
  readonly candidates: readonly DriverCandidate[];
  readonly known: Packages;
}): ReactNode {
  return (
    <div className="stack tight">
      <h4>{title}</h4>
      <ol className="drivers-candidates">
        {candidates.map((candidate) => (
          <li key={`${candidate.package} ${candidate.section} ${candidate.identifier}`}>
            <Candidate candidate={candidate} known={known} />
          </li>
        ))}
      </ol>
    </div>
  );
}

/** A package with why it is where it is. */
function Candidate({
  candidate,
  known,
  wins = false,
}: {
  readonly candidate: DriverCandidate;
  readonly known: Packages;
  readonly wins?: boolean;
}): ReactNode {
  const t = useText();
  const found = known.get(candidate.package);
  return (
    <div className="stack tight">
      <div className="row-flex wizard-wrap">
        <strong>{found?.name ?? candidate.package}</strong>
        <span>{found?.version}</span>
        {found !== undefined && <SignatureBadge state={found.signature} />}
      </div>
      <span>{sentence(candidate.why)}</span>
      <span className="soft drivers-small">
        <code>{candidate.identifier}</code>
        {wins &&
          ` ${t('drivers.rank', { rank: candidate.rank.toString(16).toUpperCase().padStart(8, '0'), section: candidate.section, line: candidate.line })}`}
      </span>
    </div>
  );
}

function Ids({ ids }: { readonly ids: readonly string[] }): ReactNode {
  if (ids.length === 0) return '–';
  return (
    <span className="stack tight drivers-small">
      {ids.map((id) => (
        <code key={id}>{id}</code>
      ))}
    </span>
  );
}
