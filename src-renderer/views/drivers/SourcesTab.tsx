import { FileArchive, FolderOpen, Unplug, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { useDriverLibrary } from '../../stores/driverLibrary';
import { Button, IconButton } from '../../ui/button';
import { PathText } from '../../ui/pieces';
import { LongList } from '../../wizards/runtime/LongList';
import '../../wizards/wizards.css';
import { dropsTellPaths } from '../files/droppedFiles';
import { chooseSource, removeSource } from './libraryActions';

/** The places that the library looks through. */
export function SourcesTab(): ReactNode {
  const t = useText();
  const sources = useApp(({ settings }) => settings.driverSources);
  const found = useDriverLibrary((state) => state.found);
  const remarks = found?.summary.remarks;
  return (
    <div className="drv-sources scroll stack">
      <p className="soft">{t('driverLibrary.sourcesText')}</p>
      {sources.length > 0 && (
        <ul className="drv-list" aria-label={t('driverLibrary.sources')}>
          {sources.map((path) => (
            <li key={path}>
              <PathText path={path} />
              {found?.gone.includes(path) === true && (
                <span className="drv-amber drv-mark">
                  <Unplug className="ui-icon" aria-hidden />
                  {t('driverLibrary.isGone')}
                </span>
              )}
              <IconButton
                label={t('drivers.packages.remove', { path })}
                icon={X}
                onPress={() => void removeSource(path)}
              />
            </li>
          ))}
        </ul>
      )}
      <div className="row-flex drv-wrap">
        <Button icon={FolderOpen} onPress={() => void chooseSource('open-folder')}>
          {t('driverLibrary.addFolder')}
        </Button>
        <Button icon={FileArchive} onPress={() => void chooseSource('open-file')}>
          {t('drivers.packages.file')}
        </Button>
      </div>
      <p className="soft">{t(dropsTellPaths() ? 'drivers.packages.hintDrop' : 'drivers.packages.hint')}</p>
      {remarks !== undefined && remarks.total > 0 && (
        <LongList
          title={t('drivers.packages.remarks', { count: remarks.total })}
          lines={remarks.first.map(({ file, problem }) => ({ path: file, text: problem }))}
          total={remarks.total}
          tone="decision"
        />
      )}
    </div>
  );
}
