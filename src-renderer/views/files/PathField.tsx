import { FolderOpen } from 'lucide-react';
import { useRef, useState, type DragEvent, type ReactNode } from 'react';
import { FieldError, Label, Text, TextField } from 'react-aria-components';
import { api } from '../../api/api';
import { useText } from '../../i18n/translate';
import { Button } from '../../ui/button';
import { classes } from '../../ui/classes';
import { describeError } from '../../ui/errors';
import { dragsFiles, droppedPaths } from './droppedFiles';
import './files.css';
import { filtersOf } from './filters';
import { PathInput } from './PathInput';
import { isAbsolute } from './paths';
import { pickPath, type PickKind } from './pickPath';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (path: string) => void;
  readonly kind: PickKind;
  /** Without dots; none: all files. */
  readonly extensions?: readonly string[];
  /** Title of the dialog behind the button. */
  readonly title: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly placeholder?: string;
  /** Where the dialog begins while the field is empty. */
  readonly defaultPath?: string;
  readonly isDisabled?: boolean;
  /** Enter in the field, with the path as it is then. */
  readonly onSubmit?: (path: string) => void;
  /** Marks the control for a practice lesson. */
  readonly lesson?: string;
}

const noExtensions: readonly string[] = [];

/**
 * A path to type, to choose or to drop. What is typed shortly (`~/images`, a name) becomes the absolute path when the
 * field is left.
 */
export function PathField(props: Props): ReactNode {
  const { label, value, onChange, kind, extensions = noExtensions, title, hint, isDisabled = false } = props;
  const t = useText();
  const [fault, setFault] = useState<unknown>();
  const [note, setNote] = useState('');
  const [over, setOver] = useState(false);
  const present = useRef(value);
  present.current = value;

  const set = (path: string): void => {
    setFault(undefined);
    setNote('');
    onChange(path);
  };
  const complete = async (typed: string): Promise<string> => {
    if (typed === '' || isAbsolute(typed)) return typed;
    try {
      const { path } = await api.files.status({ path: typed });
      if (present.current === typed) set(path);
      return path;
    } catch (error) {
      setFault(error);
      return typed;
    }
  };
  const browse = async (): Promise<void> => {
    try {
      const path = await pickPath({
        kind,
        title,
        filters: filtersOf(extensions, t),
        defaultPath: value === '' ? (props.defaultPath ?? '') : value,
      });
      if (path !== null) set(path);
    } catch (error) {
      setFault(error);
    }
  };
  const drop = (event: DragEvent): void => {
    setOver(false);
    if (isDisabled || !dragsFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.stopPropagation();
    const paths = droppedPaths(event.dataTransfer);
    if (paths === undefined) setNote(t('files.dropNoPathField'));
    else if (paths.length > 0) set(paths[0]);
  };
  const onDragOver = (event: DragEvent): void => {
    if (isDisabled || !dragsFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(true);
  };
  const error = props.error ?? (fault === undefined ? undefined : describeError(fault, t).message);

  return (
    <TextField
      className="ui-field files-field"
      isInvalid={error !== undefined}
      isDisabled={isDisabled}
      data-lesson={props.lesson}
      data-drop-target=""
    >
      <Label className="ui-label">{label}</Label>
      <div
        className={classes('files-field-line', over && 'over')}
        onDragOver={onDragOver}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <PathInput
          value={value}
          onChange={set}
          onLeave={(typed) => void complete(typed)}
          onEnter={(typed) => void complete(typed).then((path) => props.onSubmit?.(path))}
          completion={{ extensions, directoriesOnly: kind === 'open-folder' }}
          {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
        />
        <Button
          icon={FolderOpen}
          isDisabled={isDisabled}
          onPress={() => void browse()}
          aria-label={t('files.browseFor', { label })}
        >
          {t('common.browse')}
        </Button>
      </div>
      {note !== '' && (
        <div role="status" className="ui-hint">
          {note}
        </div>
      )}
      {hint !== undefined && (
        <Text slot="description" className="ui-hint">
          {hint}
        </Text>
      )}
      {error !== undefined && <FieldError className="ui-field-error">{error}</FieldError>}
    </TextField>
  );
}
