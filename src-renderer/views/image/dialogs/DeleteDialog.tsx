import { useMemo, useState, type ReactNode } from 'react';
import type { Work } from '../../../../src-shared/contract/work';
import type { ImageSummary } from '../../../../src-shared/model/summaries';
import { useText } from '../../../i18n/translate';
import { baseName } from '../../../stores/workNames';
import { Checkbox } from '../../../ui/fields';
import { imageLabel } from '../imageLabel';
import { PlanAndRun } from '../PlanAndRun';
import { useCommitting } from '../useFreshness';

/** Deletes an image of a WIM. */
export function DeleteDialog({
  wim,
  image,
  onClose,
}: {
  readonly wim: string;
  readonly image: ImageSummary;
  readonly onClose: () => void;
}): ReactNode {
  const t = useText();
  const [soft, setSoft] = useState(false);
  const [chosen] = useState(image);
  const { committed } = useCommitting();
  const work = useMemo(
    (): Work => ({ verb: 'delete', request: { wim, image: chosen.index, ...(soft ? { soft: true } : {}) } }),
    [wim, chosen.index, soft],
  );
  const values = { image: imageLabel(chosen), name: baseName(wim) };
  return (
    <PlanAndRun
      title={t('image.delete.title', values)}
      work={work}
      runLabel={t('image.delete.run', values)}
      danger
      onClose={onClose}
      onDone={committed}
    >
      <Checkbox isSelected={soft} onChange={setSoft} hint={t('image.delete.softHint')}>
        {t('image.delete.soft')}
      </Checkbox>
    </PlanAndRun>
  );
}
