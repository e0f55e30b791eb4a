import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { classes } from './classes';

/** One line of a menu. */
export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly icon?: LucideIcon;
  /** Keyboard shortcut, as it is shown. */
  readonly shortcut?: string;
  readonly isDisabled?: boolean;
  readonly danger?: boolean;
  readonly run: () => void;
}

/** A button (the child) that opens a menu. */
export function MenuButton({
  children,
  entries,
  label,
}: {
  readonly children: ReactNode;
  readonly entries: readonly MenuEntry[];
  readonly label: string;
}): ReactNode {
  return (
    <MenuTrigger>
      {children}
      <Popover className="ui-popover">
        <MenuList entries={entries} label={label} />
      </Popover>
    </MenuTrigger>
  );
}

/** The lines of a menu, inside of a popover. */
export function MenuList({
  entries,
  label,
  onClose,
}: {
  readonly entries: readonly MenuEntry[];
  readonly label: string;
  /** Where no trigger closes it. */
  readonly onClose?: () => void;
}): ReactNode {
  return (
    <AriaMenu
      aria-label={label}
      className="ui-menu"
      onAction={(key) => {
        onClose?.();
        entries.find(({ id }) => id === key)?.run();
      }}
      {...(onClose === undefined ? {} : { onClose, autoFocus: 'first' })}
    >
      {entries.map(({ id, label: text, icon: Icon, shortcut, isDisabled = false, danger = false }) => (
        <MenuItem
          key={id}
          id={id}
          textValue={text}
          isDisabled={isDisabled}
          className={classes('ui-menu-item', danger && 'danger')}
        >
          {Icon && <Icon className="ui-icon" aria-hidden />}
          {text}
          {shortcut !== undefined && <span className="key">{shortcut}</span>}
        </MenuItem>
      ))}
    </AriaMenu>
  );
}
