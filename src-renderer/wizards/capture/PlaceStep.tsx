import { useState, type ReactNode } from 'react';
import { api } from '../../api/api';
import { formatBytes, formatTime } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Checkbox, RadioCards, TextField } from '../../ui/fields';
import { Notice } from '../../ui/pieces';
import { PathField } from '../../views/files/PathField';
import { Disclosure } from '../runtime/Disclosure';
import type { StepProps } from '../runtime/wizard';
import { imageName, type CaptureDraft } from './captureDraft';
import type { CaptureFacts } from './captureFacts';
import { expectedSize } from './placeBlockers';

/** What the image is called and where its WIM goes. */
export function PlaceStep({ draft, facts, change, goOn }: StepProps<CaptureDraft, CaptureFacts>): ReactNode {
  const t = useText();
  const { wim, wimPath } = facts;
  const taken = wim.status.value?.kind === 'file';
  return (
    <div className="stack">
      <TextField
        label={t('wizards.place.name')}
        value={imageName(draft)}
        onChange={(name) => change({ name })}
        lesson="place.name"
      />
      <TextField
        label={t('wizards.place.description')}
        value={draft.description}
        onChange={(description) => change({ description })}
      />
      <PathField
        label={t('wizards.place.wim')}
        title={t('wizards.place.wimChoose')}
        kind="save-file"
        extensions={['wim']}
        value={wimPath}
        onChange={(path) => change({ wim: path, conflict: 'ask' })}
        onSubmit={goOn}
        hint={<SpaceHint draft={draft} facts={facts} />}
        error={
          wim.status.value?.kind === 'directory'
            ? t('wizards.place.isFolder', { name: baseName(wimPath) })
            : undefined
        }
        lesson="place.wim"
      />
      {wim.status.value?.parentExists === false && (
        <MissingFolder path={wim.status.value.parent} onMade={wim.status.again} />
      )}
      {taken && <Taken draft={draft} facts={facts} change={change} />}
      <Checkbox isSelected={draft.boot} onChange={(boot) => change({ boot })}>
        {t('wizards.place.boot')}
      </Checkbox>
      <Disclosure title={t('wizards.advanced')}>
        <TextField
          label={t('wizards.place.flags')}
          hint={t('wizards.place.flagsHint')}
          value={draft.flags}
          onChange={(flags) => change({ flags })}
        />
      </Disclosure>
    </div>
  );
}

function SpaceHint({
  draft,
  facts,
}: {
  readonly draft: CaptureDraft;
  readonly facts: CaptureFacts;
}): ReactNode {
  const t = useText();
  const free = facts.wim.status.value?.free ?? null;
  const needed = expectedSize(draft, facts);
  if (needed === null || free === null) return null;
  return t(needed.atMost ? 'wizards.place.spaceAtMost' : 'wizards.place.spaceAbout', {
    needed: formatBytes(needed.bytes),
    free: formatBytes(free),
  });
}

/** Offers to make a folder that is not there. */
function MissingFolder({ path, onMade }: { readonly path: string; readonly onMade: () => void }): ReactNode {
  const t = useText();
  const [fault, setFault] = useState<unknown>();
  const make = async (): Promise<void> => {
    setFault(undefined);
    try {
      const { parent, name } = await api.files.status({ path });
      await api.files.makeFolder({ parent, name });
      onMade();
    } catch (error) {
      setFault(error);
    }
  };
  return (
    <Notice tone="decision">
      <div className="row-flex">
        <span className="grow">{t('wizards.place.noParent', { path })}</span>
        <Button onPress={() => void make()}>{t('wizards.place.makeFolder')}</Button>
      </div>
      {fault !== undefined && <ErrorNotice error={fault} />}
    </Notice>
  );
}

/** The file is there already: what it holds, and what is to be done with it. */
function Taken({
  draft,
  facts,
  change,
}: Pick<StepProps<CaptureDraft, CaptureFacts>, 'draft' | 'facts' | 'change'>): ReactNode {
  const t = useText();
  const { wim, wimPath } = facts;
  const summary = wim.summary.value;
  const name = baseName(wimPath);
  const isWim = wim.status.value?.wim === true;
  return (
    <Notice tone="decision">
      <strong>{t('wizards.place.taken', { name })}</strong>
      {summary !== undefined && (
        <ul>
          {summary.images.slice(0, 8).map((image) => (
            <li key={image.index}>
              {t('wizards.place.holds', {
                index: image.index,
                name: image.name,
                size: formatBytes(image.totalBytes),
                time: formatTime(image.creationTime),
              })}
            </li>
          ))}
          {summary.images.length > 8 && (
            <li>{t('common.moreItems', { count: summary.images.length - 8 })}</li>
          )}
        </ul>
      )}
      {wim.summary.error !== undefined && <ErrorNotice error={wim.summary.error} />}
      <RadioCards
        label={t('wizards.place.whatNow')}
        value={draft.conflict}
        onChange={(conflict) => change({ conflict })}
        options={[
          ...(isWim
            ? [
                {
                  value: 'append' as const,
                  label: t('wizards.place.append'),
                  detail: t('wizards.place.appendDetail'),
                },
              ]
            : []),
          {
            value: 'overwrite' as const,
            label: t('wizards.place.overwrite'),
            detail: t('wizards.place.overwriteDetail'),
          },
        ]}
        lesson="place.conflict"
      />
    </Notice>
  );
}
