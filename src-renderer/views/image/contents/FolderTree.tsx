import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight, Folder, FolderOpen } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { formatCount } from '../../../i18n/format';
import { useText } from '../../../i18n/translate';
import { classes } from '../../../ui/classes';
import { rootFontSize } from '../../../ui/dataTable';
import { describeError } from '../../../ui/errors';
import { parentPath } from './imagePaths';
import type { EntryState } from './pendingChanges';
import { useFolderTree, type ReadDirectories, type TreeLine } from './useFolderTree';

const ROW = 1.75;

/** The directories of an image or a volume: only those in sight are drawn, only those that were opened are read. */
export function FolderTree({
  readDirectories,
  root,
  revision,
  path,
  onPath,
  stateOf,
}: {
  readonly readDirectories: ReadDirectories;
  /** What the root is called. */
  readonly root: string;
  readonly revision: string;
  readonly path: string;
  readonly onPath: (path: string) => void;
  /** What becomes of a directory when the pending changes are written. */
  readonly stateOf: (path: string) => EntryState;
}): ReactNode {
  const t = useText();
  const id = useId();
  const { lines, toggle, more } = useFolderTree(readDirectories, revision, path);
  const [cursor, setCursor] = useState(path);
  const scroller = useRef<HTMLDivElement>(null);
  const rowPixels = ROW * rootFontSize();
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPixels,
    overscan: 10,
  });
  const cursorIndex = lines.findIndex((line) => line.kind === 'directory' && line.path === cursor);
  const pathIndex = lines.findIndex((line) => line.kind === 'directory' && line.path === path);

  useEffect(() => setCursor(path), [path]);
  useEffect(() => {
    if (pathIndex >= 0) virtual.scrollToIndex(pathIndex, { align: 'auto' });
  }, [path, pathIndex, virtual]);

  const go = (line: TreeLine | undefined): void => {
    if (line?.kind !== 'directory') return;
    setCursor(line.path);
    onPath(line.path);
    virtual.scrollToIndex(lines.indexOf(line), { align: 'auto' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const line = lines[cursorIndex];
    const step = stepOf(event.key, lines, cursorIndex);
    if (step !== undefined) go(step);
    else if (line?.kind === 'directory' && event.key === 'ArrowRight') {
      if (line.expanded === false) toggle(line.path, true);
      else if (line.expanded === true) go(lines[cursorIndex + 1]);
    } else if (line?.kind === 'directory' && event.key === 'ArrowLeft') {
      if (line.expanded === true) toggle(line.path, false);
      else go(lines.find((other) => other.kind === 'directory' && other.path === parentPath(line.path)));
    } else return;
    event.preventDefault();
  };

  return (
    <div
      className="image-tree scroll"
      ref={scroller}
      role="tree"
      aria-label={t('image.tree')}
      tabIndex={0}
      aria-activedescendant={cursorIndex < 0 ? undefined : `${id}-${cursorIndex}`}
      onKeyDown={onKeyDown}
      data-lesson="image.tree"
    >
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          const style = {
            position: 'absolute',
            top: start,
            left: 0,
            right: 0,
            height: rowPixels,
            paddingLeft: `${(line.level - 1) * 0.875 + 0.25}rem`,
          } as const;
          if (line.kind !== 'directory') {
            return (
              <div key={`${line.kind} ${line.path}`} className="image-tree-row" role="none" style={style}>
                {line.kind === 'more' ? (
                  <button type="button" className="image-link" onClick={() => more(line.path)}>
                    {t('image.tree.more', { count: formatCount(line.left) })}
                  </button>
                ) : (
                  <span className="image-tree-error">{describeError(line.error, t).message}</span>
                )}
              </div>
            );
          }
          const Icon = line.path === path ? FolderOpen : Folder;
          return (
            <div
              key={line.path}
              id={`${id}-${index}`}
              role="treeitem"
              aria-level={line.level}
              aria-expanded={line.expanded ?? undefined}
              aria-selected={line.path === path}
              className={classes('image-tree-row', line.path === cursor && 'current', stateOf(line.path))}
              style={style}
              onClick={() => go(line)}
              onDoubleClick={() => line.expanded !== null && toggle(line.path, !line.expanded)}
            >
              <span
                className="chevron"
                aria-hidden
                onClick={(event) => {
                  if (line.expanded === null) return;
                  event.stopPropagation();
                  toggle(line.path, !line.expanded);
                }}
              >
                {line.expanded === true && <ChevronDown className="ui-icon" />}
                {line.expanded === false && <ChevronRight className="ui-icon" />}
              </span>
              <Icon className="ui-icon" aria-hidden />
              <span className="name">{line.path === '/' ? root : line.name}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function stepOf(key: string, lines: readonly TreeLine[], index: number): TreeLine | undefined {
  const directories = lines.filter((line) => line.kind === 'directory');
  const at = directories.findIndex((line) => line === lines[index]);
  switch (key) {
    case 'ArrowDown':
      return directories[Math.min(directories.length - 1, at + 1)];
    case 'ArrowUp':
      return directories[Math.max(0, at - 1)];
    case 'Home':
      return directories[0];
    case 'End':
      return directories.at(-1);
    default:
      return undefined;
  }
}
