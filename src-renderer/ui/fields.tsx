import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Button as AriaButton,
  CheckboxButton,
  CheckboxField,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  NumberField as AriaNumberField,
  Popover,
  RadioButton,
  RadioField,
  RadioGroup,
  SearchField as AriaSearchField,
  Select as AriaSelect,
  SelectValue,
  Text,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
} from 'react-aria-components';
import { classes } from './classes';

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong with the value; shown below it. */
  readonly error?: string | undefined;
  readonly isDisabled?: boolean;
  /** Marks the control for a practice lesson. */
  readonly lesson?: string;
}

interface TextProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly autoFocus?: boolean;
  readonly hideLabel?: boolean;
  readonly onSubmit?: () => void;
}

function Hint({ hint, error }: Pick<FieldProps, 'hint' | 'error'>): ReactNode {
  return (
    <>
      {hint !== undefined && (
        <Text slot="description" className="ui-hint">
          {hint}
        </Text>
      )}
      {error !== undefined && <FieldError className="ui-field-error">{error}</FieldError>}
    </>
  );
}

/** One line of text. */
export function TextField(props: TextProps): ReactNode {
  const { label, value, onChange, placeholder, hint, error, hideLabel, onSubmit } = props;
  return (
    <AriaTextField
      className="ui-field"
      value={value}
      onChange={onChange}
      isInvalid={error !== undefined}
      isDisabled={props.isDisabled ?? false}
      data-lesson={props.lesson}
      {...(props.autoFocus === true ? { autoFocus: true } : {})}
    >
      <Label className={classes('ui-label', hideLabel && 'visually-hidden')}>{label}</Label>
      <Input
        className="ui-input"
        placeholder={placeholder}
        spellCheck={false}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onSubmit?.();
        }}
      />
      <Hint hint={hint} error={error} />
    </AriaTextField>
  );
}

/** Several lines of text. */
export function TextArea(props: TextProps & { readonly rows?: number; readonly mono?: boolean }): ReactNode {
  const { label, value, onChange, placeholder, hint, error, hideLabel, rows = 4, mono } = props;
  return (
    <AriaTextField
      className="ui-field"
      value={value}
      onChange={onChange}
      isInvalid={error !== undefined}
      isDisabled={props.isDisabled ?? false}
      data-lesson={props.lesson}
    >
      <Label className={classes('ui-label', hideLabel && 'visually-hidden')}>{label}</Label>
      <AriaTextArea
        className={classes('ui-input', mono && 'mono')}
        rows={rows}
        placeholder={placeholder}
        spellCheck={false}
      />
      <Hint hint={hint} error={error} />
    </AriaTextField>
  );
}

/** A search box; Esc empties it. */
export function SearchField({
  label,
  value,
  onChange,
  placeholder,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
}): ReactNode {
  return (
    <AriaSearchField className="ui-field" aria-label={label} value={value} onChange={onChange}>
      <Input className="ui-input" placeholder={placeholder ?? label} spellCheck={false} />
    </AriaSearchField>
  );
}

/** A whole number. */
export function NumberField(
  props: FieldProps & {
    readonly value: number;
    readonly onChange: (value: number) => void;
    readonly minimum?: number;
    readonly maximum?: number;
  },
): ReactNode {
  return (
    <AriaNumberField
      className="ui-field"
      value={props.value}
      onChange={props.onChange}
      minValue={props.minimum ?? 0}
      maxValue={props.maximum ?? Number.MAX_SAFE_INTEGER}
      isInvalid={props.error !== undefined}
      isDisabled={props.isDisabled ?? false}
      data-lesson={props.lesson}
    >
      <Label className="ui-label">{props.label}</Label>
      <Input className="ui-input" />
      <Hint hint={props.hint} error={props.error} />
    </AriaNumberField>
  );
}

/** A yes or no. */
export function Checkbox({
  isSelected,
  onChange,
  children,
  hint,
  isDisabled = false,
  lesson,
}: {
  readonly isSelected: boolean;
  readonly onChange: (value: boolean) => void;
  readonly children: ReactNode;
  readonly hint?: ReactNode;
  readonly isDisabled?: boolean;
  readonly lesson?: string;
}): ReactNode {
  return (
    <CheckboxField isSelected={isSelected} onChange={onChange} isDisabled={isDisabled} data-lesson={lesson}>
      <CheckboxButton className="ui-choice">
        <span className="box" aria-hidden>
          {isSelected && <Check strokeWidth={3} />}
        </span>
        <span>
          {children}
          {hint !== undefined && <span className="ui-hint"> {hint}</span>}
        </span>
      </CheckboxButton>
    </CheckboxField>
  );
}

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  /** Shown beside or below the label. */
  readonly detail?: ReactNode;
}

/** A choice of few, with what each means. */
export function RadioCards<T extends string>(
  props: FieldProps & {
    readonly value: T;
    readonly onChange: (value: T) => void;
    readonly options: readonly Option<T>[];
    readonly hideLabel?: boolean;
  },
): ReactNode {
  return (
    <RadioGroup
      className="ui-field"
      value={props.value}
      onChange={(value) => props.onChange(value as T)}
      isDisabled={props.isDisabled ?? false}
      data-lesson={props.lesson}
    >
      <Label className={classes('ui-label', props.hideLabel && 'visually-hidden')}>{props.label}</Label>
      <div className="ui-cards">
        {props.options.map(({ value, label, detail }) => (
          <RadioField key={value} value={value}>
            <RadioButton className="ui-choice">
              <span className="box round" aria-hidden>
                {value === props.value && <span className="dot" />}
              </span>
              <span className="grow">
                <span className="ui-label">{label}</span>
                {detail !== undefined && <span className="soft"> {detail}</span>}
              </span>
            </RadioButton>
          </RadioField>
        ))}
      </div>
      <Hint hint={props.hint} error={props.error} />
    </RadioGroup>
  );
}

/** A choice of several, one shown. */
export function Select<T extends string>(
  props: FieldProps & {
    readonly value: T;
    readonly onChange: (value: T) => void;
    readonly options: readonly Option<T>[];
    readonly hideLabel?: boolean;
  },
): ReactNode {
  return (
    <AriaSelect
      className="ui-field"
      value={props.value}
      onChange={(key) => props.onChange(key as T)}
      isDisabled={props.isDisabled ?? false}
      data-lesson={props.lesson}
    >
      <Label className={classes('ui-label', props.hideLabel && 'visually-hidden')}>{props.label}</Label>
      <AriaButton className="ui-select">
        <SelectValue />
        <ChevronDown className="ui-icon" aria-hidden />
      </AriaButton>
      <Hint hint={props.hint} error={props.error} />
      <Popover className="ui-popover">
        <ListBox className="ui-menu" items={props.options.map((option) => ({ ...option, id: option.value }))}>
          {({ id, label, detail }) => (
            <ListBoxItem id={id} textValue={label} className="ui-menu-item">
              {label}
              {detail !== undefined && <span className="soft">{detail}</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
