import { useMemo, useState, type ReactNode } from 'react';
import type { Work } from '../../../../src-shared/contract/work';
import { useText } from '../../../i18n/translate';
import { baseName } from '../../../stores/workNames';
import { Checkbox } from '../../../ui/fields';
import { PathField } from '../../files/PathField';
import { PlanAndRun } from '../PlanAndRun';
import { shownName } from './attributes';

/** Extracts entries of an image to a folder. */
export function ExtractDialog({
  wim,
  image,
  paths,
  onClose,
}: {
  readonly wim: string;
  readonly image: number;
  readonly paths: readonly string[];
  readonly onClose: () => void;
}): ReactNode {
  const t = useText();
  const [target, setTarget] = useState('');
  const [structure, setStructure] = useState(false);
  const work = useMemo(
    (): Work | null =>
      target === ''
        ? null
        : {
            verb: 'extract',
            request: {
              wim,
              image,
              paths: [...paths],
              destination: target,
              ...(structure ? { preserveStructure: true } : {}),
            },
          },
    [wim, image, paths, target, structure],
  );
  const what = paths.length === 1 ? shownName(paths[0], t) : t('image.entries', { count: paths.length });
  return (
    <PlanAndRun
      title={t('image.extract.title', { what })}
      work={work}
      blocked={target === '' ? t('image.extract.choose') : undefined}
      runLabel={
        target === '' ? t('image.action.extract') : t('image.extract.run', { what, folder: baseName(target) })
      }
      onClose={onClose}
    >
      <PathField
        label={t('image.extract.target')}
        title={t('image.extract.target')}
        kind="open-folder"
        value={target}
        onChange={setTarget}
        hint={t('image.extract.hint')}
        lesson="image.extractTarget"
      />
      <Checkbox isSelected={structure} onChange={setStructure} hint={t('image.extract.structureHint')}>
        {t('image.extract.structure')}
      </Checkbox>
    </PlanAndRun>
  );
}
