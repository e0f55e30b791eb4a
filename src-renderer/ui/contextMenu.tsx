import { useRef, type ReactNode } from 'react';
import { Popover } from 'react-aria-components';
import { MenuList, type MenuEntry } from './menu';

/** A point of the window, in CSS pixels. */
export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

/** A menu at a point of the window: what a right click or the menu key opens. */
export function ContextMenu({
  place,
  entries,
  label,
  onClose,
}: {
  /** null: closed. */
  readonly place: MenuPlace | null;
  readonly entries: readonly MenuEntry[];
  readonly label: string;
  readonly onClose: () => void;
}): ReactNode {
  const anchor = useRef<HTMLSpanElement>(null);
  return (
    <>
      <span
        ref={anchor}
        aria-hidden
        style={{ position: 'fixed', left: place?.x ?? 0, top: place?.y ?? 0, width: 0, height: 0 }}
      />
      <Popover
        key={place === null ? '' : `${place.x} ${place.y}`}
        className="ui-popover"
        triggerRef={anchor}
        isOpen={place !== null}
        onOpenChange={(open) => {
          if (!open) onClose();
        }}
        placement="bottom start"
        offset={0}
        aria-label={label}
      >
        <MenuList entries={entries} label={label} onClose={onClose} />
      </Popover>
    </>
  );
}
