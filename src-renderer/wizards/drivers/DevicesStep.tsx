import { FileCode2, RefreshCw, Save, Trash2 } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { AppError } from '../../../src-shared/errors/appError';
import type { Device, DeviceList } from '../../../src-shared/model/drivers';
import { api } from '../../api/api';
import { useText } from '../../i18n/translate';
import { Button, IconButton } from '../../ui/button';
import { DataTable, type DataColumn } from '../../ui/dataTable';
import { ErrorNotice } from '../../ui/errorNotice';
import { RadioCards, Select, TextField } from '../../ui/fields';
import { Notice } from '../../ui/pieces';
import { ProgressBar } from '../../ui/progress';
import { PathField } from '../../views/files/PathField';
import { pickPath } from '../../views/files/pickPath';
import type { StepProps } from '../runtime/wizard';
import { deviceKinds, type DriversDraft } from './driversDraft';
import type { DriversFacts } from './driversFacts';
import './drivers.css';

type Props = StepProps<DriversDraft, DriversFacts>;

const listExtensions = ['txt', 'csv', 'json', 'xml', 'nfo'] as const;

/** Which devices the packages are for. */
export function DevicesStep(props: Props): ReactNode {
  const t = useText();
  const { draft, facts, change, goOn } = props;
  const { devices, models } = facts;
  return (
    <div className="stack">
      <div data-first-choice="">
        <RadioCards
          label={t('drivers.devices.for')}
          value={draft.deviceKind}
          onChange={(deviceKind) => change({ deviceKind, leaveOut: [], takeIn: [], leaveFaulty: false })}
          options={deviceKinds.map((kind) => ({
            value: kind,
            label: t(`drivers.devices.${kind}`),
            detail: t(`drivers.devices.${kind}.detail`),
          }))}
          lesson="drivers.devices"
        />
      </div>
      {draft.deviceKind === 'file' && (
        <>
          <PathField
            label={t('drivers.devices.path')}
            title={t('drivers.devices.choose')}
            kind="open-file"
            extensions={listExtensions}
            value={draft.deviceFile}
            onChange={(deviceFile) => change({ deviceFile })}
            onSubmit={goOn}
            hint={t('drivers.devices.hint')}
            lesson="drivers.list"
          />
          <ScriptButton />
        </>
      )}
      {draft.deviceKind === 'model' && (
        <Models models={models} chosen={draft.model} onChoose={(model) => change({ model })} />
      )}
      {draft.deviceKind === 'all' && <Notice>{t('drivers.devices.allText')}</Notice>}
      {devices.error !== undefined && <ErrorNotice error={devices.error} onRetry={devices.again} />}
      {devices.value === undefined && devices.busy && (
        <ProgressBar label={t('drivers.devices.reading')} fraction={null} />
      )}
      {devices.value !== undefined && <Devices list={devices.value} draft={draft} onAgain={devices.again} />}
    </div>
  );
}

/** Saves the script that writes the devices of a PC without a network to a file. */
export function ScriptButton(): ReactNode {
  const t = useText();
  const [saved, setSaved] = useState('');
  const [fault, setFault] = useState<unknown>();
  const save = async (): Promise<void> => {
    setFault(undefined);
    try {
      const path = await pickPath({
        kind: 'save-file',
        title: t('drivers.script.choose'),
        filters: [{ name: t('drivers.script.kind'), extensions: ['cmd'] }],
        defaultPath: 'collect-devices.cmd',
        replaces: true,
      });
      if (path !== null) setSaved((await api.drivers.saveScript({ path, overwrite: true })).path);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      setFault(error);
    }
  };
  return (
    <div className="stack tight">
      <div className="row-flex wizard-wrap">
        <span className="soft">{t('drivers.script.text')}</span>
        <Button icon={FileCode2} onPress={() => void save()} lesson="drivers.script">
          {t('drivers.script.save')}
        </Button>
      </div>
      <div role="status">{saved !== '' && <p>{t('drivers.script.saved', { path: saved })}</p>}</div>
      {fault !== undefined && <ErrorNotice error={fault} />}
    </div>
  );
}

