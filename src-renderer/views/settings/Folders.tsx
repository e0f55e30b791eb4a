import { X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { Button, IconButton } from '../../ui/button';
import { PathText, Section } from '../../ui/pieces';
import { PathField } from '../files/PathField';
import type { SectionProps } from './SettingsView';

/** Where new WIM files go, and where others are looked for. */
export function Folders({ settings, change }: SectionProps): ReactNode {
  const t = useText();
  const [folder, setFolder] = useState(settings.imageFolder);
  const [added, setAdded] = useState('');
  const { watchedFolders } = settings;
  const add = (): void => {
    if (added === '' || watchedFolders.includes(added)) return;
    change({ watchedFolders: [...watchedFolders, added] });
    setAdded('');
  };
  return (
    <>
      <PathField
        label={t('settings.imageFolder')}
        title={t('settings.imageFolder')}
        hint={t('settings.imageFolderHint')}
        kind="open-folder"
        value={folder}
        onChange={setFolder}
        onSubmit={(imageFolder) => change({ imageFolder })}
      />
      <div>
        <Button isDisabled={folder === settings.imageFolder} onPress={() => change({ imageFolder: folder })}>
          {t('common.save')}
        </Button>
      </div>
      <Section title={t('settings.watched')}>
        <p className="soft">{t('settings.watchedText')}</p>
        {watchedFolders.length === 0 && <p className="soft">{t('settings.noWatched')}</p>}
        <ul className="settings-watched">
          {watchedFolders.map((path) => (
            <li key={path}>
              <span className="grow">
                <PathText path={path} />
              </span>
              <IconButton
                label={t('settings.stopWatching', { path })}
                icon={X}
                onPress={() => change({ watchedFolders: watchedFolders.filter((other) => other !== path) })}
              />
            </li>
          ))}
        </ul>
        <PathField
          label={t('settings.addWatched')}
          title={t('settings.addWatched')}
          kind="open-folder"
          value={added}
          onChange={setAdded}
        />
        <div>
          <Button onPress={add} isDisabled={added === ''}>
            {t('common.add')}
          </Button>
        </div>
      </Section>
    </>
  );
}
