import { RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { RadioCards } from '../../ui/fields';
import { Facts, Notice, Section } from '../../ui/pieces';
import { ProgressBar } from '../../ui/progress';
import { DiskContents } from '../../views/disks/DiskContents';
import { PhysicalDiskChoice } from '../../views/disks/PhysicalDiskChoice';
import type { DiskFacts } from '../../views/disks/useDisk';
import { PathField } from '../../views/files/PathField';
import type { StepProps } from '../runtime/wizard';
import { diskExtensions, NewDiskFields } from './NewDiskFields';
import type { PrepareDraft } from './prepareDraft';
import type { PrepareFacts } from './prepareFacts';

const targets = ['new', 'file', 'physical'] as const;

/** Which disk: one that is made, a file that is there, or a physical one. */
export function DiskStep({ draft, facts, change, goOn }: StepProps<PrepareDraft, PrepareFacts>): ReactNode {
  const t = useText();
  return (
    <div className="stack">
      <RadioCards
        label={t('disks.which')}
        value={draft.target}
        onChange={(target) => change({ target })}
        options={targets.map((target) => ({
          value: target,
          label: t(`disks.which.${target}`),
          detail: t(`disks.which.${target}.detail`),
        }))}
        lesson="disk.target"
      />
      {draft.target === 'new' && <NewFile draft={draft} facts={facts} change={change} goOn={goOn} />}
      {draft.target === 'file' && (
        <>
          <DiskFileField
            path={draft.file}
            facts={facts.disk}
            onChange={(file) => change({ file })}
            onSubmit={goOn}
          />
          <OnDisk facts={facts.disk} />
        </>
      )}
      {draft.target === 'physical' && <Physical draft={draft} facts={facts} change={change} goOn={goOn} />}
    </div>
  );
}

function NewFile({ draft, facts, change, goOn }: StepProps<PrepareDraft, PrepareFacts>): ReactNode {
  const t = useText();
  const found = facts.place.value;
  const free = facts.folder.value?.free ?? found?.free ?? null;
  const isThere = found?.kind === 'file';
  return (
    <>
      <NewDiskFields
        path={draft.newPath}
        draft={draft}
        taken={isThere ? t('wizards.place.taken', { name: found.name }) : undefined}
        hint={undefined}
        onPath={(newPath) => change({ newPath })}
        onChange={change}
        onSubmit={goOn}
      />
      {isThere && (
        <Notice tone="decision">
          <div className="row-flex wizard-wrap">
            <span className="grow">{t('disks.thereAlready', { name: found.name })}</span>
            <Button onPress={() => change({ target: 'file', file: draft.newPath })}>
              {t('disks.useIt', { name: found.name })}
            </Button>
          </div>
        </Notice>
      )}
      {free !== null && found?.kind === 'missing' && (
        <p className="soft" role="status">
          {t('disks.freeThere', { free: formatBytes(free) })}
        </p>
      )}
    </>
  );
}

/** A disk file that is there: typed or chosen. */
export function DiskFileField({
  path,
  facts,
  onChange,
  onSubmit,
  hint,
}: {
  readonly path: string;
  readonly facts: DiskFacts;
  readonly onChange: (path: string) => void;
  readonly onSubmit: () => void;
  readonly hint?: string;
}): ReactNode {
  const t = useText();
  const found = facts.status.value;
  const wrong =
    found?.kind === 'missing'
      ? t('wizards.source.notThere', { path })
      : found?.kind === 'directory'
        ? t('wizards.place.isFolder', { name: found.name })
        : undefined;
  return (
    <PathField
      label={t('disks.file')}
      title={t('disks.fileChoose')}
      kind="open-file"
      extensions={diskExtensions}
      value={path}
      onChange={onChange}
      onSubmit={onSubmit}
      error={wrong}
      hint={hint}
      lesson="disk.file"
    />
  );
}

/** What is on the disk that was chosen. @param brief its bar and what is in it only */
export function OnDisk({
  facts,
  brief = false,
}: {
  readonly facts: DiskFacts;
  readonly brief?: boolean;
}): ReactNode {
  const t = useText();
  const { value, error, busy } = facts.summary;
  if (error !== undefined) return <ErrorNotice error={error} onRetry={facts.summary.again} />;
  if (value === undefined) {
    return busy ? <ProgressBar label={t('disks.reading')} fraction={null} /> : null;
  }
  if (brief) return <DiskContents disk={value} />;
  const name = value.kind === 'physical' ? t('disks.physical') : value.format.toUpperCase();
  return (
    <Section title={t('disks.onIt')}>
      <Facts
        facts={[
          [t('disks.size'), formatBytes(value.size)],
          [
            t('disks.form'),
            value.kind === 'physical' ? name : `${name}, ${t(`disks.kindName.${value.kind}`)}`,
          ],
          [t('disks.table'), t(`disks.table.${value.table}`)],
        ]}
      />
      <DiskContents disk={value} />
    </Section>
  );
}

function Physical({ draft, facts, change }: StepProps<PrepareDraft, PrepareFacts>): ReactNode {
  const t = useText();
  const { physical, chosen, disk } = facts;
  const disks = physical.value ?? physical.last ?? [];
  return (
    <>
      <div className="row-flex">
        <p className="soft grow">{t('disks.physicalHint')}</p>
        <Button kind="quiet" icon={RefreshCw} onPress={physical.again}>
          {t('disks.lookAgain')}
        </Button>
      </div>
      {physical.error !== undefined && <ErrorNotice error={physical.error} onRetry={physical.again} />}
      {physical.value === undefined && physical.busy && (
        <ProgressBar label={t('disks.reading')} fraction={null} />
      )}
      {physical.value?.length === 0 && <p>{t('disks.noPhysical')}</p>}
      {disks.length > 0 && (
        <PhysicalDiskChoice
          label={t('disks.physicalOnes')}
          disks={disks}
          identity={draft.identity}
          onChange={({ identity, path }) => change({ identity, device: path })}
        />
      )}
      {chosen !== undefined && <OnDisk facts={disk} />}
    </>
  );
}
