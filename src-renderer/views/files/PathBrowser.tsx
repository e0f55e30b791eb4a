import { ArrowLeft, ArrowUp, FolderPlus } from 'lucide-react';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { Label, TextField as AriaTextField } from 'react-aria-components';
import { useText } from '../../i18n/translate';
import { Button, IconButton } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ErrorNotice } from '../../ui/errorNotice';
import { Checkbox, Select } from '../../ui/fields';
import './files.css';
import { FolderList } from './FolderList';
import { NewFolderLine } from './NewFolderLine';
import { PathInput } from './PathInput';
import type { OpenPick } from './pickPath';
import { Places } from './Places';
import { SaveName } from './SaveName';
import { useBrowser } from './useBrowser';

/** The dialog in which a path is chosen where the system has no dialogs of its own. */
export function PathBrowser({
  request,
  onAnswer,
}: {
  readonly request: OpenPick['request'];
  readonly onAnswer: (path: string | null) => void;
}): ReactNode {
  const t = useText();
  const browser = useBrowser(request, onAnswer);
  const [makesFolder, setMakesFolder] = useState(false);
  const { folder, error } = browser;
  const { kind, filters } = request;

  const onKeyDown = (event: KeyboardEvent): void => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowLeft')) return;
    event.preventDefault();
    if (event.key === 'ArrowUp') browser.up();
    else browser.back();
  };

  return (
    <Dialog
      title={request.title}
      isOpen
      onClose={() => onAnswer(null)}
      wide
      footer={
        <>
          <Button onPress={() => onAnswer(null)}>{t('common.cancel')}</Button>
          <Button kind="primary" isDisabled={!browser.canConfirm} onPress={() => void browser.confirm()}>
            {browser.confirmLabel}
          </Button>
        </>
      }
    >
      <div className="files-browser" onKeyDown={onKeyDown}>
        <div className="files-bar">
          <IconButton
            label={t('files.backTo')}
            icon={ArrowLeft}
            isDisabled={!browser.canGoBack}
            onPress={browser.back}
          />
          <IconButton
            label={t('files.up')}
            icon={ArrowUp}
            isDisabled={folder.parent === null}
            onPress={browser.up}
          />
          <AriaTextField className="ui-field grow">
            <Label className="visually-hidden">{t('files.path')}</Label>
            <PathInput
              value={browser.typed}
              onChange={browser.setTyped}
              onEnter={(typed) => void browser.enter(typed)}
              completion={{ extensions: browser.extensions, directoriesOnly: kind !== 'open-file' }}
            />
          </AriaTextField>
          <IconButton
            label={t('files.newFolder')}
            icon={FolderPlus}
            isDisabled={folder.path === ''}
            onPress={() => setMakesFolder(true)}
          />
        </div>
        {makesFolder && (
          <NewFolderLine
            parent={folder.path}
            onDone={(path) => {
              setMakesFolder(false);
              if (path !== null) browser.go(path);
            }}
          />
        )}
        <div className="files-panes">
          <Places current={folder.path} onGo={browser.go} />
          <div className="files-pane" aria-busy={browser.loading}>
            {error !== undefined ? (
              <ErrorNotice error={error} onRetry={browser.reload} />
            ) : (
              <FolderList
                key={folder.path}
                folder={folder}
                reader={browser}
                selected={browser.selected}
                onSelect={browser.select}
                onOpen={browser.open}
                onUp={browser.up}
                foldersOnly={kind === 'open-folder'}
                emptyText={browser.extensions.length > 0 ? t('files.noneOfType') : t('files.folderEmpty')}
                autoFocus={folder.path !== '' && browser.listTakesFocus()}
              />
            )}
          </div>
        </div>
        <div className="files-foot">
          {kind === 'save-file' && (
            <SaveName
              value={browser.name}
              onChange={browser.setName}
              onEnter={() => void browser.confirm()}
              onTold={browser.told}
              target={browser.target}
            />
          )}
          <div className="row-flex files-choices">
            {kind !== 'open-folder' && filters.length > 1 && (
              <Select
                label={t('files.type')}
                hideLabel
                value={String(browser.filter)}
                onChange={(value) => browser.setFilter(Number(value))}
                options={filters.map(({ name }, i) => ({ value: String(i), label: name }))}
              />
            )}
            <Checkbox isSelected={browser.hidden} onChange={browser.setHidden}>
              {t('files.showHidden')}
            </Checkbox>
            <span className="soft files-count" role="status">
              {browser.note !== ''
                ? ''
                : folder.path === ''
                  ? t('common.loading')
                  : t('files.total', { count: folder.total })}
            </span>
          </div>
          {browser.note !== '' && (
            <p className="ui-field-error" role="alert">
              {browser.note}
            </p>
          )}
        </div>
      </div>
    </Dialog>
  );
}
