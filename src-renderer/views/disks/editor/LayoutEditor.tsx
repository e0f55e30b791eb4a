import { FileDown, FolderOpen, Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { DiskLayout, PlannedPartition } from '../../../../src-shared/model/disks';
import { AppError } from '../../../../src-shared/errors/appError';
import { api } from '../../../api/api';
import { formatBytes } from '../../../i18n/format';
import { useText } from '../../../i18n/translate';
import { Button } from '../../../ui/button';
import { ErrorNotice } from '../../../ui/errorNotice';
import { Select } from '../../../ui/fields';
import type { Live } from '../../../wizards/runtime/useLive';
import { pickPath } from '../../files/pickPath';
import { DiskBar } from '../bar/DiskBar';
import type { Segment } from '../bar/segments';
import { LayoutBar } from './LayoutBar';
import { addPartition, canAdd, changePartition, removePartition, type DiskSpace } from './layoutEdit';
import { presets, type Preset } from './presets';
import { PartitionRows } from './PartitionRows';
import { useShownPlan } from './useLayoutPlan';

/**
 * How a disk is to be divided: the disk as it is and as it will be, one above the other, and the partitions as a table.
 */
export function LayoutEditor({
  preset,
  layout,
  plan,
  space,
  before,
  onPreset,
  onLayout,
}: {
  readonly preset: Preset;
  /** The layout at hand: the preset's, or the edited one. */
  readonly layout: DiskLayout;
  readonly plan: Live<readonly PlannedPartition[]>;
  readonly space: DiskSpace;
  /** The disk as it is; null for one that is made. */
  readonly before: readonly Segment[] | null;
  readonly onPreset: (preset: Preset) => void;
  readonly onLayout: (layout: DiskLayout) => void;
}): ReactNode {
  const t = useText();
  const [selected, setSelected] = useState(0);
  const [fault, setFault] = useState<unknown>();
  const [said, setSaid] = useState('');
  const [planned, setPlanned] = useShownPlan(plan, layout.partitions.length);
  const placed = { layout, planned };
  const at = Math.min(selected, layout.partitions.length - 1);

  const remove = (index: number): void => {
    if (layout.partitions.length === 1) return;
    onLayout(removePartition(placed, index));
    setSelected(Math.max(0, index - 1));
  };
  const add = (): void => {
    const [next, index] = addPartition(placed, at, space);
    onLayout(next);
    setSelected(index);
  };
  const attempt = async (action: () => Promise<string>): Promise<void> => {
    setFault(undefined);
    setSaid('');
    try {
      setSaid(await action());
    } catch (error) {
      setFault(error);
    }
  };
  const filters = [{ name: t('disks.layoutFiles'), extensions: ['json'] }];
  const load = async (): Promise<string> => {
    const path = await pickPath({ kind: 'open-file', title: t('disks.loadLayout'), filters });
    if (path === null) return '';
    onLayout(await api.disks.readLayout({ path }));
    setSelected(0);
    return '';
  };
  const save = async (): Promise<string> => {
    const path = await pickPath({
      kind: 'save-file',
      title: t('disks.saveLayout'),
      filters,
      defaultPath: 'layout.json',
      replaces: true,
    });
    if (path === null) return '';
    const content = `${JSON.stringify(layout, null, 2)}\n`;
    const saved = await api.files.saveText({ path, content, overwrite: true });
    return t('disks.layoutSaved', { path: saved.path });
  };
  // What the host says of a size that is being typed is shown at the table.
  const problem = plan.error instanceof AppError ? plan.error : undefined;

  return (
    <div className="stack">
      <div className="disk-preset">
        <Select
          label={t('disks.preset')}
          value={preset}
          onChange={onPreset}
          options={presets
            .filter((name) => name !== 'own' || preset === 'own')
            .map((name) => ({
              value: name,
              label: t(`disks.preset.${name}`),
              detail: t(`disks.preset.${name}.detail`),
            }))}
          lesson="layout.preset"
        />
        <Button icon={FolderOpen} onPress={() => void attempt(load)}>
          {t('disks.loadLayout')}
        </Button>
        <Button icon={FileDown} onPress={() => void attempt(save)}>
          {t('disks.saveLayout')}
        </Button>
      </div>
      <p role="status" className="ui-hint disk-said">
        {said}
      </p>
      {fault !== undefined && <ErrorNotice error={fault} />}
      <div className="disk-bars" data-lesson="layout.bar">
        {before !== null && (
          <div className="disk-bar-line">
            <span className="soft">{t('disks.asItIs')}</span>
            <DiskBar label={t('disks.asItIs')} segments={before} />
          </div>
        )}
        <div className="disk-bar-line">
          <span className="soft">{t('disks.asItWillBe')}</span>
          {planned.length === 0 ? (
            <span className="disk-bar none soft">{problem === undefined ? '' : t('disks.noPlan')}</span>
          ) : (
            <LayoutBar
              placed={placed}
              space={space}
              selected={at}
              onSelect={setSelected}
              onChange={(next) => {
                if (next.layout === layout) return;
                setPlanned(next.planned);
                onLayout(next.layout);
              }}
              onRemove={remove}
            />
          )}
        </div>
        <p className="ui-hint">
          {t('disks.barHint', { size: formatBytes(space.size), table: layout.table.toUpperCase() })}
        </p>
      </div>
      {problem !== undefined && <ErrorNotice error={problem} />}
      <div className="disk-rows-scroll scroll">
        <PartitionRows
          placed={placed}
          selected={at}
          onSelect={setSelected}
          onChange={(index, changes) => onLayout(changePartition(placed, index, changes))}
          onRemove={remove}
        />
      </div>
      <div>
        <Button icon={Plus} isDisabled={!canAdd(placed, space)} onPress={add} lesson="layout.add">
          {t('disks.add')}
        </Button>
      </div>
      <p className="ui-hint">{t('disks.sizeHint')}</p>
    </div>
  );
}
