import { useState, type ReactNode } from 'react';
import { api } from '../../api/api';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Facts, Notice, PathText } from '../../ui/pieces';
import { pickPath } from '../files/pickPath';

/** Versions, and a bundle for who helps. */
export function Diagnostics(): ReactNode {
  const t = useText();
  const info = useApp((state) => state.info);
  const [saved, setSaved] = useState<{ path: string; size: number }>();
  const [error, setError] = useState<unknown>();
  const save = async (): Promise<void> => {
    setError(undefined);
    setSaved(undefined);
    try {
      const path = await pickPath({
        kind: 'save-file',
        title: t('settings.saveDiagnostics'),
        filters: [{ name: 'ZIP', extensions: ['zip'] }],
        defaultPath: `wimsmith-diagnostics-${new Date().toISOString().slice(0, 10)}.zip`,
        replaces: true,
      });
      // The dialog asked already whether an existing file may go.
      if (path !== null) setSaved(await api.app.saveDiagnostics({ path, overwrite: true }));
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <>
      <p>{t('settings.diagnosticsText')}</p>
      <div>
        <Button onPress={() => void save()}>{t('settings.saveDiagnostics')}</Button>
      </div>
      {saved !== undefined && (
        <Notice live>
          {t('settings.diagnosticsSaved', { path: saved.path, size: formatBytes(saved.size) })}
        </Notice>
      )}
      {error !== undefined && <ErrorNotice error={error} />}
      {info !== null && (
        <Facts
          facts={[
            [
              t('settings.program'),
              t('settings.about', {
                version: info.version,
                platform: info.platform,
                count: info.processors,
              }),
            ],
            [t('settings.dataFolder'), <PathText key="data" path={info.dataFolder} />],
          ]}
        />
      )}
    </>
  );
}
