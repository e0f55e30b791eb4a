import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Input, Popover } from 'react-aria-components';
import { useText } from '../../i18n/translate';
import { describeError } from '../../ui/errors';
import { PathText } from '../../ui/pieces';
import { commonStart } from './paths';
import { usePathCompletion, type CompletionOptions } from './usePathCompletion';

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Enter, when no offered path is chosen. */
  readonly onEnter?: (value: string) => void;
  /** The input was left. */
  readonly onLeave?: (value: string) => void;
  readonly completion: CompletionOptions;
  readonly placeholder?: string;
}

/**
 * The input of a path, inside of a text field: arrows choose among offered paths, Tab and Enter take the chosen one, Tab
 * alone takes the only one, Esc closes the list.
 */
export function PathInput({ value, onChange, onEnter, onLeave, completion, placeholder }: Props): ReactNode {
  const t = useText();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [active, setActive] = useState(false);
  const [index, setIndex] = useState(-1);
  const { paths, error } = usePathCompletion(value, active, completion);
  const offered = paths.filter((path) => path !== value);
  const open = active && (offered.length > 0 || error !== undefined);
  const chosen = Math.min(index, offered.length - 1);

  const change = (next: string): void => {
    setActive(true);
    setIndex(-1);
    onChange(next);
  };
  const close = (): void => {
    setActive(false);
    setIndex(-1);
  };
  const take = (path: string): void => {
    change(path);
    // A folder is entered: what lies in it is offered next. A file is the end of it.
    if (!/[\\/]$/.test(path)) close();
    queueMicrotask(() => showEnd(input.current));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    switch (event.key) {
      case 'ArrowDown':
        if (!open) setActive(true);
        else setIndex(chosen + 1 < offered.length ? chosen + 1 : 0);
        break;
      case 'ArrowUp':
        if (!open) return;
        setIndex(chosen > 0 ? chosen - 1 : offered.length - 1);
        break;
      case 'Tab': {
        if (event.shiftKey || !open) return;
        const path = chosen >= 0 ? offered[chosen] : commonStart(value, offered);
        if (path === undefined || path === value) return;
        take(path);
        break;
      }
      case 'Enter':
        if (open && chosen >= 0) take(offered[chosen]);
        else {
          close();
          onEnter?.(value);
        }
        break;
      case 'Escape':
        if (!open) return;
        close();
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <>
      <Input
        ref={input}
        className="ui-input"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={open ? `${id}-list` : undefined}
        aria-activedescendant={open && chosen >= 0 ? `${id}-${chosen}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        value={value}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => {
          close();
          onLeave?.(value);
        }}
      />
      <Popover
        className="ui-popover files-offers"
        triggerRef={input}
        isOpen={open}
        isNonModal
        isKeyboardDismissDisabled
        shouldCloseOnInteractOutside={() => false}
        placement="bottom start"
        style={{ width: input.current?.offsetWidth }}
      >
        <section aria-label={t('files.offers')}>
          {error !== undefined && <p className="ui-hint">{describeError(error, t).message}</p>}
          <div role="listbox" id={`${id}-list`} aria-label={t('files.offers')} className="ui-menu">
            {offered.map((path, i) => (
              <div
                key={path}
                id={`${id}-${i}`}
                role="option"
                aria-selected={i === chosen}
                data-focused={i === chosen ? '' : undefined}
                className="ui-menu-item"
                ref={i === chosen ? intoView : undefined}
                // The focus stays in the input.
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => take(path)}
              >
                <PathText path={path} />
              </div>
            ))}
          </div>
        </section>
      </Popover>
    </>
  );
}

function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

function showEnd(input: HTMLInputElement | null): void {
  if (input === null) return;
  input.setSelectionRange(input.value.length, input.value.length);
  input.scrollLeft = input.scrollWidth;
}
