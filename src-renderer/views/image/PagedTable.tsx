import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { classes } from '../../ui/classes';
import { rootFontSize } from '../../ui/dataTable';
import { useWidth } from './useWidth';

/** A column of a {@link PagedTable}. */
export interface PagedColumn<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row, index: number) => ReactNode;
  /** Width in rem; the one column without a width takes the rest. */
  readonly width?: number;
  readonly align?: 'number';
  readonly sortable?: boolean;
  /** Least width of the table, in rem, in which there is room for it. */
  readonly needs?: number;
}

/** How a row was pointed at. */
export interface PointedHow {
  /** Shift: everything from the anchor to here. */
  readonly extend: boolean;
  /** Ctrl: this one more or less. */
  readonly toggle: boolean;
}

interface Props<Row> {
  readonly label: string;
  readonly count: number;
  readonly rowAt: (index: number) => Row | undefined;
  readonly columns: readonly PagedColumn<Row>[];
  /** The rows in sight, with some more. */
  readonly onRange: (first: number, last: number) => void;
  /** Index of the row that keys act on; -1: none. */
  readonly current: number;
  readonly onPoint: (index: number, how: PointedHow) => void;
  readonly isSelected?: (index: number) => boolean;
  readonly onOpen?: (index: number) => void;
  /** Keys that the table has no use for. */
  readonly onKey?: (event: KeyboardEvent) => void;
  readonly sorting?: { readonly id: string; readonly descending: boolean };
  readonly onSort?: (id: string) => void;
  readonly rowClass?: (row: Row) => string | undefined;
  readonly lesson?: string;
  /** Changes when the list is another one: it begins at its top. */
  readonly listKey: string;
  /** Changes when the table should have the focus. */
  readonly focusOn?: unknown;
  readonly multiple?: boolean;
}

const ROW = 1.75;

/** A table of rows that the host keeps: only those in sight are asked for and drawn. */
export function PagedTable<Row>(props: Props<Row>): ReactNode {
  const { label, count, rowAt, onRange, current, onPoint, onOpen, onKey, listKey } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const rowPixels = ROW * rootFontSize();
  const width = useWidth(scroller);
  const columns = props.columns.filter(({ needs = 0 }) => needs <= width);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPixels,
    overscan: 10,
    scrollMargin: 0,
  });
  const items = virtual.getVirtualItems();
  const first = items.at(0)?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => onRange(first, last), [onRange, first, last]);
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [listKey]);
  const { focusOn } = props;
  useEffect(() => {
    if (focusOn !== undefined) scroller.current?.focus();
  }, [focusOn]);

  const point = (index: number, how: PointedHow): void => {
    onPoint(index, how);
    virtual.scrollToIndex(index, { align: 'auto' });
  };
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowPixels) - 2);
  const move = (event: KeyboardEvent): void => {
    // Keys of a field inside of a row are its own.
    if (event.target !== scroller.current) return;
    const target = keyTarget(event.key, current, count, page);
    if (target !== undefined && !event.altKey) {
      event.preventDefault();
      point(target, { extend: event.shiftKey, toggle: false });
    } else if (event.key === ' ' && current >= 0) {
      event.preventDefault();
      onPoint(current, { extend: false, toggle: true });
    } else if (event.key === 'Enter' && current >= 0) {
      event.preventDefault();
      onOpen?.(current);
    } else {
      onKey?.(event);
    }
  };
  const selected = (index: number): boolean => props.isSelected?.(index) ?? index === current;

  return (
    <div
      className="ui-table image-paged scroll"
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-multiselectable={props.multiple === true ? true : undefined}
      tabIndex={0}
      aria-activedescendant={current >= first && current <= last ? `${id}-${current}` : undefined}
      onKeyDown={move}
      data-lesson={props.lesson}
    >
      <div role="rowgroup" className="image-paged-head">
        <div className="head-row" role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <HeadCell
              key={column.id}
              column={column}
              sorted={props.sorting?.id === column.id ? props.sorting : undefined}
              onSort={props.onSort}
            />
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative', flex: 'none' }}>
        {items.map(({ index, start }) => {
          const row = rowAt(index);
          return (
            <div
              key={index}
              id={`${id}-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={selected(index)}
              className={classes(
                'body-row',
                index === current && 'current',
                row !== undefined && props.rowClass?.(row),
              )}
              style={{ position: 'absolute', top: start, left: 0, right: 0, height: rowPixels }}
              onMouseDown={(event) => {
                if (event.shiftKey) event.preventDefault();
              }}
              onClick={(event) =>
                onPoint(index, { extend: event.shiftKey, toggle: event.ctrlKey || event.metaKey })
              }
              onDoubleClick={() => onOpen?.(index)}
            >
              {columns.map((column) => (
                <div
                  key={column.id}
                  role="gridcell"
                  className={classes('cell', column.align)}
                  style={cellStyle(column)}
                >
                  {row === undefined
                    ? column === columns[0] && <span className="image-blank" />
                    : column.cell(row, index)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function HeadCell<Row>({
  column,
  sorted,
  onSort,
}: {
  readonly column: PagedColumn<Row>;
  readonly sorted: { readonly descending: boolean } | undefined;
  readonly onSort: ((id: string) => void) | undefined;
}): ReactNode {
  const sortable = column.sortable === true && onSort !== undefined;
  return (
    <div
      role="columnheader"
      className={classes('head-cell', column.align)}
      style={cellStyle(column)}
      aria-sort={
        !sortable ? undefined : sorted === undefined ? 'none' : sorted.descending ? 'descending' : 'ascending'
      }
    >
      {sortable ? (
        <button type="button" tabIndex={-1} onClick={() => onSort(column.id)}>
          {column.header}
          {sorted?.descending === false && <ArrowUp className="ui-icon" aria-hidden />}
          {sorted?.descending === true && <ArrowDown className="ui-icon" aria-hidden />}
        </button>
      ) : (
        column.header
      )}
    </div>
  );
}

function cellStyle<Row>({ width }: PagedColumn<Row>): Record<string, string> {
  return width === undefined ? { flex: '1 1 12rem', minWidth: '12rem' } : { width: `${width}rem` };
}

function keyTarget(key: string, index: number, count: number, page: number): number | undefined {
  if (count === 0) return undefined;
  const clamp = (value: number): number => Math.min(count - 1, Math.max(0, value));
  switch (key) {
    case 'ArrowDown':
      return clamp(index + 1);
    case 'ArrowUp':
      return clamp(index - 1);
    case 'PageDown':
      return clamp(index + page);
    case 'PageUp':
      return clamp(index - page);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
