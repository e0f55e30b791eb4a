import type { ReactNode } from 'react';
import type { DriversResult } from '../../../src-shared/contract/driverShapes';
import type { InjectionOutcome } from '../../../src-shared/model/drivers';
import { useText } from '../../i18n/translate';
import { outcomeKeys } from '../drivers/driverMarks';
import { LongList } from './LongList';

const outside: readonly InjectionOutcome[] = ['left out', 'failed'];

/** What a plan says of each package, and of the files of the image. */
export function DriversPlan({ drivers }: { readonly drivers: DriversResult }): ReactNode {
  const t = useText();
  const { packages, outcomes = {}, changedFiles, exported, removed } = drivers;
  const rows = packages?.first ?? [];
  const lines = (wanted: (outcome: InjectionOutcome) => boolean): { path: string; text: string }[] =>
    rows
      .filter(({ outcome }) => wanted(outcome))
      .map(({ inf, outcome, place, why }) => ({
        path: inf,
        text: [t(`drivers.outcome.${outcomeKeys[outcome]}`), why ?? place]
          .filter((text) => text !== undefined)
          .join(': '),
      }));
  const out = outside.reduce((sum, outcome) => sum + (outcomes[outcome] ?? 0), 0);
  const inside = (packages?.total ?? 0) - out;
  return (
    <div className="stack tight">
      {inside > 0 && (
        <LongList
          title={t('drivers.plan.in', { count: inside })}
          lines={lines((outcome) => !outside.includes(outcome))}
          total={inside}
        />
      )}
      {out > 0 && (
        <LongList
          title={t('drivers.plan.out', { count: out })}
          lines={lines((outcome) => outside.includes(outcome))}
          total={out}
        />
      )}
      {exported !== undefined && exported.total > 0 && (
        <LongList
          title={t('drivers.plan.exported', { count: exported.total })}
          lines={exported.first.map(({ original, folder }) => ({ path: original, text: folder }))}
          total={exported.total}
        />
      )}
      {removed !== undefined && removed.total > 0 && (
        <LongList
          title={t('drivers.plan.removed', { count: removed.total })}
          lines={removed.first.map(({ original, version }) => ({ path: original, text: version }))}
          total={removed.total}
        />
      )}
      {changedFiles !== undefined && changedFiles.total > 0 && (
        <LongList
          title={t('drivers.plan.files', { count: changedFiles.total })}
          lines={changedFiles.first.map((path) => ({ path, text: '' }))}
          total={changedFiles.total}
        />
      )}
    </div>
  );
}
