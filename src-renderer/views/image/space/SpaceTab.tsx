import { ChevronRight } from 'lucide-react';
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import type { z } from 'zod';
import type { SpaceNode, SpaceReport as SpaceReportShape } from '../../../../src-shared/contract/browse';
import { api } from '../../../api/api';
import { formatBytes, formatCount, formatPercent } from '../../../i18n/format';
import { useText } from '../../../i18n/translate';
import { setParams } from '../../../stores/route';
import { withSession } from '../../../stores/session';
import { DataTable } from '../../../ui/dataTable';
import { ErrorNotice } from '../../../ui/errorNotice';
import { Select } from '../../../ui/fields';
import { PathText } from '../../../ui/pieces';
import { ProgressBar } from '../../../ui/progress';
import { parentPath } from '../contents/imagePaths';
import { useRequest, type Asking } from '../useRequest';
import { partsOf, type Measure } from './layout';
import { Treemap } from './Treemap';

type SpaceReport = z.infer<typeof SpaceReportShape>;
type Grouping = 'folders' | 'types';
type Shape = 'map' | 'table';

/** Where an image's bytes are. */
export function SpaceTab({
  image,
  revision,
}: {
  readonly image: number;
  readonly revision: string;
}): ReactNode {
  const t = useText();
  const ask = useCallback(
    (asking: Asking) =>
      withSession(async (session) => (await api.browse.space({ session, image }, asking)).result),
    [image],
  );
  const { value, error, loading, progress, retry } = useRequest(ask, revision);
  if (error !== undefined) {
    return (
      <div className="image-pane">
        <ErrorNotice error={error} onRetry={retry} />
      </div>
    );
  }
  if (value === undefined || loading) {
    const fraction =
      progress === undefined || progress.filesTotal === 0 ? null : progress.filesDone / progress.filesTotal;
    return (
      <div className="image-pane stack" role="status">
        <span className="soft">{t('image.space.reading')}</span>
        <ProgressBar label={t('image.space.reading')} fraction={fraction} />
      </div>
    );
  }
  return <SpaceOf key={`${image}`} report={value} />;
}

function SpaceOf({ report }: { readonly report: SpaceReport }): ReactNode {
  const t = useText();
  const [grouping, setGrouping] = useState<Grouping>('folders');
  const [shape, setShape] = useState<Shape>('map');
  const [measure, setMeasure] = useState<Measure>('bytes');
  const [trail, setTrail] = useState<readonly SpaceNode[]>([]);
  const node = trail.at(-1) ?? report.folders;
  const types = useMemo(
    (): SpaceNode[] =>
      report.types.map(({ extension, files, bytes, stored }) => ({
        name: extension,
        path: extension,
        bytes,
        stored,
        files,
        children: [],
      })),
    [report],
  );
  const parts = useMemo(() => (grouping === 'types' ? types : partsOf(node)), [grouping, types, node]);
  const nameOf = useCallback(
    (part: SpaceNode): string => {
      if (part.name !== '') return part.name;
      return grouping === 'types' ? t('image.space.noType') : t('image.space.rest');
    },
    [grouping, t],
  );
  const enter = (part: SpaceNode): void => {
    if (grouping === 'folders' && part.name !== '' && part.children.length > 0) setTrail([...trail, part]);
  };
  return (
    <div className="image-space">
      <div className="image-toolbar">
        <Select<Grouping>
          label={t('image.space.by')}
          hideLabel
          value={grouping}
          onChange={setGrouping}
          options={[
            { value: 'folders', label: t('image.space.folders') },
            { value: 'types', label: t('image.space.types') },
          ]}
        />
        <Select<Measure>
          label={t('image.space.measure')}
          hideLabel
          value={measure}
          onChange={setMeasure}
          options={[
            { value: 'bytes', label: t('image.space.logical') },
            { value: 'stored', label: t('image.space.stored') },
          ]}
        />
        <Select<Shape>
          label={t('image.space.shape')}
          hideLabel
          value={shape}
          onChange={setShape}
          options={[
            { value: 'map', label: t('image.space.map') },
            { value: 'table', label: t('image.space.table') },
          ]}
        />
        {grouping === 'folders' && (
          <nav className="image-path grow" aria-label={t('image.path')}>
            <ol>
              {[report.folders, ...trail].map((step, i, all) => (
                <li key={step.path}>
                  {i > 0 && <ChevronRight className="ui-icon" aria-hidden />}
                  <button
                    type="button"
                    aria-current={i === all.length - 1 ? 'location' : undefined}
                    onClick={() => setTrail(trail.slice(0, i))}
                  >
                    {i === 0 ? t('image.root') : step.name}
                  </button>
                </li>
              ))}
            </ol>
          </nav>
        )}
      </div>
      {shape === 'map' ? (
        <Treemap
          label={t('image.space.mapLabel')}
          parts={parts}
          measure={measure}
          nameOf={nameOf}
          onEnter={enter}
          onUp={() => setTrail(trail.slice(0, -1))}
        />
      ) : (
        <PartsTable parts={parts} nameOf={nameOf} onEnter={enter} />
      )}
      <aside className="image-space-side scroll" tabIndex={0} aria-label={t('image.space.figures')}>
        <SizeBars report={report} />
        <Largest report={report} />
      </aside>
    </div>
  );
}

