import { Camera, Copy, Eraser, FolderTree, HardDriveDownload, ArrowDownToLine } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import type { DiskSummary, PartitionSummary, PhysicalDisk } from '../../../src-shared/model/disks';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { navigate, setParams, useRoute } from '../../stores/route';
import { baseName } from '../../stores/workNames';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Facts, Notice, PathText } from '../../ui/pieces';
import { ProgressBar } from '../../ui/progress';
import { DiskBar } from './bar/DiskBar';
import { segmentsOfDisk } from './bar/segments';
import { ConvertDialog } from './dialogs/ConvertDialog';
import { WipeDialog } from './dialogs/WipeDialog';
import { diskFactsLine } from './PhysicalDiskChoice';
import { useDisk } from './useDisk';
import { VolumeBrowser } from './volume/VolumeBrowser';
import { canBeRead } from './volume/volumes';

type OpenDialog = 'convert' | 'wipe';

/** One disk: what it is, its partitions, and what can be done with it and with each of them. */
export function DiskPanel({
  path,
  physical,
  round,
  onChanged,
}: {
  readonly path: string;
  readonly physical: PhysicalDisk | undefined;
  readonly round: number;
  /** The disk was changed from here. */
  readonly onChanged: () => void;
}): ReactNode {
  const t = useText();
  const { params } = useRoute();
  const { summary } = useDisk(path, round);
  const [dialog, setDialog] = useState<OpenDialog>();
  const disk = summary.value ?? summary.last;
  const name = physical?.name ?? baseName(path);
  const { volume } = params;
  const browsed = disk?.partitions.find(({ number }) => String(number) === volume);

  if (disk !== undefined && browsed !== undefined && volume !== undefined) {
    return (
      <VolumeBrowser
        key={volume}
        disk={path}
        name={name}
        partition={browsed}
        path={params['path'] ?? '/'}
        onPath={(next) => setParams({ path: next === '/' ? undefined : next }, false)}
        onLeave={() => setParams({ volume: undefined, path: undefined }, false)}
      />
    );
  }
  return (
    <section className="disk-panel scroll" aria-label={name} tabIndex={0}>
      <header>
        <h2>{name}</h2>
        <div className="row-flex wizard-wrap">
          <Button
            icon={HardDriveDownload}
            isDisabled={physical?.refusal !== undefined}
            onPress={() =>
              navigate(
                'wizard',
                physical === undefined
                  ? { name: 'prepare', file: path }
                  : { name: 'prepare', identity: physical.identity, device: path },
              )
            }
          >
            {t('disks.prepareThis')}
          </Button>
          <Button icon={Copy} isDisabled={disk === undefined} onPress={() => setDialog('convert')}>
            {t('disks.convert')}
          </Button>
          <Button
            icon={Eraser}
            isDisabled={disk === undefined || physical?.refusal !== undefined}
            onPress={() => setDialog('wipe')}
          >
            {t('disks.wipe')}
          </Button>
        </div>
      </header>
      {physical?.refusal !== undefined && (
        <Notice tone="decision">{t('disks.refused', { reason: physical.refusal })}</Notice>
      )}
      {summary.error !== undefined && <ErrorNotice error={summary.error} onRetry={summary.again} />}
      {disk === undefined && summary.busy && <ProgressBar label={t('disks.reading')} fraction={null} />}
      <DiskFactsTable path={path} disk={disk} physical={physical} />
      {disk !== undefined && <Partitions disk={disk} path={path} />}
      {dialog === 'convert' && disk !== undefined && (
        <ConvertDialog
          disk={disk}
          onClose={() => setDialog(undefined)}
          onDone={(made) => {
            setDialog(undefined);
            navigate('disks', { disk: made });
          }}
        />
      )}
      {dialog === 'wipe' && (
        <WipeDialog
          path={path}
          name={name}
          identity={physical?.identity}
          onClose={() => setDialog(undefined)}
          onDone={onChanged}
        />
      )}
    </section>
  );
}

function DiskFactsTable({
  path,
  disk,
  physical,
}: {
  readonly path: string;
  readonly disk: DiskSummary | undefined;
  readonly physical: PhysicalDisk | undefined;
}): ReactNode {
  const t = useText();
  const facts: [string, ReactNode][] = [[t('disks.path'), <PathText key="p" path={path} />]];
  if (physical !== undefined) {
    facts.push([t('disks.form'), diskFactsLine(physical, t)]);
    if (physical.uses.length > 0) facts.push([t('disks.uses'), physical.uses.join(', ')]);
  } else if (disk !== undefined) {
    facts.push([t('disks.form'), `${disk.format.toUpperCase()}, ${t(`disks.kindName.${disk.kind}`)}`]);
  }
  const size = physical?.size ?? disk?.size;
  if (size !== undefined) facts.push([t('disks.size'), formatBytes(size)]);
  if (disk !== undefined) {
    if (disk.kind !== 'physical') facts.push([t('disks.takes'), formatBytes(disk.allocated)]);
    facts.push([
      t('disks.table'),
      [t(`disks.table.${disk.table}`), ...(disk.diskId === undefined ? [] : [disk.diskId])].join(', '),
    ]);
    facts.push([
      t('disks.sectorSize'),
      t('disks.sectors', { logical: disk.sectorSize, physical: disk.physicalSectorSize }),
    ]);
    for (const parent of disk.parents ?? [])
      facts.push([t('disks.parent'), <PathText key={parent} path={parent} />]);
  }
  return <Facts facts={facts} />;
}

