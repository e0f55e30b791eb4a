import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { Button, IconButton } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { Notice } from '../../ui/pieces';
import { dismissActions, putBack, useActionState } from './actions';

/** What the last action could not do, or what can be taken back. */
export function ActionNotices(): ReactNode {
  const t = useText();
  const { error, removed } = useActionState();
  if (error === undefined && removed === null) return null;
  return (
    <div className="images-notices">
      <div className="grow">
        {error !== undefined && <ErrorNotice error={error} />}
        {removed !== null && (
          <Notice live>
            <div className="row-flex">
              <span>{t('images.removed', { name: removed.name })}</span>
              {/* What is missing or unreadable cannot be put on the list. */}
              {removed.state === 'ok' && (
                <Button kind="quiet" onPress={() => void putBack(removed)}>
                  {t('images.undo')}
                </Button>
              )}
            </div>
          </Notice>
        )}
      </div>
      <IconButton label={t('common.close')} icon={X} onPress={dismissActions} />
    </div>
  );
}
