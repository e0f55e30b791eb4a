import type { ReactNode } from 'react';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { Notice } from '../../ui/pieces';
import { PathField } from '../../views/files/PathField';
import type { StepProps } from '../runtime/wizard';
import { bytesOf, type ApplyDraft, type ApplyFacts } from './applyWizard';

/** The folder that is filled, and what is in it now. */
export function TargetStep({ draft, facts, change, goOn }: StepProps<ApplyDraft, ApplyFacts>): ReactNode {
  const t = useText();
  const found = facts.target.value;
  const needed = bytesOf(facts.image);
  const space =
    needed === null || found === undefined || found.free === null
      ? undefined
      : t('wizards.place.spaceAbout', { needed: formatBytes(needed), free: formatBytes(found.free) });
  return (
    <div className="stack">
      <PathField
        label={t('wizards.apply.target')}
        title={t('wizards.apply.targetChoose')}
        kind="open-folder"
        value={draft.target}
        onChange={(target) => change({ target })}
        onSubmit={goOn}
        hint={space}
        error={
          found?.kind === 'file' || found?.kind === 'other'
            ? t('wizards.apply.notFolder', { path: draft.target })
            : undefined
        }
        lesson="target.path"
      />
      <div role="status">
        {found?.kind === 'missing' && <p className="soft">{t('wizards.apply.targetNew')}</p>}
        {found?.kind === 'directory' && found.empty && (
          <p className="soft">{t('wizards.apply.targetEmpty')}</p>
        )}
        {found?.kind === 'directory' && !found.empty && (
          <Notice tone="decision">{t('wizards.apply.targetFull', { name: found.name })}</Notice>
        )}
      </div>
    </div>
  );
}
