import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { Section } from '../../ui/pieces';
import type { StepProps } from '../runtime/wizard';
import { ImageTable } from '../wim/ImageTable';
import { WimField } from '../wim/WimField';
import type { InfoDraft, InfoFacts } from './infoWizard';

/** Which WIM is reported on. */
export function InfoWimStep({ draft, facts, change, goOn }: StepProps<InfoDraft, InfoFacts>): ReactNode {
  const t = useText();
  const images = facts.wim.summary.value?.images ?? [];
  return (
    <div className="stack">
      <WimField path={draft.wim} onChange={(wim) => change({ wim })} onSubmit={goOn} facts={facts.wim} />
      {images.length > 0 && (
        <Section title={t('wizards.wim.images')}>
          <ImageTable images={images} selected={null} onSelect={() => undefined} onOpen={goOn} />
        </Section>
      )}
    </div>
  );
}
