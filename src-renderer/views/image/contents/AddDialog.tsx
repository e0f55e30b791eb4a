import { useEffect, useState, type ReactNode } from 'react';
import type { PathStatus } from '../../../../src-shared/contract/files';
import { api } from '../../../api/api';
import { formatBytes } from '../../../i18n/format';
import { useText } from '../../../i18n/translate';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { ErrorNotice } from '../../../ui/errorNotice';
import { TextField } from '../../../ui/fields';
import { Notice } from '../../../ui/pieces';
import { PathField } from '../../files/PathField';
import { nameFault, type AddedItem } from './pendingChanges';

/** Chooses a file or folder of this computer that is to come into a directory of the image. */
export function AddDialog({
  kind,
  folder,
  isTaken,
  onAdd,
  onClose,
}: {
  readonly kind: 'file' | 'directory';
  readonly folder: string;
  readonly isTaken: (directory: string, name: string) => Promise<boolean>;
  readonly onAdd: (item: Omit<AddedItem, 'id'>) => void;
  readonly onClose: () => void;
}): ReactNode {
  const t = useText();
  const [source, setSource] = useState('');
  const [name, setName] = useState<string>();
  const [status, setStatus] = useState<PathStatus>();
  const [taken, setTaken] = useState(false);
  const [error, setError] = useState<unknown>();
  const shownName = name ?? status?.name ?? '';

  useEffect(() => {
    setStatus(undefined);
    setError(undefined);
    if (source === '') return undefined;
    let overtaken = false;
    const timer = setTimeout(() => {
      api.files.status({ path: source }).then(
        (found) => {
          if (!overtaken) setStatus(found);
        },
        (fault: unknown) => {
          if (!overtaken) setError(fault);
        },
      );
    }, 200);
    return () => {
      overtaken = true;
      clearTimeout(timer);
    };
  }, [source]);

  useEffect(() => {
    setTaken(false);
    if (nameFault(shownName) !== undefined) return undefined;
    let overtaken = false;
    isTaken(folder, shownName).then(
      (answer) => {
        if (!overtaken) setTaken(answer);
      },
      (fault: unknown) => {
        if (!overtaken) setError(fault);
      },
    );
    return () => {
      overtaken = true;
    };
  }, [folder, shownName, isTaken]);

  const fault = status === undefined ? undefined : statusFault(status, kind);
  const wrongName = status === undefined ? undefined : nameFault(shownName);
  const ready = status !== undefined && fault === undefined && wrongName === undefined;
  const add = (): void => {
    if (!ready) return;
    onAdd({ source: status.path, folder, name: shownName, kind, size: status.size, replaces: taken });
    onClose();
  };
  return (
    <Dialog
      title={t(kind === 'file' ? 'image.add.fileTitle' : 'image.add.folderTitle')}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" isDisabled={!ready} onPress={add}>
            {t('image.add.to', { folder: folder === '/' ? t('image.root') : folder })}
          </Button>
        </>
      }
    >
      <PathField
        label={t(kind === 'file' ? 'image.add.fileLabel' : 'image.add.folderLabel')}
        title={t(kind === 'file' ? 'image.add.fileTitle' : 'image.add.folderTitle')}
        kind={kind === 'file' ? 'open-file' : 'open-folder'}
        value={source}
        onChange={setSource}
        error={fault === undefined ? undefined : t(`image.add.${fault}`)}
        hint={status?.kind === 'file' && fault === undefined ? formatBytes(status.size) : undefined}
        onSubmit={add}
      />
      <TextField
        label={t('image.add.name')}
        value={shownName}
        onChange={setName}
        error={wrongName === undefined ? undefined : t(`image.name.${wrongName}`)}
        onSubmit={add}
      />
      {error !== undefined && <ErrorNotice error={error} />}
      {taken && (
        <Notice tone="decision" live>
          {t(kind === 'file' ? 'image.add.replaces' : 'image.add.merges', { name: shownName })}
        </Notice>
      )}
      <p className="soft">{t('image.add.later')}</p>
    </Dialog>
  );
}

function statusFault(
  status: PathStatus,
  kind: 'file' | 'directory',
): 'missing' | 'unreadable' | 'notFile' | 'notFolder' | undefined {
  if (status.kind === 'missing') return 'missing';
  if (status.kind !== kind) return kind === 'file' ? 'notFile' : 'notFolder';
  return status.readable ? undefined : 'unreadable';
}
