import { useState, type ReactNode } from 'react';
import { useText } from '../i18n/translate';
import { Button } from './button';
import { describeError, errorDetails } from './errors';
import { CopyButton, Notice } from './pieces';

/** An error where it arose: what happened, what to do, and the details to copy. */
export function ErrorNotice({
  error,
  onRetry,
}: {
  readonly error: unknown;
  readonly onRetry?: () => void;
}): ReactNode {
  const t = useText();
  const [open, setOpen] = useState(false);
  const { message, advice } = describeError(error, t);
  const details = errorDetails(error);
  return (
    <Notice tone="danger" live>
      <div>
        <strong>{message}</strong>
        {advice !== '' && <div>{advice}</div>}
      </div>
      <div className="row-flex">
        {onRetry !== undefined && <Button onPress={onRetry}>{t('common.retry')}</Button>}
        <Button kind="quiet" onPress={() => setOpen(!open)} aria-expanded={open}>
          {t('common.details')}
        </Button>
        <CopyButton text={details} />
      </div>
      {open && <pre className="scroll">{details}</pre>}
    </Notice>
  );
}
