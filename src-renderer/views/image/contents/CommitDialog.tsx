import { useMemo, useState, type ReactNode } from 'react';
import type { Work } from '../../../../src-shared/contract/work';
import type { ImageSummary } from '../../../../src-shared/model/summaries';
import { useText } from '../../../i18n/translate';
import { baseName } from '../../../stores/workNames';
import { Checkbox } from '../../../ui/fields';
import { Button } from '../../../ui/button';
import { Notice } from '../../../ui/pieces';
import { assertUnchanged } from '../assertUnchanged';
import { draftOf, dropContents } from '../drafts';
import { PlanAndRun } from '../PlanAndRun';
import { useCommitting, type Freshness } from '../useFreshness';
import { countChanges, toEdits, type PendingChanges } from './pendingChanges';

/** Writes all pending changes of an image at once. */
export function CommitDialog({
  wim,
  image,
  changes,
  freshness,
  onClose,
}: {
  readonly wim: string;
  readonly image: ImageSummary;
  readonly changes: PendingChanges;
  readonly freshness: Freshness;
  readonly onClose: () => void;
}): ReactNode {
  const t = useText();
  const [rebuild, setRebuild] = useState(false);
  const { committed } = useCommitting();
  // The changes as they were when the dialog was opened: they are dropped when they are written.
  const [edits] = useState(() => toEdits(changes));
  const [count] = useState(() => countChanges(changes));
  const work = useMemo(
    (): Work => ({
      verb: 'update',
      request: { wim, image: image.index, edits, ...(rebuild ? { rebuild: true } : {}) },
    }),
    [wim, image.index, edits, rebuild],
  );
  return (
    <PlanAndRun
      title={t('image.commit.title', { name: image.name === '' ? String(image.index) : image.name })}
      work={work}
      runLabel={t('image.commit.run', { count, name: baseName(wim) })}
      blocked={freshness.outdated ? t('image.changed.blocked') : undefined}
      beforeRun={() => assertUnchanged(wim, draftOf(wim)?.revision ?? '')}
      onClose={onClose}
      onDone={() => {
        dropContents(wim, image.index);
        committed();
      }}
    >
      {freshness.outdated && (
        <Notice tone="decision" live>
          <div className="row-flex image-changed">
            <span className="grow">{t('image.changed.text', { name: baseName(wim), count })}</span>
            <Button
              onPress={() => {
                void freshness.lookAgain();
                onClose();
              }}
            >
              {t('image.changed.look')}
            </Button>
          </div>
        </Notice>
      )}
      <Checkbox isSelected={rebuild} onChange={setRebuild} hint={t('image.commit.rebuildHint')}>
        {t('image.commit.rebuild')}
      </Checkbox>
    </PlanAndRun>
  );
}
