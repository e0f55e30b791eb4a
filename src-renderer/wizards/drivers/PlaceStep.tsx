import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { Button } from '../../ui/button';
import { ErrorNotice } from '../../ui/errorNotice';
import { RadioCards } from '../../ui/fields';
import { Facts, Notice, Section } from '../../ui/pieces';
import { ProgressBar } from '../../ui/progress';
import { PathField } from '../../views/files/PathField';
import { navigate } from '../../stores/route';
import type { StepProps } from '../runtime/wizard';
import { ImageTable } from '../wim/ImageTable';
import { WimField } from '../wim/WimField';
import { windowsText } from './driversBlockers';
import { placeKinds, type DriversDraft } from './driversDraft';
import type { DriversFacts } from './driversFacts';
import './drivers.css';

type Props = StepProps<DriversDraft, DriversFacts>;

/** Which offline Windows the drivers go into. */
export function PlaceStep(props: Props): ReactNode {
  const t = useText();
  const { draft, facts, change, goOn } = props;
  const images = facts.wim.summary.value?.images ?? [];
  return (
    <div className="stack">
      <div data-first-choice="">
        <RadioCards
          label={t('drivers.place')}
          value={draft.placeKind}
          onChange={(placeKind) => change({ placeKind })}
          options={placeKinds.map((kind) => ({
            value: kind,
            label: t(`drivers.place.${kind}`),
            detail: t(`drivers.place.${kind}.detail`),
          }))}
          lesson="drivers.place"
        />
      </div>
      {draft.placeKind === 'wim' && (
        <WimField
          path={draft.wim}
          onChange={(wim) => change({ wim, image: 0 })}
          onSubmit={goOn}
          facts={facts.wim}
        />
      )}
      {draft.placeKind === 'wim' && images.length > 0 && (
        <Section title={t('wizards.wim.images')}>
          <ImageTable
            images={images}
            selected={facts.image?.index ?? null}
            onSelect={(image) => change({ image })}
            onOpen={goOn}
          />
        </Section>
      )}
      {draft.placeKind === 'folder' && (
        <PathField
          label={t('drivers.place.path')}
          title={t('drivers.place.choose')}
          kind="open-folder"
          value={draft.folder}
          onChange={(folder) => change({ folder })}
          onSubmit={goOn}
          hint={t('drivers.place.folderHint')}
          error={
            facts.folder.value !== undefined && facts.folder.value.kind !== 'directory'
              ? t('drivers.place.noFolder', { path: draft.folder })
              : undefined
          }
          lesson="drivers.folder"
        />
      )}
      {draft.placeKind === 'volume' && (
        <Notice tone="decision" live>
          <span>{t('drivers.place.readOnlyText')}</span>
          <span className="row-flex">
            <Button onPress={() => change({ placeKind: 'wim' })}>{t('drivers.place.useWim')}</Button>
            <Button onPress={() => navigate('wizard', { name: 'apply' })}>
              {t('drivers.place.thenApply')}
            </Button>
          </span>
        </Notice>
      )}
      <WindowsThere facts={facts} />
    </div>
  );
}

/** The Windows that was found. */
function WindowsThere({ facts: { windows } }: Pick<Props, 'facts'>): ReactNode {
  const t = useText();
  const { value, busy, error } = windows;
  if (error !== undefined) return <ErrorNotice error={error} onRetry={windows.again} />;
  if (value === undefined)
    return busy ? <ProgressBar label={t('drivers.place.looking')} fraction={null} /> : null;
  const { installation, systemRoot } = value.windows;
  return (
    <Section title={t('drivers.place.found')}>
      <Facts
        facts={[
          [t('drivers.windows'), windowsText(value.windows, t)],
          [t('drivers.installation'), t(`drivers.installation.${installation}`)],
          [t('drivers.systemRoot'), systemRoot],
          [t('drivers.ownDrivers'), t('drivers.packagesCount', { count: value.drivers })],
        ]}
      />
      {value.warnings.first.slice(0, 5).map((warning) => (
        <Notice key={warning} tone="decision">
          {warning}
        </Notice>
      ))}
    </Section>
  );
}
