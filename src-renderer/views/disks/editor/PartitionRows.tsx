import { Trash2 } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { PartitionRole, PartitionSpec } from '../../../../src-shared/model/disks';
import { formatBytes } from '../../../i18n/format';
import { useText } from '../../../i18n/translate';
import { IconButton } from '../../../ui/button';
import { classes } from '../../../ui/classes';
import { Select, TextField } from '../../../ui/fields';
import { normalWord, type Placed } from './layoutEdit';

const gptRoles = ['efi', 'msr', 'windows', 'recovery', 'data', 'other'] as const;
const mbrRoles = ['system', 'windows', 'recovery', 'data', 'other'] as const;
const systems = ['ntfs', 'fat32', 'none'] as const;

/** What a partition of a role usually holds. */
const usual: Readonly<Record<PartitionRole, PartitionSpec['fileSystem']>> = {
  efi: 'fat32',
  msr: 'none',
  system: 'ntfs',
  windows: 'ntfs',
  recovery: 'ntfs',
  data: 'ntfs',
  other: 'none',
};

/** The partitions of a layout as rows of fields, in step with the bar. */
export function PartitionRows({
  placed,
  selected,
  onSelect,
  onChange,
  onRemove,
}: {
  readonly placed: Placed;
  readonly selected: number;
  readonly onSelect: (index: number) => void;
  readonly onChange: (index: number, changes: Partial<PartitionSpec>) => void;
  readonly onRemove: (index: number) => void;
}): ReactNode {
  const t = useText();
  const { layout, planned } = placed;
  const roles = layout.table === 'gpt' ? gptRoles : mbrRoles;
  return (
    <table className="disk-rows" aria-label={t('disks.partitions')}>
      <thead>
        <tr>
          <th scope="col">{t('disks.column.number')}</th>
          <th scope="col">{t('disks.column.role')}</th>
          <th scope="col">{t('disks.column.size')}</th>
          <th scope="col" className="number">
            {t('disks.column.becomes')}
          </th>
          <th scope="col">{t('disks.column.fileSystem')}</th>
          <th scope="col">{t('disks.column.label')}</th>
          <th scope="col">
            <span className="visually-hidden">{t('disks.remove')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {layout.partitions.map((spec, i) => {
          const number = i + 1;
          return (
            <tr
              // A row keeps its place while it is typed in.
              key={i}
              className={classes(i === selected && 'selected')}
              onFocus={() => onSelect(i)}
              onClick={() => onSelect(i)}
            >
              <td>{number}</td>
              <td>
                <Select
                  label={t('disks.roleOf', { number })}
                  hideLabel
                  value={spec.role}
                  options={(roles as readonly PartitionRole[])
                    .concat((roles as readonly PartitionRole[]).includes(spec.role) ? [] : [spec.role])
                    .map((role) => ({ value: role, label: t(`disks.role.${role}`) }))}
                  onChange={(role) => onChange(i, { role, fileSystem: usual[role] })}
                />
              </td>
              <td>
                <WordField
                  label={t('disks.sizeOf', { number })}
                  value={spec.size}
                  check={normalWord}
                  fault={t('disks.sizeWrong')}
                  onChange={(size) => onChange(i, { size })}
                />
              </td>
              <td className="number">{i < planned.length ? formatBytes(planned[i].bytes) : '–'}</td>
              <td>
                <Select
                  label={t('disks.fileSystemOf', { number })}
                  hideLabel
                  value={spec.fileSystem}
                  options={systems.map((system) => ({ value: system, label: t(`disks.fs.${system}`) }))}
                  onChange={(fileSystem) => onChange(i, { fileSystem })}
                />
              </td>
              <td>
                <WordField
                  label={t('disks.labelOf', { number })}
                  value={spec.label ?? ''}
                  isDisabled={spec.fileSystem === 'none'}
                  onChange={(label) => onChange(i, { label })}
                />
              </td>
              <td>
                <IconButton
                  label={t('disks.removeOne', { number })}
                  icon={Trash2}
                  isDisabled={layout.partitions.length === 1}
                  onPress={() => onRemove(i)}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** A text that counts when the field is left, or Enter is pressed; Esc takes it back. `eager`: as soon as it is right. */
export function WordField({
  label,
  value,
  onChange,
  check = (text) => text,
  fault,
  isDisabled = false,
  eager = false,
  showLabel = false,
  lesson,
  hint,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** The text as it is kept; undefined for one that cannot be. */
  readonly check?: (text: string) => string | undefined;
  readonly fault?: string;
  readonly isDisabled?: boolean;
  readonly eager?: boolean;
  readonly showLabel?: boolean;
  readonly lesson?: string;
  readonly hint?: string;
}): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  const present = useRef(check);
  present.current = check;
  // What is being typed stays as long as it means the value.
  useEffect(() => setTyped((now) => (now !== null && present.current(now) === value ? now : null)), [value]);
  const wrong = typed !== null && check(typed) === undefined;
  const commit = (): void => {
    if (typed === null) return;
    const kept = check(typed);
    if (kept !== undefined && kept !== value) onChange(kept);
    if (kept !== undefined) setTyped(null);
  };
  const type = (text: string): void => {
    setTyped(text);
    const kept = check(text);
    if (eager && kept !== undefined && kept !== value) onChange(kept);
  };
  return (
    <div
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && typed !== null && typed !== value) {
          event.preventDefault();
          commit();
        } else if (event.key === 'Escape' && typed !== null) {
          event.stopPropagation();
          setTyped(null);
        }
      }}
    >
      <TextField
        label={label}
        hideLabel={!showLabel}
        value={typed ?? value}
        onChange={type}
        isDisabled={isDisabled}
        error={wrong ? fault : undefined}
        {...(hint === undefined ? {} : { hint })}
        {...(lesson === undefined ? {} : { lesson })}
      />
    </div>
  );
}
