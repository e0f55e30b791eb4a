import { ArrowDownToLine, HardDrive, RotateCcw, Save } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { JobRecord } from '../../../src-shared/contract/jobs';
import type { DiskWork, WorkResult } from '../../../src-shared/contract/work';
import type { PartitionSummary } from '../../../src-shared/model/disks';
import { formatBytes, formatDuration } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { navigate } from '../../stores/route';
import { baseName } from '../../stores/workNames';
import { Button } from '../../ui/button';
import { Notice, Page, Section } from '../../ui/pieces';
import { DiskContents } from '../../views/disks/DiskContents';
import { CommandLines } from './CommandLines';
import { LongList } from './LongList';
import { RecipeDialog } from './RecipeDialog';
import { secondsOf } from './resultFigures';
import { takeFocus } from './takeFocus';

/** What work on a disk came to: what the disk is now, what its check found, and what people do next. */
export function DiskResultPage({
  job,
  work,
  result,
  onAgain,
}: {
  readonly job: JobRecord;
  readonly work: DiskWork;
  readonly result: WorkResult;
  readonly onAgain: () => void;
}): ReactNode {
  const t = useText();
  const [naming, setNaming] = useState(false);
  const { disk, faults, warnings } = result;
  const path = disk?.path ?? result.target ?? '';
  const faulty = (faults?.total ?? 0) > 0;
  // A table does not tell Windows from data: the largest volume is the one that an image goes to.
  const windows = disk?.partitions
    .filter(({ role, fileSystem }) => fileSystem === 'ntfs' && (role === 'windows' || role === 'data'))
    .reduce<PartitionSummary | undefined>(
      (largest, other) => (largest === undefined || other.size > largest.size ? other : largest),
      undefined,
    );
  const seconds = secondsOf(job);
  const figures: (readonly [string, string])[] =
    disk === undefined
      ? []
      : [
          [t('disks.size'), formatBytes(disk.size)],
          ...(disk.kind === 'physical' ? [] : [[t('disks.takes'), formatBytes(disk.allocated)] as const]),
          [t('disks.table'), t(`disks.table.${disk.table}`)],
          [t('disks.partitions'), String(disk.partitions.length)],
          ...(seconds === null ? [] : [[t('wizards.figure.time'), formatDuration(seconds)] as const]),
        ];
  return (
    <Page title={t(`disks.done.${work.verb}`)}>
      <div className="wizard-job scroll" data-lesson="wizard.result" tabIndex={-1} ref={takeFocus}>
        <Notice tone={faulty ? 'danger' : 'verified'} live>
          <strong className="wizard-truth">
            {t(`disks.result.${work.verb}`, { name: baseName(path), count: disk?.partitions.length ?? 0 })}
          </strong>
          <span>{faulty ? t('disks.faulty') : t('disks.verified')}</span>
        </Notice>
        {faults !== undefined && faults.total > 0 && (
          <LongList
            title={t('disks.faults', { count: faults.total })}
            lines={faults.first.map(({ problem }) => ({ path: '', text: problem }))}
            total={faults.total}
            tone="danger"
          />
        )}
        <dl className="wizard-figures">
          {figures.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {disk !== undefined && <DiskContents disk={disk} />}
        {warnings.total > 0 && (
          <LongList
            title={t('wizards.warnings', { count: warnings.total })}
            lines={warnings.first.map((text) => ({ path: '', text }))}
            total={warnings.total}
            tone="decision"
          />
        )}
        <Section title={t('wizards.nextActions')}>
          <div className="wizard-actions">
            <Button icon={HardDrive} onPress={() => navigate('disks', { disk: path })} lesson="disk.open">
              {t('wizards.do.open', { name: baseName(path) })}
            </Button>
            {windows !== undefined && (
              <Button
                icon={ArrowDownToLine}
                onPress={() =>
                  navigate('wizard', { name: 'apply', target: path, volume: String(windows.number) })
                }
              >
                {t('disks.applyTo')}
              </Button>
            )}
            <Button icon={RotateCcw} onPress={onAgain}>
              {t('wizards.do.again')}
            </Button>
            <Button icon={Save} onPress={() => setNaming(true)}>
              {t('wizards.do.recipe')}
            </Button>
          </div>
        </Section>
        <Section title={t('wizards.asLine')}>
          <CommandLines work={job.work} />
        </Section>
      </div>
      {naming && <RecipeDialog work={job.work} onClose={() => setNaming(false)} />}
    </Page>
  );
}
