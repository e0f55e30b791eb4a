import { useState, type ReactNode } from 'react';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Notice } from '../../ui/pieces';
import { ProgressBar } from '../../ui/progress';
import { Tabs } from '../../ui/tabs';
import type { StepProps } from '../runtime/wizard';
import { DeviceTable } from './DeviceTable';
import type { DriversDraft } from './driversDraft';
import type { DriversFacts } from './driversFacts';
import type { Decide } from './PackageDetails';
import { PackageTable } from './PackageTable';
import './drivers.css';

type Props = StepProps<DriversDraft, DriversFacts>;
type TabName = 'devices' | 'packages' | 'faulty';

/** What goes in: a package for each device, what becomes of each package, and what has faults. */
export function ChoiceStep({ draft, facts, change }: Props): ReactNode {
  const t = useText();
  const withDevices = draft.deviceKind !== 'all';
  const [tab, setTab] = useState<TabName>(withDevices ? 'devices' : 'packages');
  const { match, matched, uses, packages, scan, undecided } = facts;
  const error = match.error ?? matched.error ?? uses.error;
  const summary = match.value ?? match.last;
  const rows = packages.value;
  const usesNow = uses.value ?? uses.last;
  const devicesNow = matched.value ?? matched.last;
  const session = scan.value?.session;
  if (error !== undefined) return <ErrorNotice error={error} onRetry={match.again} />;
  if (
    summary === undefined ||
    rows === undefined ||
    usesNow === undefined ||
    devicesNow === undefined ||
    session === undefined
  )
    return <ProgressBar label={t('drivers.choice.matching')} fraction={null} />;

  const decide = decideOn(draft, change);
  const hasFaulty = rows.some(({ errors }) => errors > 0);
  const tabs = [
    ...(withDevices
      ? [
          {
            id: 'devices' as const,
            label: t('drivers.tab.devices', { count: summary.devices }),
            content: () => <DeviceTable session={summary.session} devices={devicesNow} packages={rows} />,
          },
        ]
      : []),
    {
      id: 'packages' as const,
      label: t('drivers.tab.packages', { count: rows.length }),
      content: () => <PackageTable session={session} packages={rows} uses={usesNow} decide={decide} />,
    },
    ...(hasFaulty
      ? [
          {
            id: 'faulty' as const,
            label: t('drivers.tab.faulty', { count: rows.filter(({ errors }) => errors > 0).length }),
            content: () => (
              <PackageTable
                session={session}
                packages={rows}
                uses={usesNow}
                decide={decide}
                filter={isFaulty}
              />
            ),
          },
        ]
      : []),
  ];
  return (
    <div className="stack drivers-choice">
      <p role="status">
        {withDevices && (
          <strong>{t('drivers.choice.served', { served: summary.served, count: summary.devices })}</strong>
        )}{' '}
        {t('drivers.choice.goIn', { count: summary.chosen.length, size: formatBytes(summary.bytes) })}
      </p>
      {(summary.list?.warnings ?? []).slice(0, 3).map((warning) => (
        <Notice key={warning} tone="decision">
          {warning}
        </Notice>
      ))}
      {undecided.length > 0 && (
        <Notice tone="decision" live>
          <div className="row-flex wizard-wrap">
            <span className="grow">{t('drivers.choice.faulty', { count: undecided.length })}</span>
            <Button onPress={() => change({ leaveFaulty: true })} lesson="drivers.leaveFaulty">
              {t('drivers.choice.leaveAll')}
            </Button>
            {tab !== 'faulty' && <Button onPress={() => setTab('faulty')}>{t('drivers.choice.look')}</Button>}
          </div>
        </Notice>
      )}
      <div className="drivers-tabs">
        <Tabs<TabName>
          label={t('drivers.step.choice')}
          tabs={tabs}
          selected={tabs.some(({ id }) => id === tab) ? tab : 'packages'}
          onSelect={setTab}
        />
      </div>
    </div>
  );
}

function isFaulty({ errors }: { readonly errors: number }): boolean {
  return errors > 0;
}

/** What a person says about packages, in the draft. */
function decideOn(draft: DriversDraft, change: (changes: Partial<DriversDraft>) => void): Decide {
  const without = (list: readonly string[], sha256: string): string[] =>
    list.filter((other) => other !== sha256);
  return {
    leaveOut: (sha256) =>
      change({
        leaveOut: [...without(draft.leaveOut, sha256), sha256],
        takeIn: without(draft.takeIn, sha256),
      }),
    takeIn: (sha256) =>
      change({
        takeIn: [...without(draft.takeIn, sha256), sha256],
        leaveOut: without(draft.leaveOut, sha256),
      }),
    undo: (sha256) =>
      change({ leaveOut: without(draft.leaveOut, sha256), takeIn: without(draft.takeIn, sha256) }),
    said: (sha256) =>
      draft.leaveOut.includes(sha256) ? 'out' : draft.takeIn.includes(sha256) ? 'in' : undefined,
  };
}
