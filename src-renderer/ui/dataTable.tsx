import {
  columnVisibilityFeature,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
  type ColumnDef,
  type ColumnVisibilityState,
  type SortingState,
} from '@tanstack/react-table';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import {
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { classes } from './classes';
import type { MenuPlace } from './contextMenu';
import { listKeyTarget } from './listKeys';

/** A column of a {@link DataTable}. */
export interface DataColumn<Row> {
  readonly id: string;
  readonly header: string;
  /** What it sorts by. */
  readonly value: (row: Row) => string | number;
  readonly cell: (row: Row) => ReactNode;
  /** Width in rem; columns without a width share the rest. */
  readonly width?: number;
  readonly align?: 'number';
  /** Least width in rem of a column without a width. */
  readonly minimum?: number;
}

interface Props<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly DataColumn<Row>[];
  readonly rowId: (row: Row) => string;
  readonly selected: string | null;
  readonly onSelect: (row: Row) => void;
  /** Enter or a double click. */
  readonly onOpen?: (row: Row) => void;
  /** A right click on a row, or the menu key; the row is selected first. */
  readonly onMenu?: (row: Row, place: MenuPlace) => void;
  readonly hidden?: readonly string[];
  readonly sorting?: { readonly id: string; readonly descending: boolean };
  readonly onSorting?: (sorting: { id: string; descending: boolean }) => void;
  readonly empty?: ReactNode;
  readonly lesson?: string;
}

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});
const ROW = 1.75;
/** Least width in rem of a column without a width. */
const MINIMUM = 10;

/**
 * A table of rows that are all at hand: sorting by its headers, one selected row, arrow keys, only the rows in sight drawn.
 */