function Partitions({ disk, path }: { readonly disk: DiskSummary; readonly path: string }): ReactNode {
  const t = useText();
  const { partitions } = disk;
  const preferred = partitions.find(({ hasWindows }) => hasWindows === true) ?? partitions.find(canBeRead);
  const [selected, setSelected] = useState(preferred?.number ?? partitions.at(0)?.number);
  const current = partitions.find(({ number }) => number === selected) ?? partitions.at(0);
  useEffect(() => {
    if (current === undefined) setSelected(preferred?.number);
  }, [current, preferred]);
  return (
    <>
      <DiskBar label={t('disks.partitions')} segments={segmentsOfDisk(disk)} selected={current?.number} />
      {partitions.length === 0 && (
        <p className="soft">{t('disks.emptyDisk', { size: formatBytes(disk.size) })}</p>
      )}
      {partitions.length > 0 && (
        <div className="disk-rows-scroll scroll">
          <table className="disk-rows plain" aria-label={t('disks.partitions')}>
            <thead>
              <tr>
                <th scope="col">{t('disks.column.number')}</th>
                <th scope="col">{t('disks.column.role')}</th>
                <th scope="col">{t('disks.column.label')}</th>
                <th scope="col">{t('disks.column.fileSystem')}</th>
                <th scope="col" className="number">
                  {t('disks.column.size')}
                </th>
                <th scope="col" className="number">
                  {t('disks.column.free')}
                </th>
              </tr>
            </thead>
            <tbody>
              {partitions.map((partition) => (
                <PartitionRow
                  key={partition.number}
                  partition={partition}
                  isSelected={partition.number === current?.number}
                  onSelect={() => setSelected(partition.number)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {current !== undefined && <VolumeActions partition={current} path={path} />}
      {disk.warnings.length > 0 && (
        <Notice tone="decision">
          {disk.warnings.map((warning) => (
            <div key={warning}>{warning}</div>
          ))}
        </Notice>
      )}
    </>
  );
}

function PartitionRow({
  partition,
  isSelected,
  onSelect,
}: {
  readonly partition: PartitionSummary;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}): ReactNode {
  const t = useText();
  const { number, role, typeName, label, fileSystem, size, free, hasWindows } = partition;
  return (
    <tr className={isSelected ? 'selected' : undefined} onClick={onSelect}>
      <td>{number === 0 ? '–' : number}</td>
      <td>
        <button
          type="button"
          className="disk-row-button"
          aria-pressed={isSelected}
          title={typeName}
          onClick={onSelect}
        >
          {role === 'other' ? typeName : t(`disks.role.${role}`)}
        </button>
      </td>
      <td>
        {label}
        {hasWindows === true && role !== 'windows' && <span className="soft"> {t('disks.hasWindows')}</span>}
      </td>
      <td>{t(`disks.fs.${fileSystem}`)}</td>
      <td className="number">{formatBytes(size)}</td>
      <td className="number">{free === undefined ? '–' : formatBytes(free)}</td>
    </tr>
  );
}

function VolumeActions({
  partition,
  path,
}: {
  readonly partition: PartitionSummary;
  readonly path: string;
}): ReactNode {
  const t = useText();
  const { number, label, found, problem } = partition;
  const readable = canBeRead(partition);
  const volume = String(number);
  const name =
    number === 0
      ? t('disks.wholeDisk')
      : label === undefined || label === ''
        ? t('disks.partitionNumber', { number })
        : t('disks.partitionNamed', { number, label });
  return (
    <div className="stack disk-volume">
      <h3>{name}</h3>
      {problem !== undefined && <Notice tone="decision">{problem}</Notice>}
      {found.length > 0 && <p className="soft disk-found-line">{found.join(', ')}</p>}
      <div className="row-flex wizard-wrap">
        <Button
          icon={FolderTree}
          isDisabled={!readable}
          onPress={() => setParams({ volume, path: undefined }, false)}
          lesson="disk.browse"
        >
          {t('disks.browse')}
        </Button>
        <Button
          icon={Camera}
          isDisabled={!readable}
          onPress={() => navigate('wizard', { name: 'capture', source: path, volume })}
          lesson="disk.capture"
        >
          {t('disks.capture')}
        </Button>
        <Button
          icon={ArrowDownToLine}
          isDisabled={partition.role === 'efi' || partition.role === 'msr'}
          onPress={() => navigate('wizard', { name: 'apply', target: path, volume })}
          lesson="disk.apply"
        >
          {t('disks.applyTo')}
        </Button>
      </div>
      {!readable && problem === undefined && <p className="soft">{t('disks.notReadable')}</p>}
    </div>
  );
}
