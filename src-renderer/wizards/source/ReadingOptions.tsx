import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { Checkbox, Select } from '../../ui/fields';
import type { SourceDraft } from './sourceDraft';

/** What of the source's metadata goes into the image. */
export function ReadingOptions<D extends SourceDraft>({
  draft,
  change,
}: {
  readonly draft: D;
  readonly change: (changes: Partial<D>) => void;
}): ReactNode {
  const t = useText();
  const posix = useApp(({ info }) => info !== null && info.platform !== 'win32');
  const set = (changes: Partial<SourceDraft>): void => change(changes as Partial<D>);
  return (
    <>
      {posix && (
        <Checkbox
          isSelected={draft.unixData}
          onChange={(unixData) => set({ unixData })}
          hint={t('wizards.option.unixDataHint')}
        >
          {t('wizards.option.unixData')}
        </Checkbox>
      )}
      <div className="wizard-columns">
        <Select
          label={t('wizards.option.rpfix')}
          value={draft.fixReparsePoints}
          onChange={(fixReparsePoints) => set({ fixReparsePoints })}
          options={[
            { value: 'default', label: t('wizards.option.rpfixDefault') },
            { value: 'on', label: t('wizards.option.rpfixOn') },
            { value: 'off', label: t('wizards.option.rpfixOff') },
          ]}
        />
        <Select
          label={t('wizards.option.acl')}
          value={draft.securityDescriptors}
          onChange={(securityDescriptors) => set({ securityDescriptors })}
          options={[
            { value: 'lenient', label: t('wizards.option.aclLenient') },
            { value: 'strict', label: t('wizards.option.aclStrict') },
            { value: 'none', label: t('wizards.option.aclNone') },
          ]}
        />
      </div>
    </>
  );
}
