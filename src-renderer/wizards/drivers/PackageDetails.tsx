import type { ReactNode } from 'react';
import type { PackageRow, UseRow } from '../../../src-shared/contract/drivers';
import type { DriverPackage, DriverRemark, SignatureSummary } from '../../../src-shared/model/drivers';
import { api } from '../../api/api';
import { formatBytes, formatTime } from '../../i18n/format';
import { useText, type Translate } from '../../i18n/translate';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { sentence } from '../../ui/errors';
import { Facts, Notice, PathText, type Tone } from '../../ui/pieces';
import { useLive } from '../runtime/useLive';
import { SignatureBadge } from './driverMarks';

/** What a person can say about a package. */
export interface Decide {
  readonly leaveOut: (sha256: string) => void;
  readonly takeIn: (sha256: string) => void;
  /** Takes back what was said. */
  readonly undo: (sha256: string) => void;
  readonly said: (sha256: string) => 'out' | 'in' | undefined;
}

const tones: Readonly<Record<DriverRemark['severity'], Tone>> = {
  error: 'danger',
  warning: 'decision',
  note: 'plain',
};

/** Everything about one package: what becomes of it, what is wrong with it, who signed it. */
export function PackageDetails({
  session,
  found,
  use,
  decide,
}: {
  readonly session: string;
  readonly found: PackageRow;
  readonly use: UseRow | undefined;
  readonly decide: Decide | undefined;
}): ReactNode {
  const t = useText();
  const asked = useLive(
    `${session} ${found.id}`,
    (signal) => api.drivers.package({ session, id: found.id }, { signal }),
    0,
  );
  const all = asked.value;
  return (
    <div className="stack">
      <h3>{found.name}</h3>
      {use !== undefined && <Becomes found={found} use={use} decide={decide} />}
      {asked.error !== undefined && <ErrorNotice error={asked.error} onRetry={asked.again} />}
      {(all?.remarks ?? []).map(({ severity, file, line, problem }, i) => (
        <Notice key={i} tone={tones[severity]}>
          <div className="stack tight">
            <span>{sentence(problem)}</span>
            <span className="soft drivers-small">
              {line === undefined ? file : t('drivers.fileLine', { file, line })}
            </span>
          </div>
        </Notice>
      ))}
      {all !== undefined && <Facts facts={factsOf(all, t)} />}
    </div>
  );
}

function Becomes({
  found,
  use,
  decide,
}: {
  readonly found: PackageRow;
  readonly use: UseRow;
  readonly decide: Decide | undefined;
}): ReactNode {
  const t = useText();
  const { infSha256 } = found;
  const said = decide?.said(infSha256);
  const others = Math.max(use.usedFor, use.wouldServe) - use.devices.length;
  const isFaulty = found.errors > 0;
  return (
    <>
      <p>
        <strong>{t(use.goesIn ? 'drivers.becomes.in' : 'drivers.becomes.out')}</strong>{' '}
        {use.whyNot !== undefined && use.whyNotCode !== 'faulty' && sentence(use.whyNot)}
      </p>
      {use.devices.length > 0 && (
        <p className="soft">
          {t(use.goesIn ? 'drivers.serves' : 'drivers.wouldServe', { devices: use.devices.join(', ') })}
          {others > 0 && ` ${t('common.moreItems', { count: others })}`}
        </p>
      )}
      {decide !== undefined && (
        <div className="row-flex wizard-wrap">
          {isFaulty && said !== 'in' && (
            <Button onPress={() => decide.takeIn(infSha256)}>{t('drivers.decide.takeIn')}</Button>
          )}
          {(use.goesIn || (isFaulty && said === undefined)) && (
            <Button onPress={() => decide.leaveOut(infSha256)}>{t('drivers.decide.leaveOut')}</Button>
          )}
          {said !== undefined && (
            <Button kind="quiet" onPress={() => decide.undo(infSha256)}>
              {t('drivers.decide.undo')}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function factsOf(found: DriverPackage, t: Translate): [string, ReactNode][] {
  const { signature } = found;
  return [
    [t('drivers.fact.inf'), <PathText key="inf" path={found.inf} />],
    [t('drivers.column.provider'), found.provider],
    [t('drivers.column.class'), found.className],
    [t('drivers.fact.kind'), t(`drivers.kind.${found.kind}`)],
    [t('drivers.column.version'), [found.version, found.date].filter((text) => text !== '').join(', ')],
    [t('drivers.fact.architectures'), found.architectures.join(', ')],
    [
      t('drivers.fact.identifiers'),
      t('drivers.fact.identifiersOf', { identifiers: found.identifiers, models: found.models }),
    ],
    [t('drivers.fact.files'), `${t('common.files', { count: found.files })}, ${formatBytes(found.bytes)}`],
    ...(found.bootCritical
      ? [[t('drivers.fact.boot'), t('drivers.fact.bootText')] as [string, ReactNode]]
      : []),
    [t('drivers.column.signature'), <Signature key="signature" signature={signature} />],
  ];
}

function Signature({ signature }: { readonly signature: SignatureSummary }): ReactNode {
  const t = useText();
  const { state, signer, signedAt, catalog, hash } = signature;
  return (
    <span className="stack tight">
      <span>
        <SignatureBadge state={state} /> {signer}
      </span>
      <span className="soft drivers-small">
        {t(`drivers.signature.${state}.text`)}
        {signedAt !== undefined && ` ${t('drivers.signature.at', { time: formatTime(signedAt) })}`}
        {catalog !== undefined &&
          ` ${t('drivers.signature.catalog', { catalog, hash: (hash ?? '').toUpperCase() })}`}
      </span>
    </span>
  );
}
