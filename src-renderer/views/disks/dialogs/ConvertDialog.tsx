import { useMemo, useState, type ReactNode } from 'react';
import type { Work } from '../../../../src-shared/contract/work';
import type { DiskFormat, DiskSummary } from '../../../../src-shared/model/disks';
import { useText } from '../../../i18n/translate';
import { baseName } from '../../../stores/workNames';
import { Checkbox, RadioCards } from '../../../ui/fields';
import { usePathStatus } from '../../../wizards/facts/usePath';
import { formatName } from '../useDisk';
import { PathField } from '../../files/PathField';
import { PlanAndRun } from '../../image/PlanAndRun';

const formats = ['vhdx', 'vhd', 'raw'] as const;
const endings: Readonly<Record<DiskFormat, string>> = { vhdx: 'vhdx', vhd: 'vhd', raw: 'img' };

/** Copies a disk into a file of another format. The disk stays as it is. */
export function ConvertDialog({
  disk,
  onClose,
  onDone,
}: {
  readonly disk: DiskSummary;
  readonly onClose: () => void;
  /** The dialog is closed after it was done. @param made the path of the new disk */
  readonly onDone: (made: string) => void;
}): ReactNode {
  const t = useText();
  const [format, setFormat] = useState<DiskFormat>(disk.format === 'vhdx' ? 'vhd' : 'vhdx');
  const [kind, setKind] = useState<'dynamic' | 'fixed'>('dynamic');
  const [typed, setTyped] = useState<string | null>(null);
  const destination = typed ?? (disk.kind === 'physical' ? '' : proposed(disk.path, format));
  const status = usePathStatus(destination);
  const taken = status.value?.kind === 'file';
  const [replace, setReplace] = useState(false);
  const [made, setMade] = useState<string>();
  const work = useMemo((): Work | null => {
    if (destination === '' || (taken && !replace)) return null;
    return {
      verb: 'diskConvert',
      request: {
        disk: disk.path,
        destination,
        format,
        ...(kind === 'fixed' ? { kind } : {}),
        ...(taken ? { overwrite: true } : {}),
      },
    };
  }, [disk.path, destination, format, kind, taken, replace]);
  const name = baseName(destination);
  return (
    <PlanAndRun
      title={t('disks.convert.title', { name: baseName(disk.path) })}
      work={work}
      blocked={
        destination === ''
          ? t('disks.newMissing')
          : taken && !replace
            ? t('wizards.place.taken', { name })
            : undefined
      }
      runLabel={t('disks.convert.run', { name })}
      onClose={() => (made === undefined ? onClose() : onDone(made))}
      onDone={() => setMade(destination)}
    >
      <RadioCards
        label={t('disks.format')}
        value={format}
        onChange={setFormat}
        options={formats.map((value) => ({
          value,
          label: formatName(value, t),
          detail: t(`disks.format.${value}`),
        }))}
      />
      <PathField
        label={t('disks.newFile')}
        title={t('disks.newFileChoose')}
        kind="save-file"
        extensions={[endings[format]]}
        value={destination}
        onChange={setTyped}
      />
      {taken && (
        <Checkbox isSelected={replace} onChange={setReplace}>
          {t('wizards.confirmFile', { name })}
        </Checkbox>
      )}
      <Checkbox
        isSelected={kind === 'fixed'}
        onChange={(fixed) => setKind(fixed ? 'fixed' : 'dynamic')}
        hint={t('disks.kind.fixed.detail')}
      >
        {t('disks.kind.fixed')}
      </Checkbox>
    </PlanAndRun>
  );
}

/** The disk's own name with the ending of another format. */
function proposed(path: string, format: DiskFormat): string {
  const stem = path.replace(/\.(vhdx|vhd|img|raw)$/i, '');
  const made = `${stem}.${endings[format]}`;
  return made === path ? `${stem} copy.${endings[format]}` : made;
}
