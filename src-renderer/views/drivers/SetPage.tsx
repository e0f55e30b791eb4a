import { Cpu, FileCode2, Monitor, Pencil, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { DriverSet } from '../../../src-shared/contract/driverLibrary';
import type { DriverArchitecture } from '../../../src-shared/model/drivers';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { useDriverLibrary } from '../../stores/driverLibrary';
import { Button, IconButton } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ErrorNotice } from '../../ui/errorNotice';
import { Select, TextField } from '../../ui/fields';
import { Notice } from '../../ui/pieces';
import { ProgressBar } from '../../ui/progress';
import { LongList } from '../../wizards/runtime/LongList';
import '../../wizards/wizards.css';
import { changeSet, injectSet, readDevices } from './libraryActions';
import { useLibraryState } from './libraryState';
import { placesOfSet } from './setContents';
import { SetLine } from './SetLine';
import { SetTable } from './SetTable';
import { useSetContents, type SetFacts } from './useSetContents';

const architectures = ['amd64', 'arm64', 'x86'] as const satisfies readonly DriverArchitecture[];
const NEWEST = 'newest';

/** One set: what it is for, how much goes in, which packages, and what is done with it. */
export function SetPage({
  set,
  onRemove,
}: {
  readonly set: DriverSet;
  readonly onRemove: () => void;
}): ReactNode {
  const t = useText();
  const { found } = useDriverLibrary();
  const sources = useApp(({ settings }) => settings.driverSources);
  const facts = useSetContents(set, found);
  const { contents } = facts;
  const naming = useLibraryState((state) => state.naming === set.id);
  const setNaming = (open: boolean): void => useLibraryState.setState({ naming: open ? set.id : null });
  // A place that is not there now would end the job before it begins.
  const there = sources.filter((path) => found?.gone.includes(path) !== true);
  const places =
    contents === undefined || found === null ? undefined : placesOfSet(set, contents, found.packages, there);
  const isEmpty = contents === undefined || contents.count === 0;
  return (
    <section className="drv-set scroll stack" aria-label={t('driverLibrary.set.page', { name: set.name })}>
      <div className="row-flex drv-wrap">
        <h2 className="grow drv-break">{set.name}</h2>
        <IconButton label={t('driverLibrary.set.rename')} icon={Pencil} onPress={() => setNaming(true)} />
        <IconButton label={t('driverLibrary.set.remove')} icon={Trash2} onPress={onRemove} />
        <Button
          icon={Cpu}
          kind="primary"
          isDisabled={isEmpty || places === undefined}
          onPress={() => {
            if (places !== undefined) injectSet(set, places);
          }}
        >
          {t('driverLibrary.set.inject')}
        </Button>
      </div>
      <SetChoices set={set} facts={facts} />
      {facts.error !== undefined && <ErrorNotice error={facts.error} onRetry={facts.match.again} />}
      {contents === undefined ? (
        facts.error === undefined &&
        found !== null && <ProgressBar label={t('drivers.choice.matching')} fraction={null} />
      ) : (
        <>
          <Summary set={set} facts={facts} />
          {contents.packages.length > 0 && <SetTable set={set} packages={contents.packages} />}
          {places !== undefined && !isEmpty && <SetLine set={set} places={places} list={facts.list.value} />}
        </>
      )}
      {naming && <NameDialog set={set} onClose={() => setNaming(false)} />}
    </section>
  );
}

