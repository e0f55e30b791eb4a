import { useState, type ReactNode } from 'react';
import { useText } from '../../../i18n/translate';

/** The name of a line while it is being changed: Enter takes it, Esc leaves it as it was. */
export function NameEditor({
  name,
  check,
  onDone,
  onCancel,
  onFault,
}: {
  readonly name: string;
  /** What is wrong with a name; undefined: nothing. */
  readonly check: (name: string) => Promise<string | undefined>;
  readonly onDone: (name: string) => void;
  readonly onCancel: () => void;
  /** Tells what is wrong with the name; undefined: nothing any more. */
  readonly onFault: (fault: string | undefined) => void;
}): ReactNode {
  const t = useText();
  const [value, setValue] = useState(name);
  const [faulty, setFaulty] = useState(false);
  const tell = (fault: string | undefined): void => {
    setFaulty(fault !== undefined);
    onFault(fault);
  };
  const take = async (): Promise<void> => {
    const wrong = value === name ? undefined : await check(value);
    if (wrong === undefined) onDone(value);
    else tell(wrong);
  };
  return (
    <span className="image-rename">
      <input
        className="ui-input"
        aria-label={t('image.rename')}
        aria-invalid={faulty}
        data-invalid={faulty ? '' : undefined}
        value={value}
        spellCheck={false}
        autoFocus
        onFocus={(event) => {
          const dot = name.lastIndexOf('.');
          event.target.setSelectionRange(0, dot > 0 ? dot : name.length);
        }}
        onChange={(event) => {
          setValue(event.target.value);
          tell(undefined);
        }}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter') void take();
          else if (event.key === 'Escape') onCancel();
        }}
        onBlur={onCancel}
        onClick={(event) => event.stopPropagation()}
        onDoubleClick={(event) => event.stopPropagation()}
      />
    </span>
  );
}
