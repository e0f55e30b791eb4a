import { FolderOpen, HardDriveDownload, RefreshCw } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import type { PhysicalDisk } from '../../../src-shared/model/disks';
import { useText } from '../../i18n/translate';
import { forgetDisk, noteDisk, useRecentDisks } from '../../stores/recentDisks';
import { navigate, setParams, useRoute } from '../../stores/route';
import { Button, IconButton } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { EmptyState, Page } from '../../ui/pieces';
import { diskExtensions } from '../../wizards/prepare/NewDiskFields';
import { pickPath } from '../files/pickPath';
import { DiskCard } from './DiskCard';
import { DiskPanel } from './DiskPanel';
import './disks.css';
import { isDevice, usePhysicalDisks } from './useDisk';

/** The disks of this machine, disk files, and what is in them. */
export function DisksView(): ReactNode {
  const t = useText();
  const { params } = useRoute();
  const { disk: selected } = params;
  const physical = usePhysicalDisks();
  const recent = useRecentDisks();
  const [round, setRound] = useState(0);
  const [fault, setFault] = useState<unknown>();
  const disks = physical.value ?? physical.last ?? [];
  const chosen = disks.find(({ path }) => path === selected);

  useEffect(() => {
    if (selected !== undefined && !isDevice(selected)) noteDisk(selected);
  }, [selected]);

  const select = (path: string): void => setParams({ disk: path, volume: undefined, path: undefined }, false);
  const open = async (): Promise<void> => {
    setFault(undefined);
    try {
      const filters = [
        { name: t('disks.files'), extensions: [...diskExtensions] },
        { name: t('files.allFiles'), extensions: ['*'] },
      ];
      const path = await pickPath({ kind: 'open-file', title: t('disks.fileChoose'), filters });
      if (path !== null) select(path);
    } catch (error) {
      setFault(error);
    }
  };
  const lookAgain = (): void => {
    physical.again();
    setRound((number) => number + 1);
  };

  return (
    <Page
      title={t('disks.title')}
      actions={
        <>
          <IconButton label={t('disks.lookAgain')} icon={RefreshCw} onPress={lookAgain} />
          <Button icon={FolderOpen} onPress={() => void open()} lesson="disks.open">
            {t('disks.open')}
          </Button>
          <Button
            icon={HardDriveDownload}
            kind="primary"
            onPress={() => navigate('wizard', { name: 'prepare' })}
            lesson="disks.prepare"
          >
            {t('disks.prepare')}
          </Button>
        </>
      }
    >
      <div className={params['volume'] === undefined ? 'disks' : 'disks browsing'}>
        <nav className="disks-list scroll" aria-label={t('disks.title')}>
          {fault !== undefined && <ErrorNotice error={fault} />}
          <h2>{t('disks.physicalOnes')}</h2>
          {physical.error !== undefined && <ErrorNotice error={physical.error} onRetry={physical.again} />}
          {physical.value?.length === 0 && <p className="soft">{t('disks.noPhysical')}</p>}
          <Cards paths={disks.map(({ path }) => path)}>
            {(path) => (
              <DiskCard
                path={path}
                physical={disks.find((disk) => disk.path === path)}
                round={round}
                isSelected={path === selected}
                onSelect={() => select(path)}
              />
            )}
          </Cards>
          <h2>{t('disks.files')}</h2>
          {recent.length === 0 && <p className="soft">{t('disks.noFiles')}</p>}
          <Cards paths={recent}>
            {(path) => (
              <DiskCard
                path={path}
                physical={undefined}
                round={round}
                isSelected={path === selected}
                onSelect={() => select(path)}
                onForget={() => forgetDisk(path)}
              />
            )}
          </Cards>
        </nav>
        <Selected path={selected} physical={chosen} round={round} onChanged={lookAgain} />
      </div>
    </Page>
  );
}

function Cards({
  paths,
  children,
}: {
  readonly paths: readonly string[];
  readonly children: (path: string) => ReactNode;
}): ReactNode {
  if (paths.length === 0) return null;
  return (
    <ul>
      {paths.map((path) => (
        <li key={path}>{children(path)}</li>
      ))}
    </ul>
  );
}

function Selected({
  path,
  physical,
  round,
  onChanged,
}: {
  readonly path: string | undefined;
  readonly physical: PhysicalDisk | undefined;
  readonly round: number;
  readonly onChanged: () => void;
}): ReactNode {
  const t = useText();
  if (path === undefined) {
    return (
      <EmptyState title={t('disks.chooseOne')}>
        <p>{t('disks.chooseOneText')}</p>
      </EmptyState>
    );
  }
  return <DiskPanel key={path} path={path} physical={physical} round={round} onChanged={onChanged} />;
}
