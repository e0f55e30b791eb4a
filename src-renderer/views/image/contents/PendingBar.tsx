import { Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../../../i18n/translate';
import { Button } from '../../../ui/button';
import { countChanges, type PendingChanges } from './pendingChanges';

/** What is changed and not written yet, and what can be done about it. */
export function PendingBar({
  changes,
  canUndo,
  onUndo,
  onDiscard,
  onCommit,
}: {
  readonly changes: PendingChanges;
  readonly canUndo: boolean;
  readonly onUndo: () => void;
  readonly onDiscard: () => void;
  readonly onCommit: () => void;
}): ReactNode {
  const t = useText();
  const count = countChanges(changes);
  if (count === 0 && !canUndo) return null;
  const parts = [
    changes.added.length > 0 ? t('image.pending.added', { count: changes.added.length }) : '',
    changes.deleted.length > 0 ? t('image.pending.deleted', { count: changes.deleted.length }) : '',
    Object.keys(changes.renamed).length > 0
      ? t('image.pending.renamed', { count: Object.keys(changes.renamed).length })
      : '',
  ].filter((part) => part !== '');
  return (
    <section className="image-pending" aria-label={t('image.pending.title')}>
      <span role="status" className="grow">
        {count === 0 ? t('image.pending.none') : t('image.pending.summary', { parts: parts.join(', ') })}
      </span>
      <Button kind="quiet" icon={Undo2} isDisabled={!canUndo} onPress={onUndo}>
        {t('image.pending.undo')}
      </Button>
      <Button kind="quiet" onPress={onDiscard}>
        {t('image.pending.discard')}
      </Button>
      <Button kind="primary" isDisabled={count === 0} onPress={onCommit} lesson="image.commit">
        {t('image.pending.commit', { count })}
      </Button>
    </section>
  );
}
