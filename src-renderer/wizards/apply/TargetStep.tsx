import type { ReactNode } from 'react';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { RadioCards } from '../../ui/fields';
import { Notice } from '../../ui/pieces';
import { segmentsOfDisk } from '../../views/disks/bar/segments';
import { PhysicalDiskChoice } from '../../views/disks/PhysicalDiskChoice';
import { VolumeSelect } from '../../views/disks/volume/VolumeSelect';
import { PathField } from '../../views/files/PathField';
import { DiskFileField, OnDisk } from '../prepare/DiskStep';
import { LayoutFields } from '../prepare/LayoutStep';
import { NewDiskFields } from '../prepare/NewDiskFields';
import type { StepProps } from '../runtime/wizard';
import { targetKinds, type ApplyDraft } from './applyDraft';
import type { ApplyFacts } from './applyFacts';
import { bytesOf } from './targetBlockers';

type Props = StepProps<ApplyDraft, ApplyFacts>;

/** What is filled: a folder, a volume, or a disk that is made or divided for it. */
export function TargetStep(props: Props): ReactNode {
  const t = useText();
  const { draft, change } = props;
  return (
    <div className="stack">
      <div data-first-choice="">
        <RadioCards
          label={t('disks.target')}
          value={draft.targetKind}
          onChange={(targetKind) => change({ targetKind, target: '', identity: '' })}
          options={targetKinds.map((kind) => ({
            value: kind,
            label: t(`disks.target.${kind}`),
            detail: t(`disks.target.${kind}.detail`),
          }))}
          lesson="target.kind"
        />
      </div>
      {draft.targetKind === 'folder' && <Folder {...props} />}
      {draft.targetKind === 'newDisk' && <NewDisk {...props} />}
      {draft.targetKind === 'divide' && <Divided {...props} />}
      {draft.targetKind === 'volume' && <Volume {...props} />}
    </div>
  );
}

/** The folder that is filled, and what is in it now. */
function Folder({ draft, facts, change, goOn }: Props): ReactNode {
  const t = useText();
  const found = facts.target.value;
  const needed = bytesOf(facts.image);
  const space =
    needed === null || found === undefined || found.free === null
      ? undefined
      : t('wizards.place.spaceAbout', { needed: formatBytes(needed), free: formatBytes(found.free) });
  return (
    <>
      <PathField
        label={t('wizards.apply.target')}
        title={t('wizards.apply.targetChoose')}
        kind="open-folder"
        value={draft.target}
        onChange={(target) => change({ target })}
        onSubmit={goOn}
        hint={space}
        error={
          found?.kind === 'file' || found?.kind === 'other'
            ? t('wizards.apply.notFolder', { path: draft.target })
            : undefined
        }
        lesson="target.path"
      />
      <div role="status">
        {found?.kind === 'missing' && <p className="soft">{t('wizards.apply.targetNew')}</p>}
        {found?.kind === 'directory' && found.empty && (
          <p className="soft">{t('wizards.apply.targetEmpty')}</p>
        )}
        {found?.kind === 'directory' && !found.empty && (
          <Notice tone="decision">{t('wizards.apply.targetFull', { name: found.name })}</Notice>
        )}
      </div>
    </>
  );
}

function NewDisk({ draft, facts, change, goOn }: Props): ReactNode {
  const t = useText();
  const found = facts.target.value;
  const needed = bytesOf(facts.image);
  return (
    <>
      <NewDiskFields
        path={draft.target}
        draft={draft}
        taken={found?.kind === 'file' ? t('wizards.place.taken', { name: found.name }) : undefined}
        hint={needed === null ? undefined : t('disks.imageNeeds', { size: formatBytes(needed) })}
        onPath={(target) => change({ target })}
        onChange={change}
        onSubmit={goOn}
      />
      {facts.layout.space !== null && (
        <LayoutFields draft={draft} facts={facts.layout} before={null} change={change} />
      )}
    </>
  );
}

function Divided(props: Props): ReactNode {
  const { draft, facts, change } = props;
  const disk = facts.disk.summary.value;
  return (
    <>
      <ThereDisk {...props} />
      {disk !== undefined && (
        <LayoutFields draft={draft} facts={facts.layout} before={segmentsOfDisk(disk)} change={change} />
      )}
    </>
  );
}

function Volume(props: Props): ReactNode {
  const t = useText();
  const { draft, facts, change } = props;
  const disk = facts.disk.summary.value;
  return (
    <>
      <ThereDisk {...props} />
      {disk !== undefined && (
        <VolumeSelect
          disk={disk}
          volume={draft.volume}
          offers={({ role }) => role !== 'efi' && role !== 'msr'}
          label={t('disks.volume')}
          hint={t('disks.volume.formatted')}
          onChange={(volume) => change({ volume })}
        />
      )}
      <OnDisk facts={facts.disk} brief />
    </>
  );
}

/** A disk file that is there, or a physical disk. */
function ThereDisk({ draft, facts, change, goOn }: Props): ReactNode {
  const t = useText();
  const disks = facts.physical.value ?? [];
  return (
    <>
      <DiskFileField
        path={draft.target}
        facts={facts.disk}
        onChange={(target) => change({ target, identity: '' })}
        onSubmit={goOn}
      />
      {disks.length > 0 && (
        <PhysicalDiskChoice
          label={t('disks.physicalOnes')}
          disks={disks}
          identity={draft.identity}
          onChange={({ path, identity }) => change({ target: path, identity })}
        />
      )}
    </>
  );
}
