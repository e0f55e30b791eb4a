import type { ReactNode } from 'react';
import { ErrorNotice } from '../../ui/errorNotice';

/** What the window shows when the host does not answer at all. */
export function StartFailure({ error }: { readonly error: unknown }): ReactNode {
  return (
    <main className="start-failure">
      <h1>Wimsmith</h1>
      <ErrorNotice error={error} onRetry={() => location.reload()} />
    </main>
  );
}