export function DataTable<Row extends object>(props: Props<Row>): ReactNode {
  const { rows, columns, rowId, selected, onSelect, onOpen, onMenu, hidden, label, lesson } = props;
  const id = useId();
  const [sorting, setSorting] = useState<SortingState>(
    props.sorting === undefined ? [] : [{ id: props.sorting.id, desc: props.sorting.descending }],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const definitions = useMemo<ColumnDef<typeof features, Row>[]>(
    () =>
      columns.map((column) => ({
        id: column.id,
        header: column.header,
        accessorFn: (row: Row) => column.value(row),
        sortFn: column.align === 'number' ? ('basic' as const) : ('alphanumeric' as const),
      })),
    [columns],
  );
  const columnVisibility: ColumnVisibilityState = Object.fromEntries((hidden ?? []).map((id) => [id, false]));
  const data = useMemo(() => [...rows], [rows]);
  const { onSorting } = props;
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowId,
    state: { sorting, columnVisibility },
    onSortingChange: (change) => {
      const next = typeof change === 'function' ? change(sorting) : change;
      setSorting(next);
      if (next.length > 0) onSorting?.({ id: next[0].id, descending: next[0].desc });
    },
  });
  const sorted = table.getRowModel().rows;
  const rowPixels = ROW * rootFontSize();
  const selectedIndex = sorted.findIndex((row) => row.id === selected);
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPixels,
    overscan: 12,
    // The header is a row of its own above the rows, and stays in sight.
    scrollMargin: rowPixels,
    scrollPaddingStart: rowPixels,
    rangeExtractor: (range) => {
      const places = defaultRangeExtractor(range);
      // The selected row is what aria-activedescendant names: it is there even when it is out of sight.
      return selectedIndex < 0 || places.includes(selectedIndex)
        ? places
        : [...places, selectedIndex].sort((a, b) => a - b);
    },
  });
  const visible = columns.filter((column) => hidden?.includes(column.id) !== true);
  const minWidth = `${visible.reduce((sum, { width, minimum = MINIMUM }) => sum + (width ?? minimum), 0)}rem`;

  const place = useRef(selectedIndex);
  place.current = selectedIndex;
  useEffect(() => {
    // Only when the selection moves, not when rows come and go.
    if (selected !== null && place.current >= 0) virtual.scrollToIndex(place.current, { align: 'auto' });
  }, [selected, virtual]);
  // The text size may change while the table is there.
  useEffect(() => virtual.measure(), [rowPixels, virtual]);

  const move = (event: KeyboardEvent): void => {
    // Keys of a button in the header or in a cell are its own.
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = listKeyTarget(event.key, selectedIndex, sorted.length);
    if (target !== undefined) {
      event.preventDefault();
      onSelect(sorted[target].original);
    } else if (selectedIndex >= 0) {
      const row = sorted[selectedIndex].original;
      if (event.key === 'Enter' && onOpen !== undefined) {
        event.preventDefault();
        onOpen(row);
      } else if ((event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) && onMenu) {
        event.preventDefault();
        const box = document.getElementById(`${id}-${selectedIndex}`)?.getBoundingClientRect();
        if (box !== undefined) onMenu(row, { x: box.left + rowPixels, y: box.bottom });
      }
    }
  };
  const openMenu = (event: MouseEvent, row: Row): void => {
    if (onMenu === undefined) return;
    event.preventDefault();
    onSelect(row);
    onMenu(row, { x: event.clientX, y: event.clientY });
  };

  if (rows.length === 0 && props.empty !== undefined) return props.empty;
  return (
    <div
      className="ui-table scroll"
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={sorted.length + 1}
      tabIndex={0}
      aria-activedescendant={selectedIndex < 0 ? undefined : `${id}-${selectedIndex}`}
      onKeyDown={move}
      data-lesson={lesson}
    >
      <div role="rowgroup" className="head" style={{ minWidth }}>
        <div className="head-row" role="row" aria-rowindex={1}>
          {visible.map((column) => {
            const direction = table.getColumn(column.id)?.getIsSorted() ?? false;
            return (
              <div
                key={column.id}
                role="columnheader"
                className={classes('head-cell', column.align)}
                style={cellStyle(column)}
                aria-sort={direction === false ? 'none' : direction === 'asc' ? 'ascending' : 'descending'}
              >
                <button
                  type="button"
                  onClick={() => table.getColumn(column.id)?.toggleSorting(direction === 'asc')}
                >
                  {column.header}
                  {direction === 'asc' && <ArrowUp className="ui-icon" aria-hidden />}
                  {direction === 'desc' && <ArrowDown className="ui-icon" aria-hidden />}
                </button>
              </div>
            );
          })}
        </div>
      </div>
      <div
        role="rowgroup"
        style={{ height: virtual.getTotalSize(), minWidth, position: 'relative', flex: 'none' }}
      >
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = sorted[index];
          return (
            <div
              key={row.id}
              id={`${id}-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={row.id === selected}
              className="body-row"
              style={{ position: 'absolute', top: start - rowPixels, left: 0, right: 0, height: rowPixels }}
              onClick={() => onSelect(row.original)}
              onDoubleClick={() => onOpen?.(row.original)}
              onContextMenu={(event) => openMenu(event, row.original)}
            >
              {visible.map((column) => (
                <div
                  key={column.id}
                  role="gridcell"
                  className={classes('cell', column.align)}
                  style={cellStyle(column)}
                >
                  <CellContent content={column.cell(row.original)} />
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Words are cut with an ellipsis, which the cell itself cannot do for what stands in it without an element. */
function CellContent({ content }: { readonly content: ReactNode }): ReactNode {
  return typeof content === 'string' ? <span className="text">{content}</span> : content;
}

/** Pixels of one rem: the text size is a setting. */
export function rootFontSize(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

function cellStyle<Row>({ width, minimum = MINIMUM }: DataColumn<Row>): Record<string, string> {
  return width === undefined
    ? { flex: `1 1 ${minimum}rem`, minWidth: `${minimum}rem` }
    : { width: `${width}rem` };
}
