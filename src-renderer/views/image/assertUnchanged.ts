import { AppError } from '../../../src-shared/errors/appError';
import { api } from '../../api/api';
import { useSession } from '../../stores/session';
import { baseName } from '../../stores/workNames';

/**
 * Makes sure that the file still is what it was when changes of it were made here. A plan that is made now is made of the
 * file as it is now: without this it would fit any file.
 * @param revision what the changes rest on
 * @throws AppError 'plan/stale'
 */
export async function assertUnchanged(wim: string, revision: string): Promise<void> {
  const { session, revision: now } = await api.browse.open({ wim });
  const { opened } = useSession.getState();
  if (session !== opened?.session) await api.browse.close({ session });
  if (now === revision) return;
  useSession.setState({ newest: now });
  throw new AppError('plan/stale', `${baseName(wim)} was changed meanwhile; nothing was written`, {
    path: wim,
  });
}

/** Whether work was refused because of what changed since. */
export function isStale(error: unknown): boolean {
  return error instanceof AppError && error.code === 'plan/stale';
}
