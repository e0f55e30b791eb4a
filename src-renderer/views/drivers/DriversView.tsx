import { Cpu, FileArchive, FolderOpen, FolderPlus, RefreshCw, X } from 'lucide-react';
import { useEffect, useState, type DragEvent, type ReactNode } from 'react';
import { formatBytes, formatTime } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { lookThrough, useDriverLibrary } from '../../stores/driverLibrary';
import { navigate, setParams, useRoute } from '../../stores/route';
import { Button, IconButton } from '../../ui/button';
import { classes } from '../../ui/classes';
import { ErrorNotice } from '../../ui/errorNotice';
import { MenuButton } from '../../ui/menu';
import { EmptyState, Notice, Page } from '../../ui/pieces';
import { Tabs } from '../../ui/tabs';
import { dragsFiles, droppedPaths, dropsTellPaths } from '../files/droppedFiles';
import './driverLibrary.css';
import { addSources, chooseSource, lookAgain } from './libraryActions';
import { useLibraryState } from './libraryState';
import { LookState } from './LookState';
import { PackagesTab } from './PackagesTab';
import { SetsTab } from './SetsTab';
import { SourcesTab } from './SourcesTab';

const tabNames = ['packages', 'sets', 'sources'] as const;
type TabName = (typeof tabNames)[number];

/** The driver library: packages of the places that a person added, and the sets of PC models. */
export function DriversView(): ReactNode {
  const t = useText();
  const { driverSources: sources, driverSets: sets } = useApp(({ settings }) => settings);
  const { found, looking } = useDriverLibrary();
  const [over, setOver] = useState(false);
  useEffect(() => void lookThrough(sources), [sources]);
  const isEmpty = sources.length === 0 && sets.length === 0;

  // A browser does not tell the path of what is dropped: there the frame says so.
  const takes = ({ dataTransfer }: DragEvent): boolean => dropsTellPaths() && dragsFiles(dataTransfer);
  const onDragOver = (event: DragEvent): void => {
    if (!takes(event)) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(true);
  };
  const onDrop = (event: DragEvent): void => {
    setOver(false);
    if (!takes(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const paths = droppedPaths(event.dataTransfer) ?? [];
    if (paths.length > 0) void addSources(paths);
  };
  return (
    <Page
      title={t('drivers.title')}
      facts={
        found !== null &&
        sources.length > 0 && (
          <>
            <span>
              {t('drivers.packages.found', {
                count: found.packages.length,
                size: formatBytes(found.summary.bytes),
              })}
            </span>
            <span>{t('driverLibrary.lookedAt', { time: formatTime(found.at) })}</span>
          </>
        )
      }
      actions={
        <>
          <IconButton
            label={t('driverLibrary.lookAgain')}
            icon={RefreshCw}
            isDisabled={looking || sources.length === 0}
            onPress={lookAgain}
          />
          <MenuButton
            label={t('driverLibrary.add')}
            entries={[
              {
                id: 'folder',
                label: t('driverLibrary.addFolder'),
                icon: FolderOpen,
                run: () => void chooseSource('open-folder'),
              },
              {
                id: 'file',
                label: t('drivers.packages.file'),
                icon: FileArchive,
                run: () => void chooseSource('open-file'),
              },
            ]}
          >
            <Button icon={FolderPlus}>{t('driverLibrary.add')}</Button>
          </MenuButton>
          <Button
            icon={Cpu}
            kind="primary"
            onPress={() => navigate('wizard', { name: 'drivers' })}
            lesson="drivers.inject"
          >
            {t('drivers.inject')}
          </Button>
        </>
      }
    >
      <div
        className={classes('drv', over && 'over')}
        onDragOver={onDragOver}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <Notes />
        {isEmpty ? <NoDrivers /> : <Library />}
      </div>
    </Page>
  );
}

function NoDrivers(): ReactNode {
  const t = useText();
  return (
    <EmptyState
      title={t('driverLibrary.emptyTitle')}
      actions={
        <>
          <Button icon={FolderOpen} onPress={() => void chooseSource('open-folder')}>
            {t('driverLibrary.addFolder')}
          </Button>
          <Button icon={FileArchive} onPress={() => void chooseSource('open-file')}>
            {t('drivers.packages.file')}
          </Button>
        </>
      }
    >
      <p className="drv-words">{t('driverLibrary.emptyText')}</p>
      <p className="drv-words">
        {t(dropsTellPaths() ? 'drivers.packages.hintDrop' : 'drivers.packages.hint')}
      </p>
    </EmptyState>
  );
}

function Library(): ReactNode {
  const t = useText();
  const { driverSources: sources, driverSets: sets } = useApp(({ settings }) => settings);
  const asked = useRoute(({ params }) => params['tab']);
  const packages = useDriverLibrary(({ found }) => found?.packages.length ?? 0);
  const labels: Readonly<Record<TabName, string>> = {
    packages: t('drivers.tab.packages', { count: packages }),
    sets: t('driverLibrary.tab.sets', { count: sets.length }),
    sources: t('driverLibrary.tab.sources', { count: sources.length }),
  };
  const contents: Readonly<Record<TabName, () => ReactNode>> = {
    packages: () => <PackagesTab />,
    sets: () => <SetsTab />,
    sources: () => <SourcesTab />,
  };
  return (
    <>
      <LookState />
      <div className="drv-tabs">
        <Tabs<TabName>
          label={t('drivers.title')}
          tabs={tabNames.map((id) => ({ id, label: labels[id], content: contents[id] }))}
          selected={tabNames.find((name) => name === asked) ?? 'packages'}
          onSelect={(tab) => setParams({ tab })}
        />
      </div>
    </>
  );
}

/** What the last action could not do. */
function Notes(): ReactNode {
  const t = useText();
  const { note, error } = useLibraryState();
  const isThere = note !== '' || error !== undefined;
  return (
    <div role="status">
      {isThere && (
        <div className="drv-note">
          <div className="grow">
            {error === undefined ? <Notice>{note}</Notice> : <ErrorNotice error={error} />}
          </div>
          <IconButton
            label={t('common.close')}
            icon={X}
            onPress={() => useLibraryState.setState({ note: '', error: undefined })}
          />
        </div>
      )}
    </div>
  );
}
