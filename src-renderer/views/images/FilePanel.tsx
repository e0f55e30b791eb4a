import { Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LibraryRow } from '../../../src-shared/contract/library';
import { formatBytes, formatCount, formatTime } from '../../i18n/format';
import { useText, type Translate } from '../../i18n/translate';
import { Button, IconButton } from '../../ui/button';
import { MenuButton, type MenuEntry } from '../../ui/menu';
import { CopyButton, Facts, Notice, PathText, Section } from '../../ui/pieces';
import { StateCell } from './columns';

/** What is known of the selected file, and what is done with it most. */
export function FilePanel({
  row,
  actions,
}: {
  readonly row: LibraryRow;
  readonly actions: readonly MenuEntry[];
}): ReactNode {
  const t = useText();
  const first = actions.slice(0, row.state === 'ok' ? 4 : 2);
  const rest = actions.slice(first.length);
  return (
    <aside className="images-panel scroll" aria-label={t('images.details', { name: row.name })}>
      <div className="images-panel-head">
        <h2 className="grow">{row.name}</h2>
        <MenuButton entries={rest} label={t('images.actionsFor', { name: row.name })}>
          <IconButton label={t('common.more')} icon={Ellipsis} />
        </MenuButton>
      </div>
      <div className="images-path">
        <PathText path={row.path} />
        <CopyButton text={row.path} />
      </div>
      {row.state !== 'ok' && (
        <Notice tone="danger">
          <strong>
            {row.state === 'missing'
              ? t('images.missingWhy', { name: row.name, folder: row.folder })
              : row.problem}
          </strong>
          <span>{row.state === 'missing' ? t('images.missingAdvice') : t('images.unreadableAdvice')}</span>
        </Notice>
      )}
      <div className="images-actions">
        {first.map(({ id, label, icon, run }, i) => (
          <Button
            key={id}
            kind={i === 0 ? 'primary' : 'plain'}
            onPress={run}
            lesson={`images.${id}`}
            {...(icon === undefined ? {} : { icon })}
          >
            {label}
          </Button>
        ))}
      </div>
      <Facts facts={panelFacts(row, t)} />
      {row.imageNames.length > 0 && (
        <Section title={t('images.list')}>
          <ol className="images-names">
            {row.imageNames.map((name, i) => (
              <li key={i}>
                <span className="soft number">{i + 1}</span>
                <span>{name === '' ? t('images.unnamed') : name}</span>
              </li>
            ))}
          </ol>
        </Section>
      )}
    </aside>
  );
}

function panelFacts(row: LibraryRow, t: Translate): (readonly [string, ReactNode])[] {
  const known = row.state === 'ok' || row.imageCount > 0;
  const format = t(`compression.${row.compression}`);
  const figures: (readonly [string, ReactNode])[] = [
    [t('images.column.images'), formatCount(row.imageCount)],
    [t('images.compression'), row.solid ? t('images.solid', { format }) : format],
    [t('images.column.size'), formatBytes(row.size)],
    [t('images.column.saved'), formatBytes(row.saved)],
    [t('images.column.changed'), formatTime(row.changedAt)],
  ];
  return [
    [t('images.state'), <StateCell key="state" row={row} />],
    ...(known ? figures : []),
    ...(row.totalParts > 1
      ? [['', t('images.part', { part: row.partNumber, total: row.totalParts })] as const]
      : []),
    [t('images.column.origin'), t(`images.origin.${row.origin}`)],
  ];
}
