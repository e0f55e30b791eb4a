import { Check, ListPlus, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PackageRow } from '../../../src-shared/contract/drivers';
import type { DriverPackage, DriverRemark, SignatureSummary } from '../../../src-shared/model/drivers';
import { api } from '../../api/api';
import { formatBytes, formatTime } from '../../i18n/format';
import { useText, type Translate } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { lookAgainIfClosed } from '../../stores/driverLibrary';
import { setParams } from '../../stores/route';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { sentence } from '../../ui/errors';
import { MenuButton } from '../../ui/menu';
import { CopyButton, Facts, Notice, PathText, Section, type Tone } from '../../ui/pieces';
import { SignatureBadge } from '../../wizards/drivers/driverMarks';
import { useLive } from '../../wizards/runtime/useLive';
import { addSet, togglePackage } from './libraryActions';
import { newSetOf } from './newSet';

const tones: Readonly<Record<DriverRemark['severity'], Tone>> = {
  error: 'danger',
  warning: 'decision',
  note: 'plain',
};

/** Everything about the selected package: where it lies, what is to be known of it, what it binds to, who signed it. */
export function PackagePanel({
  found,
  session,
}: {
  readonly found: PackageRow;
  readonly session: string;
}): ReactNode {
  const t = useText();
  const asked = useLive(
    `${session} ${found.id}`,
    async (signal) => {
      try {
        return await api.drivers.package({ session, id: found.id }, { signal });
      } catch (error) {
        lookAgainIfClosed(error);
        throw error;
      }
    },
    0,
  );
  const all = asked.value ?? asked.last;
  const remarks = all?.remarks ?? [];
  return (
    <aside
      className="drv-panel scroll"
      tabIndex={0}
      aria-label={t('driverLibrary.detailsOf', { name: found.name })}
    >
      <div className="drv-panel-head">
        <h2 className="grow">{found.name}</h2>
        <SetMenu found={found} />
      </div>
      <div className="drv-place">
        <PathText path={found.inf} />
        <CopyButton text={found.inf} />
      </div>
      {asked.error !== undefined && <ErrorNotice error={asked.error} onRetry={asked.again} />}
      {remarks.map((remark, i) => (
        <Remark key={i} remark={remark} inf={found.inf} />
      ))}
      {all !== undefined && (
        <>
          <Facts facts={factsOf(all, t)} />
          <Signed signature={all.signature} />
        </>
      )}
    </aside>
  );
}

function Remark({ remark, inf }: { readonly remark: DriverRemark; readonly inf: string }): ReactNode {
  const t = useText();
  const { severity, code, file, line, problem } = remark;
  // Of a copy and an older version the whole package is meant: its place stands above.
  const isOfPackage = code === 'duplicate' || code === 'superseded' || (file === inf && line === undefined);
  return (
    <Notice tone={tones[severity]}>
      <div className="stack tight">
        {(code === 'duplicate' || code === 'superseded') && (
          <strong>
            {t(code === 'duplicate' ? 'driverLibrary.isDuplicate' : 'driverLibrary.isSuperseded')}
          </strong>
        )}
        <span className="drv-break">{sentence(problem)}</span>
        {!isOfPackage && (
          <span className="soft drv-small">
            {line === undefined ? file : t('drivers.fileLine', { file, line })}
          </span>
        )}
      </div>
    </Notice>
  );
}

/** The sets of PC models, with those that the package was chosen for. */
function SetMenu({ found }: { readonly found: PackageRow }): ReactNode {
  const t = useText();
  const sets = useApp(({ settings }) => settings.driverSets);
  const { infSha256, architectures } = found;
  const addNew = async (): Promise<void> => {
    const set = await addSet({
      ...newSetOf(t('driverLibrary.set.unnamed'), sets),
      packages: [infSha256],
      ...(architectures.length === 0 || architectures.includes('amd64')
        ? {}
        : { architecture: architectures[0] }),
    });
    if (set !== undefined) setParams({ tab: 'sets', set: set.id }, false);
  };
  return (
    <MenuButton
      label={t('driverLibrary.addToSet')}
      entries={[
        ...sets.map((set) => {
          const isIn = set.packages.includes(infSha256);
          return {
            id: set.id,
            label: isIn
              ? t('driverLibrary.takeOutOf', { name: set.name })
              : t('driverLibrary.putInto', { name: set.name }),
            icon: isIn ? Check : Plus,
            run: () => void togglePackage(set, infSha256),
          };
        }),
        { id: 'new', label: t('driverLibrary.newSetWith'), icon: ListPlus, run: () => void addNew() },
      ]}
    >
      <Button icon={ListPlus}>{t('driverLibrary.addToSet')}</Button>
    </MenuButton>
  );
}

function factsOf(found: DriverPackage, t: Translate): [string, ReactNode][] {
  const { manufacturers, provider, services } = found;
  const others = manufacturers.filter((name) => name !== '' && name !== provider);
  return [
    [t('driverLibrary.by.vendor'), provider],
    ...(others.length > 0
      ? [[t('driverLibrary.manufacturers'), others.join(', ')] as [string, ReactNode]]
      : []),
    [t('drivers.column.class'), found.className],
    [t('drivers.fact.kind'), t(`drivers.kind.${found.kind}`)],
    [t('drivers.column.version'), [found.version, found.date].filter((text) => text !== '').join(', ')],
    [t('driverLibrary.by.architecture'), found.architectures.join(', ')],
    [
      t('driverLibrary.bindsTo'),
      t('drivers.fact.identifiersOf', { identifiers: found.identifiers, models: found.models }),
    ],
    ...(services.length > 0
      ? [[t('driverLibrary.services'), services.join(', ')] as [string, ReactNode]]
      : []),
    [t('drivers.fact.files'), `${t('common.files', { count: found.files })}, ${formatBytes(found.bytes)}`],
    ...(found.bootCritical
      ? [[t('drivers.fact.boot'), t('drivers.fact.bootText')] as [string, ReactNode]]
      : []),
    ['SHA-256', <code key="hash">{found.infSha256}</code>],
  ];
}

/** What the signature is worth, and who vouches for whom. */
function Signed({ signature }: { readonly signature: SignatureSummary }): ReactNode {
  const t = useText();
  const { state, signer, chain = [], signedAt, validUntil, catalog, hash } = signature;
  const issuers = chain.filter((name) => name !== signer);
  return (
    <Section title={t('drivers.column.signature')}>
      <div className="stack tight">
        <span>
          <SignatureBadge state={state} /> {t(`drivers.signature.${state}.text`)}
        </span>
        {signer !== undefined && (
          <ol className="drv-chain" aria-label={t('driverLibrary.chain')}>
            {[signer, ...issuers].map((name) => (
              <li key={name}>{name}</li>
            ))}
          </ol>
        )}
        <span className="soft drv-small">
          {[
            ...(signedAt === undefined ? [] : [t('drivers.signature.at', { time: formatTime(signedAt) })]),
            ...(validUntil === undefined
              ? []
              : [t('driverLibrary.validUntil', { time: formatTime(validUntil) })]),
            ...(catalog === undefined
              ? []
              : [t('drivers.signature.catalog', { catalog, hash: (hash ?? '').toUpperCase() })]),
          ].join(' ')}
        </span>
      </div>
    </Section>
  );
}
