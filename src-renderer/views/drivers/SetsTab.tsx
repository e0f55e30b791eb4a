import { Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import type { DeviceModel } from '../../../src-shared/contract/deviceModels';
import type { DriverSet } from '../../../src-shared/contract/driverLibrary';
import { useText, type Translate } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { useDeviceModels } from '../../stores/deviceModels';
import { setParams, useRoute } from '../../stores/route';
import { Button } from '../../ui/button';
import { EmptyState, Notice } from '../../ui/pieces';
import { addSet, removeSet, restoreSet } from './libraryActions';
import { newSetOf } from './newSet';
import { SetPage } from './SetPage';

/** Sets of PC models: what goes into an image for each, and how large that is. */
export function SetsTab(): ReactNode {
  const t = useText();
  const sets = useApp(({ settings }) => settings.driverSets);
  const models = useDeviceModels();
  const asked = useRoute(({ params }) => params['set']);
  const [removed, setRemoved] = useState<DriverSet | null>(null);
  const sorted = [...sets].sort((a, b) => a.name.localeCompare(b.name));
  const chosen = sets.find(({ id }) => id === asked) ?? sorted.at(0);
  const add = async (): Promise<void> => {
    const set = await addSet(newSetOf(t('driverLibrary.set.unnamed'), sets));
    if (set !== undefined) setParams({ set: set.id });
  };
  const remove = async (set: DriverSet): Promise<void> => {
    await removeSet(set.id);
    setRemoved(set);
  };
  const undo = removed !== null && (
    <div className="drv-note">
      <Notice live>
        <div className="row-flex">
          <span>{t('driverLibrary.set.removed', { name: removed.name })}</span>
          <Button
            kind="quiet"
            onPress={() => {
              void restoreSet(removed);
              setParams({ set: removed.id });
              setRemoved(null);
            }}
          >
            {t('images.undo')}
          </Button>
        </div>
      </Notice>
    </div>
  );
  const addButton = (
    <Button icon={Plus} onPress={() => void add()}>
      {t('driverLibrary.set.add')}
    </Button>
  );
  if (chosen === undefined)
    return (
      <>
        {undo}
        <EmptyState title={t('driverLibrary.set.noneTitle')} actions={addButton}>
          <p className="drv-words">{t('driverLibrary.set.noneText')}</p>
        </EmptyState>
      </>
    );
  return (
    <>
      {undo}
      <div className="drv-main drv-sets">
        <div className="drv-side">
          <ListBox
            aria-label={t('driverLibrary.sets')}
            className="drv-groups scroll"
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[chosen.id]}
            onSelectionChange={(keys) => {
              const [key] = keys === 'all' ? [] : [...keys].map(String);
              if (key !== undefined) setParams({ set: key });
            }}
            items={sorted}
            dependencies={[models]}
          >
            {({ id, name, model }) => (
              <ListBoxItem id={id} textValue={name} className="drv-group">
                <span className="drv-cut" title={name}>
                  {name}
                </span>
                <span className="soft drv-cut">
                  {devicesOf(
                    models.find((one) => one.id === model),
                    t,
                  )}
                </span>
              </ListBoxItem>
            )}
          </ListBox>
          <div className="drv-side-foot">{addButton}</div>
        </div>
        <SetPage key={chosen.id} set={chosen} onRemove={() => void remove(chosen)} />
      </div>
    </>
  );
}

/** 'Lab PC, 41 devices' */
function devicesOf(model: DeviceModel | undefined, t: Translate): string {
  if (model === undefined) return t('driverLibrary.set.chosenOnly');
  return t('drivers.devices.summary', { name: model.name, count: model.devices });
}
