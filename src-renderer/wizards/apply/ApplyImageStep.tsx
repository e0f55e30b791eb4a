import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { Section } from '../../ui/pieces';
import type { StepProps } from '../runtime/wizard';
import { ImageTable } from '../wim/ImageTable';
import { WimField } from '../wim/WimField';
import type { ApplyDraft } from './applyDraft';
import type { ApplyFacts } from './applyFacts';

/** Which image of which WIM. */
export function ApplyImageStep({ draft, facts, change, goOn }: StepProps<ApplyDraft, ApplyFacts>): ReactNode {
  const t = useText();
  const images = facts.wim.summary.value?.images ?? [];
  return (
    <div className="stack">
      <WimField
        path={draft.wim}
        onChange={(wim) => change({ wim, image: 0 })}
        onSubmit={goOn}
        facts={facts.wim}
      />
      {images.length > 0 && (
        <Section title={t('wizards.wim.images')}>
          <ImageTable
            images={images}
            selected={facts.image?.index ?? null}
            onSelect={(image) => change({ image })}
            onOpen={goOn}
          />
        </Section>
      )}
    </div>
  );
}
