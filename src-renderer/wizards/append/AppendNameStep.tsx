import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import { Checkbox, TextField } from '../../ui/fields';
import { imageName } from '../capture/captureDraft';
import { Disclosure } from '../runtime/Disclosure';
import type { StepProps } from '../runtime/wizard';
import type { AppendDraft, AppendFacts } from './appendWizard';

/** What the new image is called; names in a WIM are taken once. */
export function AppendNameStep({ draft, facts, change }: StepProps<AppendDraft, AppendFacts>): ReactNode {
  const t = useText();
  const name = imageName(draft);
  const taken = facts.wim.summary.value?.images.some((image) => image.name === name) === true;
  return (
    <div className="stack">
      <TextField
        label={t('wizards.place.name')}
        value={name}
        onChange={(typed) => change({ name: typed })}
        error={taken ? t('wizards.place.nameTaken', { name, wim: baseName(draft.wim) }) : undefined}
        lesson="place.name"
      />
      <TextField
        label={t('wizards.place.description')}
        value={draft.description}
        onChange={(description) => change({ description })}
      />
      <Checkbox isSelected={draft.boot} onChange={(boot) => change({ boot })}>
        {t('wizards.place.boot')}
      </Checkbox>
      <Disclosure title={t('wizards.advanced')}>
        <TextField
          label={t('wizards.place.flags')}
          hint={t('wizards.place.flagsHint')}
          value={draft.flags}
          onChange={(flags) => change({ flags })}
        />
      </Disclosure>
    </div>
  );
}
