import { Save } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { commandLinesOf } from '../../../src-shared/commandLines/commandLines';
import type { DriverSet } from '../../../src-shared/contract/driverLibrary';
import type { Work } from '../../../src-shared/contract/work';
import type { DeviceList, DeviceListChoice } from '../../../src-shared/model/drivers';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { Button } from '../../ui/button';
import { CodeLine, Section } from '../../ui/pieces';
import { saveDevices } from './libraryActions';
import type { SetPlaces } from './setContents';

/** Stands in the line for the person's image. */
const IMAGE = { path: 'install.wim', image: 1 } as const;

/** The set as a line of `wimsmith drivers add`, to copy. */
export function SetLine({
  set,
  places,
  list,
}: {
  readonly set: DriverSet;
  readonly places: SetPlaces;
  readonly list: DeviceList | undefined;
}): ReactNode {
  const t = useText();
  const windows = useApp(({ info }) => info?.platform === 'win32');
  const [saved, setSaved] = useState<{ readonly model: string; readonly path: string }>();
  const { paths, only, others } = places;
  const byDevices = only === undefined && list !== undefined;
  const devices: DeviceListChoice | undefined = !byDevices
    ? undefined
    : saved?.model === set.model
      ? { kind: 'file', path: saved.path }
      : { kind: 'devices', list };
  const work: Work = {
    verb: 'driversAdd',
    request: {
      ...IMAGE,
      drivers: paths,
      ...(devices === undefined ? {} : { devices }),
      ...(only === undefined || others.length === 0 ? {} : { only }),
      skipFaulty: true,
    },
  };
  const { wimsmith } = commandLinesOf(work, windows ? 'windows' : 'posix');
  if (wimsmith === undefined || wimsmith.line === null) return null;
  const save = async (): Promise<void> => {
    const path = await saveDevices(set.model, set.name);
    if (path !== undefined) setSaved({ model: set.model, path });
  };
  return (
    <Section title={t('driverLibrary.set.line')}>
      <div className="stack tight drv-line">
        <CodeLine text={wimsmith.line} label={t('wizards.lineOf', { tool: 'wimsmith' })} />
        <p className="soft">{t('driverLibrary.set.lineImage', { wim: IMAGE.path })}</p>
        {devices?.kind === 'devices' && (
          <div className="row-flex drv-wrap soft">
            <span>{t('line.note.deviceList')}</span>
            <Button icon={Save} onPress={() => void save()}>
              {t('driverLibrary.set.saveList')}
            </Button>
          </div>
        )}
      </div>
    </Section>
  );
}