/** Whose devices, and which Windows. */
function SetChoices({ set, facts }: { readonly set: DriverSet; readonly facts: SetFacts }): ReactNode {
  const t = useText();
  const { models, model, windows } = facts;
  const isLost = set.model !== '' && model === undefined;
  return (
    <>
      <div className="drv-choices">
        <Select
          label={t('driverLibrary.set.devices')}
          value={isLost ? 'lost' : set.model === '' ? 'none' : set.model}
          onChange={(value) => {
            if (value !== 'lost') void changeSet(set.id, { model: value === 'none' ? '' : value });
          }}
          options={[
            { value: 'none', label: t('driverLibrary.set.chosenOnly') },
            ...(isLost ? [{ value: 'lost', label: t('driverLibrary.set.lost') }] : []),
            ...models.map(({ id, name, devices }) => ({
              value: id,
              label: name,
              detail: t('drivers.devicesCount', { count: devices }),
            })),
          ]}
        />
        <Select
          label={t('drivers.windows')}
          value={windows.some(({ name }) => name === set.windows) ? set.windows : NEWEST}
          onChange={(value) => void changeSet(set.id, { windows: value === NEWEST ? '' : value })}
          options={[
            { value: NEWEST, label: t('driverLibrary.set.newest', { name: windows.at(0)?.title ?? '' }) },
            ...windows.map(({ name, title }) => ({ value: name, label: title })),
          ]}
        />
        <Select<DriverArchitecture>
          label={t('driverLibrary.by.architecture')}
          value={set.architecture}
          // Not every Windows is there for each of them.
          onChange={(architecture) => void changeSet(set.id, { architecture, windows: '' })}
          options={architectures.map((value) => ({ value, label: value }))}
        />
      </div>
      <div className="row-flex drv-wrap">
        <Button icon={FileCode2} onPress={() => void readDevices(set, 'file')}>
          {t('driverLibrary.set.readFile')}
        </Button>
        <Button icon={Monitor} onPress={() => void readDevices(set, 'this-pc')}>
          {t('driverLibrary.set.readThis')}
        </Button>
      </div>
      {isLost && <Notice tone="decision">{t('driverLibrary.set.lostText')}</Notice>}
    </>
  );
}

/** How much goes in, and for how many devices. */
function Summary({ set, facts }: { readonly set: DriverSet; readonly facts: SetFacts }): ReactNode {
  const t = useText();
  const { contents, match, devices } = facts;
  if (contents === undefined) return null;
  const { count, bytes, gone } = contents;
  const unserved = (devices.value ?? []).filter(({ winner }) => winner === undefined);
  const isBlank = set.model === '' && set.packages.length === 0;
  return (
    <>
      <div role="status" className="drv-figures">
        <p className="drv-figure">
          <strong>{formatBytes(bytes)}</strong>
          <span>{t('driverLibrary.set.goIn', { count })}</span>
        </p>
        {match.value !== undefined && (
          <p className="drv-figure">
            <strong>
              {match.value.served} / {match.value.devices}
            </strong>
            <span>{t('driverLibrary.set.served')}</span>
          </p>
        )}
      </div>
      {isBlank && <p className="soft drv-words">{t('driverLibrary.set.blank')}</p>}
      {gone.length > 0 && (
        <Notice tone="decision">{t('driverLibrary.set.gone', { count: gone.length })}</Notice>
      )}
      {unserved.length > 0 && (
        <LongList
          title={t('driverLibrary.set.unserved', { count: unserved.length })}
          lines={unserved.map(({ name, hardwareId }) => ({
            path: '',
            text: name === hardwareId ? name : `${name} (${hardwareId})`,
          }))}
          total={unserved.length}
        />
      )}
    </>
  );
}

function NameDialog({ set, onClose }: { readonly set: DriverSet; readonly onClose: () => void }): ReactNode {
  const t = useText();
  const [name, setName] = useState(set.name);
  const wanted = name.trim();
  const sets = useApp(({ settings }) => settings.driverSets);
  const isTaken = sets.some(({ id, name: other }) => {
    return id !== set.id && other.toLowerCase() === wanted.toLowerCase();
  });
  const canSave = wanted !== '' && wanted.length <= 200 && !isTaken;
  const save = (): void => {
    if (!canSave) return;
    void changeSet(set.id, { name: wanted });
    onClose();
  };
  return (
    <Dialog
      title={t('driverLibrary.set.rename')}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" isDisabled={!canSave} onPress={save}>
            {t('common.save')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('driverLibrary.set.name')}
        value={name}
        onChange={setName}
        onSubmit={save}
        autoFocus
        hint={t('driverLibrary.set.nameHint')}
        error={isTaken ? t('driverLibrary.set.taken') : undefined}
      />
    </Dialog>
  );
}
