import { useCallback, type ReactNode } from 'react';
import { api } from '../../../api/api';
import { formatBytes } from '../../../i18n/format';
import { useText } from '../../../i18n/translate';
import { withSession } from '../../../stores/session';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { ErrorNotice } from '../../../ui/errorNotice';
import { useRequest } from '../useRequest';
import { hexLines } from './attributes';
import { lastName } from './imagePaths';

const BYTES = 131_072;

/** The beginning of a file of the image, as text or in hexadecimal. */
export function PreviewDialog({
  image,
  path,
  onClose,
  onExtract,
}: {
  readonly image: number;
  readonly path: string;
  readonly onClose: () => void;
  readonly onExtract: () => void;
}): ReactNode {
  const t = useText();
  const ask = useCallback(
    ({ signal }: { signal: AbortSignal }) =>
      withSession((session) => api.browse.preview({ session, image, path, bytes: BYTES }, { signal })),
    [image, path],
  );
  const { value, error, loading } = useRequest(ask);
  const shown = value === undefined ? '' : value.kind === 'text' ? value.content : hexLines(value.content);
  return (
    <Dialog
      title={lastName(path)}
      isOpen
      onClose={onClose}
      wide
      footer={
        <>
          <Button onPress={onExtract}>{t('image.action.extract')}</Button>
          <Button kind="primary" onPress={onClose}>
            {t('common.close')}
          </Button>
        </>
      }
    >
      {loading && <p className="soft">{t('common.loading')}</p>}
      {error !== undefined && <ErrorNotice error={error} />}
      {value !== undefined && (
        <>
          <p className="soft">
            {value.size > BYTES
              ? t('image.preview.part', { shown: formatBytes(BYTES), size: formatBytes(value.size) })
              : formatBytes(value.size)}
          </p>
          <pre className="image-preview scroll" tabIndex={0} aria-label={t('image.preview')}>
            {shown === '' ? t('image.preview.empty') : shown}
          </pre>
        </>
      )}
    </Dialog>
  );
}
