import { useMemo, useState, type ReactNode } from 'react';
import type { Work } from '../../../../src-shared/contract/work';
import type { ImageSummary, WimSummary } from '../../../../src-shared/model/summaries';
import { useText } from '../../../i18n/translate';
import { compressionRequest, compressionWays } from '../../../stores/compression';
import { baseName } from '../../../stores/workNames';
import { Checkbox, Select, TextField } from '../../../ui/fields';
import { wimExtensions } from '../../files/filters';
import { PathField } from '../../files/PathField';
import { imageLabel } from '../imageLabel';
import { PlanAndRun } from '../PlanAndRun';
import { CompressionSelect } from './CompressionSelect';
import { besidePath } from './partPaths';

const ways = ['keep', ...compressionWays] as const;
type Way = (typeof ways)[number];

/** Exports an image, or all of them, to a new or another WIM. */
export function ExportDialog({
  wim,
  summary,
  image,
  onClose,
}: {
  readonly wim: string;
  readonly summary: WimSummary;
  readonly image: ImageSummary;
  readonly onClose: () => void;
}): ReactNode {
  const t = useText();
  const [which, setWhich] = useState(String(image.index));
  const [destination, setDestination] = useState('');
  const [name, setName] = useState('');
  const [way, setWay] = useState<Way>('keep');
  const [boot, setBoot] = useState(false);
  const all = which === 'all';
  const work = useMemo(
    (): Work | null =>
      destination === ''
        ? null
        : {
            verb: 'export',
            request: {
              wim,
              image: all ? 'all' : Number(which),
              destination,
              ...(name === '' || all ? {} : { name }),
              ...(way === 'keep' ? {} : compressionRequest(way)),
              ...(boot && !all ? { boot: true } : {}),
            },
          },
    [wim, all, which, destination, name, way, boot],
  );
  const chosen = summary.images.find(({ index }) => String(index) === which);
  const what =
    all || chosen === undefined
      ? t('image.export.all')
      : t('image.export.one', { image: imageLabel(chosen) });
  return (
    <PlanAndRun
      title={t('image.export.title')}
      work={work}
      blocked={destination === '' ? t('image.export.choose') : undefined}
      runLabel={
        destination === '' ? t('verb.export') : t('image.export.run', { what, name: baseName(destination) })
      }
      onClose={onClose}
    >
      {summary.images.length > 1 && (
        <Select
          label={t('image.export.what')}
          value={which}
          onChange={setWhich}
          options={[
            ...summary.images.map((one) => ({ value: String(one.index), label: imageLabel(one) })),
            { value: 'all', label: t('image.export.all') },
          ]}
        />
      )}
      <PathField
        label={t('image.export.destination')}
        title={t('image.export.destination')}
        kind="save-file"
        extensions={wimExtensions}
        value={destination}
        onChange={setDestination}
        hint={t('image.export.hint')}
        defaultPath={besidePath(wim, t('image.export.fileName'))}
        lesson="export.destination"
      />
      {!all && (
        <TextField
          label={t('image.export.name')}
          value={name}
          onChange={setName}
          placeholder={chosen?.name ?? ''}
        />
      )}
      <CompressionSelect<Way> value={way} onChange={setWay} ways={ways} />
      {!all && (
        <Checkbox isSelected={boot} onChange={setBoot}>
          {t('image.property.boot')}
        </Checkbox>
      )}
    </PlanAndRun>
  );
}
