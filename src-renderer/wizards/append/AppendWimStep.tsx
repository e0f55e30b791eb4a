import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { Section } from '../../ui/pieces';
import type { StepProps } from '../runtime/wizard';
import { ImageTable } from '../wim/ImageTable';
import { WimField } from '../wim/WimField';
import type { AppendDraft, AppendFacts } from './appendWizard';

/** The WIM that gets one image more, and the images that it has. */
export function AppendWimStep({
  draft,
  facts,
  change,
  goOn,
}: StepProps<AppendDraft, AppendFacts>): ReactNode {
  const t = useText();
  const images = facts.wim.summary.value?.images ?? [];
  return (
    <div className="stack">
      <WimField
        path={draft.wim}
        onChange={(wim) => change({ wim, updateImage: 0 })}
        onSubmit={goOn}
        facts={facts.wim}
      />
      {images.length > 0 && (
        <Section title={t('wizards.wim.images')}>
          <ImageTable images={images} selected={null} onSelect={() => undefined} />
        </Section>
      )}
    </div>
  );
}
