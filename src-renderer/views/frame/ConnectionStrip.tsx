import { useSyncExternalStore, type ReactNode } from 'react';
import { connection } from '../../api/api';
import { useText } from '../../i18n/translate';

/** Says that the host cannot be reached at the moment. */
export function ConnectionStrip(): ReactNode {
  const t = useText();
  const state = useSyncExternalStore(connection.subscribe, connection.state);
  if (state === 'connected') return null;
  return (
    <div className="lost-strip" role="status">
      {t('frame.lost')}
    </div>
  );
}
