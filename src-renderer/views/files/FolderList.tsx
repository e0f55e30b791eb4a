import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { File, Folder as FolderIcon } from 'lucide-react';
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import type { FileRow } from '../../../src-shared/contract/files';
import { formatBytes, formatTime } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { classes } from '../../ui/classes';
import { rootFontSize } from '../../ui/dataTable';
import { listKeyTarget } from '../../ui/listKeys';
import type { Folder } from './pagedFolder';
import type { FolderReader } from './useFolder';

interface Props {
  readonly folder: Folder;
  readonly reader: Pick<FolderReader, 'need' | 'find'>;
  /** Place of the selected row; -1: none. */
  readonly selected: number;
  readonly onSelect: (at: number) => void;
  /** Enter or a double click. */
  readonly onOpen: (row: FileRow) => void;
  readonly onUp: () => void;
  /** Files can be recognised but not chosen. */
  readonly foldersOnly: boolean;
  readonly autoFocus: boolean;
  /** What an empty folder says. */
  readonly emptyText: string;
}

const ROW = 1.75;
/** Letters that follow each other within this time make one name, ms. */
const TYPING = 900;

/** The contents of a folder of any size: only the rows in sight are drawn, and read. */
export function FolderList(props: Props): ReactNode {
  const { folder, reader, selected, onSelect, onOpen, onUp, foldersOnly, autoFocus, emptyText } = props;
  const t = useText();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', at: 0 });
  const rowPixels = ROW * rootFontSize();
  const virtual = useVirtualizer({
    count: folder.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPixels,
    overscan: 10,
    // The header is a row of its own above the rows, and stays in sight.
    scrollMargin: rowPixels,
    scrollPaddingStart: rowPixels,
    rangeExtractor: (range) => {
      const places = defaultRangeExtractor(range);
      // The selected row is what a screen reader is told of: it is there even when it is out of sight.
      return selected < 0 || selected >= folder.total || places.includes(selected)
        ? places
        : [...places, selected].sort((a, b) => a - b);
    },
  });
  const items = virtual.getVirtualItems();
  const first = items.at(0)?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const { need } = reader;
  useEffect(() => {
    if (folder.total > 0) need(first, last);
  }, [need, first, last, folder.total]);
  useEffect(() => {
    if (selected >= 0) virtual.scrollToIndex(selected, { align: 'auto' });
  }, [selected, virtual]);
  useEffect(() => {
    if (autoFocus) scroller.current?.focus();
  }, [autoFocus]);

  const jump = async (letter: string): Promise<void> => {
    const now = performance.now();
    const going = now - typed.current.at < TYPING;
    const text = going ? typed.current.text + letter : letter;
    typed.current = { text, at: now };
    // The same letter again goes on to the next such name.
    const repeated = text.length > 1 && [...text].every((other) => other === letter);
    const from = Math.max(0, selected) + (repeated || text.length === 1 ? 1 : 0);
    const found = await reader.find(repeated ? letter : text, from);
    if (found >= 0) onSelect(found);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = listKeyTarget(event.key, selected, folder.total);
    if (target !== undefined) onSelect(target);
    else if (event.key === 'Enter') {
      const row = folder.rows.get(selected);
      if (row === undefined) return;
      onOpen(row);
    } else if (event.key === 'Backspace') onUp();
    else if (event.key.length === 1 && (event.key !== ' ' || typed.current.text !== '')) void jump(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={scroller}
      className="ui-table scroll files-list"
      role="grid"
      aria-label={t('files.contents', { folder: folder.path })}
      aria-rowcount={folder.total + 1}
      tabIndex={0}
      aria-activedescendant={selected >= 0 && folder.rows.has(selected) ? `${id}-${selected}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className="head">
        <div className="head-row" role="row" aria-rowindex={1}>
          <div role="columnheader" className="head-cell files-name">
            {t('files.column.name')}
          </div>
          <div role="columnheader" className="head-cell number files-size">
            {t('files.column.size')}
          </div>
          <div role="columnheader" className="head-cell files-time">
            {t('files.column.modified')}
          </div>
        </div>
      </div>
      {folder.path !== '' && folder.total === 0 && <p className="files-empty">{emptyText}</p>}
      <div role="rowgroup" className="files-rows" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = folder.rows.get(index);
          return (
            <div
              key={index}
              id={`${id}-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === selected}
              className={classes(
                'body-row files-row',
                row?.hidden && 'hidden',
                foldersOnly && row?.kind !== 'directory' && 'dim',
              )}
              style={{ top: start - rowPixels, height: rowPixels }}
              onClick={() => onSelect(index)}
              onDoubleClick={() => row !== undefined && onOpen(row)}
            >
              <Cells row={row} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Cells({ row }: { readonly row: FileRow | undefined }): ReactNode {
  const t = useText();
  if (row === undefined) {
    return (
      <div role="gridcell" className="cell files-name soft">
        …
      </div>
    );
  }
  const directory = row.kind === 'directory';
  const Icon = directory ? FolderIcon : File;
  return (
    <>
      <div role="gridcell" className="cell files-name" title={row.name}>
        <Icon className={classes('ui-icon', directory && 'files-folder-icon')} aria-hidden />
        <span className="files-cut">{row.name}</span>
        {directory && <span className="visually-hidden">{t('files.folder')}</span>}
      </div>
      <div role="gridcell" className="cell number files-size">
        {row.kind === 'file' ? formatBytes(row.size) : ''}
      </div>
      <div role="gridcell" className="cell files-time">
        {row.modified === '' ? '' : formatTime(row.modified)}
      </div>
    </>
  );
}