function PartsTable({
  parts,
  nameOf,
  onEnter,
}: {
  readonly parts: readonly SpaceNode[];
  readonly nameOf: (part: SpaceNode) => string;
  readonly onEnter: (part: SpaceNode) => void;
}): ReactNode {
  const t = useText();
  const [selected, setSelected] = useState<string | null>(null);
  const id = (part: SpaceNode): string => `${part.path} ${part.name}`;
  return (
    <DataTable
      label={t('image.space.mapLabel')}
      rows={parts}
      rowId={id}
      selected={selected}
      onSelect={(part) => setSelected(id(part))}
      onOpen={onEnter}
      sorting={{ id: 'bytes', descending: true }}
      columns={[
        { id: 'name', header: t('image.column.name'), value: nameOf, cell: nameOf },
        {
          id: 'bytes',
          header: t('image.space.logical'),
          width: 8,
          align: 'number',
          value: (part) => part.bytes,
          cell: (part) => formatBytes(part.bytes),
        },
        {
          id: 'stored',
          header: t('image.space.stored'),
          width: 9,
          align: 'number',
          value: (part) => part.stored,
          cell: (part) => formatBytes(part.stored),
        },
        {
          id: 'files',
          header: t('image.column.files'),
          width: 6,
          align: 'number',
          value: (part) => part.files,
          cell: (part) => formatCount(part.files),
        },
      ]}
    />
  );
}

/** What an image counts, what is left when each blob is counted once, and what that takes compressed. */
function SizeBars({ report }: { readonly report: SpaceReport }): ReactNode {
  const t = useText();
  const { logical, single, stored } = report.sizes;
  const bars = [
    { key: 'logical', label: t('image.space.barLogical'), bytes: logical },
    { key: 'single', label: t('image.space.barSingle'), bytes: single },
    { key: 'stored', label: t('image.space.barStored'), bytes: stored },
  ];
  return (
    <section className="stack">
      <h2>{t('image.space.sizes')}</h2>
      <dl className="image-bars">
        {bars.map(({ key, label, bytes }) => (
          <div key={key} data-bar={key}>
            <dt>{label}</dt>
            <dd>
              {formatBytes(bytes)}
              {key !== 'logical' && logical > 0 && (
                <span className="soft"> {formatPercent(bytes / logical)}</span>
              )}
            </dd>
            <span
              className="bar"
              aria-hidden
              style={{ width: `${logical === 0 ? 0 : Math.min(100, (bytes / logical) * 100)}%` }}
            />
          </div>
        ))}
      </dl>
      <p className="soft">{t('image.space.onlyHere', { size: formatBytes(report.onlyHere) })}</p>
    </section>
  );
}

function Largest({ report }: { readonly report: SpaceReport }): ReactNode {
  const t = useText();
  if (report.largest.length === 0) return null;
  return (
    <section className="stack">
      <h2>{t('image.space.largest')}</h2>
      <ul className="image-largest">
        {report.largest.map(({ path, bytes }) => (
          <li key={path}>
            <button
              type="button"
              className="image-link"
              onClick={() => setParams({ tab: undefined, path: parentPath(path) }, false)}
            >
              <PathText path={path} />
            </button>
            <span className="number">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
