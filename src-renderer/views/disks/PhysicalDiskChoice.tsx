import { HardDrive, Usb } from 'lucide-react';
import type { ReactNode } from 'react';
import { RadioButton, RadioField, RadioGroup, Label } from 'react-aria-components';
import type { PhysicalDisk } from '../../../src-shared/model/disks';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import './disks.css';

/** Physical disks to choose one of. Those that may not be a target are shown with the reason, and cannot be chosen. */
export function PhysicalDiskChoice({
  label,
  disks,
  identity,
  onChange,
  forReading = false,
}: {
  readonly label: string;
  readonly disks: readonly PhysicalDisk[];
  readonly identity: string;
  readonly onChange: (disk: PhysicalDisk) => void;
  /** Nothing is refused that is only read. */
  readonly forReading?: boolean;
}): ReactNode {
  const t = useText();
  return (
    <RadioGroup
      className="ui-field"
      value={identity}
      onChange={(value) => {
        const disk = disks.find((other) => other.identity === value);
        if (disk !== undefined) onChange(disk);
      }}
      data-lesson="disk.physical"
    >
      <Label className="ui-label">{label}</Label>
      <div className="ui-cards">
        {disks.map((disk) => {
          const refusal = forReading ? undefined : disk.refusal;
          const Icon = /usb/i.test(disk.bus) ? Usb : HardDrive;
          return (
            <RadioField key={disk.path} value={disk.identity} isDisabled={refusal !== undefined}>
              <RadioButton className="ui-choice disk-choice">
                <span className="box round" aria-hidden>
                  {disk.identity === identity && <span className="dot" />}
                </span>
                <Icon className="ui-icon" aria-hidden />
                <span className="disk-choice-text">
                  <span className="disk-choice-name">
                    <span className="ui-label">{disk.name}</span>
                    <span className="size">{formatBytes(disk.size)}</span>
                  </span>
                  <span className="ui-hint"> {diskFactsLine(disk, t)}</span>
                  {refusal !== undefined && (
                    <span className="disk-refusal"> {t('disks.refused', { reason: refusal })}</span>
                  )}
                </span>
              </RadioButton>
            </RadioField>
          );
        })}
      </div>
    </RadioGroup>
  );
}

/** What tells a disk from others: bus, serial number, path, what holds it. */
export function diskFactsLine(disk: PhysicalDisk, t: ReturnType<typeof useText>): string {
  return [
    ...(disk.model === '' || disk.model === disk.name ? [] : [disk.model]),
    disk.bus,
    ...(disk.serial === '' ? [] : [t('disks.serial', { serial: disk.serial })]),
    disk.path,
    ...(disk.removable ? [t('disks.removable')] : []),
    ...(disk.isSystem ? [t('disks.system')] : []),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
