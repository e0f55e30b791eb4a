import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Dialog, Input, Modal, ModalOverlay, TextField } from 'react-aria-components';
import { useText, type Translate } from '../../i18n/translate';
import { allCommands, openPalette, useCommandState, type Command } from '../../stores/commands';

/** Ctrl+K: everything that can be done now, found by typing. */
export function CommandPalette(): ReactNode {
  const t = useText();
  const { paletteOpen } = useCommandState();
  return (
    <ModalOverlay className="ui-scrim" isOpen={paletteOpen} onOpenChange={openPalette} isDismissable>
      <Modal className="ui-modal">
        <Dialog className="ui-dialog" aria-label={t('palette.title')}>
          <PaletteList />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function PaletteList(): ReactNode {
  const t = useText();
  const state = useCommandState();
  const [typed, setTyped] = useState('');
  const [index, setIndex] = useState(0);
  const found = useMemo(() => matching(allCommands(state), typed), [state, typed]);
  const chosen = Math.min(index, found.length - 1);
  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    openPalette(false);
    command.run();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setIndex(Math.min(found.length - 1, chosen + 1));
    else if (event.key === 'ArrowUp') setIndex(Math.max(0, chosen - 1));
    else if (event.key === 'Enter') run(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <div className="palette">
      <TextField
        className="ui-field"
        aria-label={t('palette.placeholder')}
        value={typed}
        onChange={(value) => {
          setTyped(value);
          setIndex(0);
        }}
        autoFocus
      >
        <Input
          className="ui-input"
          placeholder={t('palette.placeholder')}
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls={found.length === 0 ? undefined : 'palette-list'}
          aria-activedescendant={found.length === 0 ? undefined : `palette-${found[chosen].id}`}
          onKeyDown={onKey}
        />
      </TextField>
      <p className="none" role="status">
        {found.length === 0 ? t('palette.nothing') : ''}
      </p>
      {found.length > 0 && (
        <div className="list" role="listbox" id="palette-list" aria-label={t('palette.title')} tabIndex={-1}>
          {found.map((command, i) => (
            <div
              key={command.id}
              id={`palette-${command.id}`}
              role="option"
              aria-selected={i === chosen}
              className="ui-menu-item"
              data-focused={i === chosen ? '' : undefined}
              ref={i === chosen ? intoView : undefined}
              onClick={() => run(command)}
            >
              {command.label}
              {command.shortcut !== undefined && <span className="key">{keyNames(command.shortcut, t)}</span>}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

/** A combination as it is printed on the keys: "Strg+Umschalt+C". */
function keyNames(shortcut: string, t: Translate): string {
  return shortcut
    .split('+')
    .map((key) => (key === 'Ctrl' || key === 'Shift' ? t(`key.${key}`) : key))
    .join('+');
}

function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

/** Commands whose label has every word that was typed, those that begin with the first word first. */
function matching(commands: readonly Command[], typed: string): Command[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = commands.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
  const starts = ({ label }: Command): number => (label.toLowerCase().startsWith(words[0] ?? '') ? 0 : 1);
  return found.sort((a, b) => starts(a) - starts(b));
}