function Models({
  models,
  chosen,
  onChoose,
}: {
  readonly models: DriversFacts['models'];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}): ReactNode {
  const t = useText();
  const [fault, setFault] = useState<unknown>();
  const remove = async (): Promise<void> => {
    setFault(undefined);
    try {
      await api.deviceModels.remove({ id: chosen });
      onChoose('');
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      setFault(error);
    }
  };
  if (models.length === 0) return <Notice>{t('drivers.models.none')}</Notice>;
  const about = models.find(({ id }) => id === chosen);
  return (
    <div className="stack">
      <div className="row-flex drivers-model">
        <div className="grow">
          <Select
            label={t('drivers.models')}
            value={about === undefined ? '' : chosen}
            onChange={onChoose}
            options={[
              ...(about === undefined ? [{ value: '', label: t('drivers.models.choose') }] : []),
              ...models.map(({ id, name, devices }) => ({
                value: id,
                label: name,
                detail: t('drivers.devicesCount', { count: devices }),
              })),
            ]}
          />
        </div>
        {about !== undefined && (
          <IconButton
            label={t('drivers.models.remove', { name: about.name })}
            icon={Trash2}
            onPress={() => void remove()}
          />
        )}
      </div>
      {fault !== undefined && <ErrorNotice error={fault} />}
    </div>
  );
}

/** The list as it was read, and the place to keep it as a model. */
function Devices({
  list,
  draft,
  onAgain,
}: {
  readonly list: DeviceList;
  readonly draft: DriversDraft;
  readonly onAgain: () => void;
}): ReactNode {
  const t = useText();
  const [selected, setSelected] = useState<string | null>(null);
  const rows = useMemo(() => list.devices.map((device, index) => ({ device, index })), [list]);
  const columns = useMemo<readonly DataColumn<{ device: Device; index: number }>[]>(
    () => [
      {
        id: 'name',
        header: t('drivers.column.device'),
        value: ({ device }) => nameOf(device),
        cell: ({ device }) => nameOf(device),
        minimum: 10,
      },
      {
        id: 'class',
        header: t('drivers.column.class'),
        value: ({ device }) => device.className,
        cell: ({ device }) => device.className,
        width: 7,
      },
      {
        id: 'id',
        header: t('drivers.column.hardwareId'),
        value: ({ device }) => firstId(device),
        cell: ({ device }) => <code className="text">{firstId(device)}</code>,
        minimum: 10,
      },
      {
        id: 'problem',
        header: t('drivers.column.problem'),
        value: ({ device }) => device.problem ?? '',
        cell: ({ device }) => <span className="text drivers-amber">{device.problem}</span>,
        width: 8,
      },
    ],
    [t],
  );
  const rowsShown = Math.min(9, rows.length) + 1;
  return (
    <>
      <div className="row-flex wizard-wrap">
        <p role="status" className="grow">
          <strong>{t('drivers.devicesCount', { count: list.devices.length })}</strong>{' '}
          {list.model !== undefined && <span>{list.model}</span>}
        </p>
        {draft.deviceKind === 'this-pc' && (
          <Button kind="quiet" icon={RefreshCw} onPress={onAgain}>
            {t('drivers.devices.again')}
          </Button>
        )}
      </div>
      {list.warnings.slice(0, 5).map((warning) => (
        <Notice key={warning} tone="decision">
          {warning}
        </Notice>
      ))}
      {rows.length > 0 && (
        <div className="wizard-table" style={{ height: `calc(var(--row) * ${rowsShown} + var(--space-1))` }}>
          <DataTable
            label={t('drivers.devices')}
            rows={rows}
            columns={columns}
            rowId={({ index }) => String(index)}
            selected={selected}
            onSelect={({ index }) => setSelected(String(index))}
          />
        </div>
      )}
      {draft.deviceKind !== 'model' && list.devices.length > 0 && <SaveModel list={list} />}
    </>
  );
}

function SaveModel({ list }: { readonly list: DeviceList }): ReactNode {
  const t = useText();
  const [name, setName] = useState(list.model ?? '');
  const [saved, setSaved] = useState('');
  const [fault, setFault] = useState<unknown>();
  const save = async (): Promise<void> => {
    setFault(undefined);
    try {
      const kept = await api.deviceModels.save({ name: name.trim(), list });
      setSaved(kept.name);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      setFault(error);
    }
  };
  return (
    <div className="stack tight">
      <div className="row-flex drivers-model">
        <div className="grow wizard-short">
          <TextField label={t('drivers.models.name')} value={name} onChange={setName} />
        </div>
        <Button icon={Save} isDisabled={name.trim() === ''} onPress={() => void save()}>
          {t('drivers.models.save')}
        </Button>
      </div>
      <div role="status">{saved !== '' && <p>{t('drivers.models.saved', { name: saved })}</p>}</div>
      {fault !== undefined && <ErrorNotice error={fault} />}
    </div>
  );
}

function nameOf(device: Device): string {
  return device.name === '' ? firstId(device) : device.name;
}

function firstId({ hardwareIds, compatibleIds }: Device): string {
  return hardwareIds.at(0) ?? compatibleIds.at(0) ?? '';
}
