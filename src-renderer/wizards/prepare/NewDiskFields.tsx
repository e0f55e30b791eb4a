import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { RadioCards } from '../../ui/fields';
import { formatName } from '../../views/disks/useDisk';
import { normalWord } from '../../views/disks/editor/layoutEdit';
import { WordField } from '../../views/disks/editor/PartitionRows';
import { PathField } from '../../views/files/PathField';
import { Disclosure } from '../runtime/Disclosure';
import { formatOf, sizeOf, type NewDiskDraft } from './prepareDraft';

export const diskExtensions = ['vhdx', 'vhd', 'img', 'raw'] as const;

/** Where a disk file is made, and how large. */
export function NewDiskFields({
  path,
  draft,
  taken,
  hint,
  onPath,
  onChange,
  onSubmit,
}: {
  readonly path: string;
  readonly draft: NewDiskDraft;
  /** Why the place cannot be used. */
  readonly taken: string | undefined;
  readonly hint: string | undefined;
  readonly onPath: (path: string) => void;
  readonly onChange: (changes: Partial<NewDiskDraft>) => void;
  readonly onSubmit: () => void;
}): ReactNode {
  const t = useText();
  const format = formatOf(path);
  return (
    <div className="stack">
      <PathField
        label={t('disks.newFile')}
        title={t('disks.newFileChoose')}
        kind="save-file"
        extensions={diskExtensions}
        value={path}
        onChange={onPath}
        onSubmit={onSubmit}
        hint={
          hint ??
          (path === '' ? t('disks.newFileHint') : `${formatName(format, t)}: ${t(`disks.format.${format}`)}`)
        }
        error={taken}
        lesson="disk.newFile"
      />
      <div className="wizard-short">
        <WordField
          label={t('disks.size')}
          showLabel
          eager
          value={draft.size}
          check={(text) => {
            const word = normalWord(text);
            return word !== undefined && sizeOf({ size: word }) !== undefined ? word : undefined;
          }}
          fault={t('disks.diskSizeWrong')}
          hint={t('disks.diskSizeHint')}
          onChange={(size) => onChange({ size })}
          lesson="disk.size"
        />
      </div>
      <Disclosure title={t('wizards.advanced')}>
        <RadioCards
          label={t('disks.kind')}
          value={draft.kind}
          onChange={(kind) => onChange({ kind })}
          options={(['dynamic', 'fixed'] as const).map((kind) => ({
            value: kind,
            label: t(`disks.kind.${kind}`),
            detail: t(`disks.kind.${kind}.detail`),
          }))}
        />
        <RadioCards
          label={t('disks.sectorSize')}
          value={String(draft.sectorSize)}
          onChange={(value) => onChange({ sectorSize: value === '4096' ? 4096 : 512 })}
          isDisabled={format === 'vhd'}
          options={(['512', '4096'] as const).map((size) => ({
            value: size,
            label: t(`disks.sector.${size}`),
            detail: t(`disks.sector.${size}.detail`),
          }))}
        />
      </Disclosure>
    </div>
  );
}
