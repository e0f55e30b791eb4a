import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { api } from '../../api/api';
import { useText } from '../../i18n/translate';
import { Button } from '../../ui/button';
import { describeError } from '../../ui/errors';
import { TextField } from '../../ui/fields';

/** Asks for a name and makes a folder. */
export function NewFolderLine({
  parent,
  onDone,
}: {
  readonly parent: string;
  /** The folder that was made; null: none. */
  readonly onDone: (path: string | null) => void;
}): ReactNode {
  const t = useText();
  const [name, setName] = useState('');
  const [error, setError] = useState<string>();
  const make = async (): Promise<void> => {
    if (name.trim() === '') return;
    try {
      onDone((await api.files.makeFolder({ parent, name: name.trim() })).path);
    } catch (fault) {
      setError(describeError(fault, t).message);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onDone(null);
  };
  return (
    <div className="files-new" onKeyDown={onKeyDown}>
      <TextField
        label={t('files.newFolderName')}
        hideLabel
        placeholder={t('files.newFolderName')}
        value={name}
        onChange={(value) => {
          setName(value);
          setError(undefined);
        }}
        onSubmit={() => void make()}
        error={error}
        autoFocus
      />
      <Button isDisabled={name.trim() === ''} onPress={() => void make()}>
        {t('files.makeFolder')}
      </Button>
      <Button kind="quiet" onPress={() => onDone(null)}>
        {t('common.cancel')}
      </Button>
    </div>
  );
}
