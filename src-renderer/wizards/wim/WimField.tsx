import type { ReactNode } from 'react';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { useLibrary } from '../../stores/library';
import { baseName } from '../../stores/workNames';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Notice, PathText, Section } from '../../ui/pieces';
import { PathField } from '../../views/files/PathField';
import type { WimFacts } from '../facts/usePath';

const OFFERED = 5;

/** A WIM that is there: typed, chosen, or one of those that the workbench knows. */
export function WimField({
  path,
  onChange,
  onSubmit,
  facts,
}: {
  readonly path: string;
  readonly onChange: (path: string) => void;
  readonly onSubmit: () => void;
  readonly facts: WimFacts;
}): ReactNode {
  const t = useText();
  const rows = useLibrary((state) => state.rows);
  const offered = (rows ?? []).filter(({ state }) => state === 'ok').slice(0, OFFERED);
  const { status, summary } = facts;
  const found = status.value;
  const wrong =
    found === undefined
      ? undefined
      : found.kind === 'missing'
        ? t('wizards.wim.notThere', { path })
        : found.wim
          ? undefined
          : t('wizards.wim.noWim', { name: baseName(path) });
  const warnings = summary.value?.warnings ?? [];
  return (
    <div className="stack">
      <PathField
        label={t('wizards.wim.label')}
        title={t('wizards.wim.choose')}
        kind="open-file"
        extensions={['wim', 'swm', 'esd']}
        value={path}
        onChange={onChange}
        onSubmit={onSubmit}
        error={wrong}
        lesson="wim.path"
      />
      {path === '' && offered.length > 0 && (
        <Section title={t('wizards.wim.known')}>
          <ul className="wizard-offers">
            {offered.map((row) => (
              <li key={row.path}>
                <Button kind="quiet" onPress={() => onChange(row.path)}>
                  {row.name}
                </Button>
                <span className="soft">
                  {t('common.images', { count: row.imageCount })}, {formatBytes(row.size)}
                </span>
                <span className="soft grow">
                  <PathText path={row.folder} />
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {summary.error !== undefined && <ErrorNotice error={summary.error} onRetry={summary.again} />}
      {warnings.length > 0 && (
        <Notice tone="decision">
          {warnings.map((warning) => (
            <div key={warning}>{warning}</div>
          ))}
        </Notice>
      )}
    </div>
  );
}
