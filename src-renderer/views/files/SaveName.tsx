import { useEffect, useState, type ReactNode } from 'react';
import type { PathStatus } from '../../../src-shared/contract/files';
import { api } from '../../api/api';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { TextField } from '../../ui/fields';
import { Notice } from '../../ui/pieces';

/** The name of a file to write, and a word when there is such a file already. */
export function SaveName({
  value,
  onChange,
  onEnter,
  onTold,
  target,
}: {
  readonly value: string;
  readonly onChange: (name: string) => void;
  readonly onEnter: () => void;
  /** The person is told that the file of this path would be replaced. */
  readonly onTold: (path: string) => void;
  /** The path that the name makes; '' : none yet. */
  readonly target: string;
}): ReactNode {
  const t = useText();
  const [status, setStatus] = useState<PathStatus>();
  const replaced = status?.kind === 'file' ? status.path : '';
  useEffect(() => {
    if (replaced !== '') onTold(replaced);
  }, [replaced, onTold]);
  useEffect(() => {
    setStatus(undefined);
    if (target === '') return;
    const request = new AbortController();
    api.files.status({ path: target }, { signal: request.signal }).then(
      (found) => {
        if (!request.signal.aborted) setStatus(found);
      },
      // Choosing the name asks again, and says what is wrong.
      () => setStatus(undefined),
    );
    return () => request.abort();
  }, [target]);
  return (
    <>
      <TextField label={t('files.fileName')} value={value} onChange={onChange} onSubmit={onEnter} autoFocus />
      {status?.kind === 'file' && (
        <Notice tone="decision" live>
          {t('files.replaces', { name: status.name, size: formatBytes(status.size) })}
        </Notice>
      )}
    </>
  );
}
