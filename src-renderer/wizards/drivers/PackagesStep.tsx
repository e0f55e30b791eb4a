import { FileArchive, Plus, X } from 'lucide-react';
import { useState, type DragEvent, type ReactNode } from 'react';
import { formatBytes, formatCount } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { Button, IconButton } from '../../ui/button';
import { classes } from '../../ui/classes';
import { ErrorNotice } from '../../ui/errorNotice';
import { Notice, PathText } from '../../ui/pieces';
import { ProgressBar } from '../../ui/progress';
import { dragsFiles, droppedPaths, dropsTellPaths } from '../../views/files/droppedFiles';
import { PathField } from '../../views/files/PathField';
import { pickPath } from '../../views/files/pickPath';
import { LongList } from '../runtime/LongList';
import type { StepProps } from '../runtime/wizard';
import { driverPaths, type DriversDraft } from './driversDraft';
import type { DriversFacts } from './driversFacts';
import { PackageTable } from './PackageTable';
import './drivers.css';

type Props = StepProps<DriversDraft, DriversFacts>;

const archives = ['zip', 'cab', 'inf'] as const;

/** Which packages there are: folders, archives and INFs, looked through at once. */
export function PackagesStep(props: Props): ReactNode {
  const t = useText();
  const { draft, facts, change, goOn } = props;
  const [fault, setFault] = useState<unknown>();
  const [over, setOver] = useState(false);
  const found = facts.typed.value;
  const add = (added: readonly string[]): void => {
    const paths = [...draft.paths, ...added.filter((path) => !draft.paths.includes(path))];
    change({ paths: paths.slice(0, 1000) });
  };
  const keepTyped = (): void => change({ paths: driverPaths(draft), typed: '' });
  const choose = async (): Promise<void> => {
    setFault(undefined);
    try {
      const filters = [{ name: t('drivers.packages.kinds'), extensions: [...archives] }];
      const path = await pickPath({ kind: 'open-file', title: t('drivers.packages.chooseFile'), filters });
      if (path !== null) add([path]);
    } catch (error) {
      setFault(error);
    }
  };
  const drop = (event: DragEvent): void => {
    setOver(false);
    if (!dragsFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.stopPropagation();
    add(droppedPaths(event.dataTransfer) ?? []);
  };
  const onDragOver = (event: DragEvent): void => {
    if (!dragsFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(true);
  };
  return (
    <div
      className={classes('stack drivers-drop', over && 'over')}
      onDragOver={onDragOver}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <PathField
        label={t('drivers.packages.path')}
        title={t('drivers.packages.choose')}
        kind="open-folder"
        extensions={archives}
        value={draft.typed}
        onChange={(typed) => change({ typed })}
        onSubmit={goOn}
        hint={t(dropsTellPaths() ? 'drivers.packages.hintDrop' : 'drivers.packages.hint')}
        error={found?.kind === 'missing' ? t('drivers.packages.notThere', { path: draft.typed }) : undefined}
        lesson="drivers.path"
      />
      <div className="row-flex wizard-wrap">
        <Button
          icon={Plus}
          isDisabled={found?.kind !== 'directory' && found?.kind !== 'file'}
          onPress={keepTyped}
        >
          {t('drivers.packages.another')}
        </Button>
        <Button icon={FileArchive} onPress={() => void choose()}>
          {t('drivers.packages.file')}
        </Button>
      </div>
      {fault !== undefined && <ErrorNotice error={fault} />}
      {draft.paths.length > 0 && (
        <ul className="drivers-paths" aria-label={t('drivers.packages.places')}>
          {draft.paths.map((path) => (
            <li key={path}>
              <PathText path={path} />
              <IconButton
                label={t('drivers.packages.remove', { path })}
                icon={X}
                onPress={() => change({ paths: draft.paths.filter((other) => other !== path) })}
              />
            </li>
          ))}
        </ul>
      )}
      <Found facts={facts} />
    </div>
  );
}

/** What the look has found, or how far it is. */
function Found({ facts }: Pick<Props, 'facts'>): ReactNode {
  const t = useText();
  const { scan, packages } = facts;
  const { value, progress } = scan;
  if (scan.error !== undefined) return <ErrorNotice error={scan.error} onRetry={scan.again} />;
  if (scan.stopped)
    return (
      <Notice>
        <div className="row-flex">
          <span className="grow">{t('drivers.packages.stopped')}</span>
          <Button onPress={scan.again}>{t('drivers.packages.lookAgain')}</Button>
        </div>
      </Notice>
    );
  if (value === undefined) {
    if (!scan.busy) return null;
    const { filesDone = 0, filesTotal = 0 } = progress ?? {};
    return (
      <div className="stack tight">
        <div className="row-flex" role="status">
          <span className="grow">
            {filesTotal === 0
              ? t('drivers.packages.scanning')
              : t('drivers.packages.scanned', {
                  done: formatCount(filesDone),
                  total: formatCount(filesTotal),
                })}
          </span>
          <Button onPress={scan.stop}>{t('common.cancel')}</Button>
        </div>
        <ProgressBar
          label={t('drivers.packages.scanning')}
          fraction={filesTotal === 0 ? null : filesDone / filesTotal}
        />
      </div>
    );
  }
  return (
    <>
      <p role="status">
        <strong>
          {t('drivers.packages.found', { count: value.packages, size: formatBytes(value.bytes) })}
        </strong>{' '}
        {value.faulty > 0 && (
          <span className="drivers-amber">{t('drivers.packages.faulty', { count: value.faulty })}</span>
        )}
      </p>
      {value.remarks.total > 0 && (
        <LongList
          title={t('drivers.packages.remarks', { count: value.remarks.total })}
          lines={value.remarks.first.map(({ file, problem }) => ({ path: file, text: problem }))}
          total={value.remarks.total}
          tone="decision"
        />
      )}
      {packages.value !== undefined && value.packages > 0 && (
        <PackageTable session={value.session} packages={packages.value} />
      )}
    </>
  );
}
