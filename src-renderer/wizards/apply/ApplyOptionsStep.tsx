import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { Checkbox, NumberField, RadioCards, Select } from '../../ui/fields';
import { Disclosure } from '../runtime/Disclosure';
import type { StepProps } from '../runtime/wizard';
import type { ApplyDraft } from './applyDraft';
import type { ApplyFacts } from './applyFacts';

const folderFlags = [
  'includeInvalidNames',
  'strictShortNames',
  'strictTimestamps',
  'strictSymlinks',
  'sparse',
] as const;
const diskFlags = ['strictShortNames', 'strictTimestamps'] as const;
const compactWays = ['none', 'xpress4k', 'xpress8k', 'xpress16k', 'lzx'] as const;

/** How the image is written. */
export function ApplyOptionsStep({ draft, facts, change }: StepProps<ApplyDraft, ApplyFacts>): ReactNode {
  const t = useText();
  const isFolder = draft.targetKind === 'folder';
  const posix = useApp(({ info }) => info !== null && info.platform !== 'win32') && isFolder;
  const hasTable = facts.wim.summary.value?.attributes.integrity === true;
  return (
    <div className="stack">
      <Checkbox
        isSelected={draft.verifyIntegrity && hasTable}
        isDisabled={!hasTable}
        onChange={(verifyIntegrity) => change({ verifyIntegrity })}
        hint={t(hasTable ? 'wizards.apply.verifyHint' : 'wizards.apply.noTable')}
        lesson="apply.verify"
      >
        {t('wizards.apply.verify')}
      </Checkbox>
      <p className="soft">{t('wizards.apply.sha1')}</p>
      {!isFolder && (
        <RadioCards
          label={t('disks.compact')}
          value={draft.compact}
          onChange={(compact) => change({ compact })}
          options={compactWays.map((way) => ({
            value: way,
            label: t(`disks.compact.${way}`),
            detail: t(`disks.compact.${way}.detail`),
          }))}
          lesson="apply.compact"
        />
      )}
      <Disclosure title={t('wizards.advanced')}>
        <Checkbox
          isSelected={draft.recoverData}
          onChange={(recoverData) => change({ recoverData })}
          hint={t('wizards.option.recoverHint')}
        >
          {t('wizards.option.recover')}
        </Checkbox>
        {posix && (
          <Checkbox
            isSelected={draft.unixData}
            onChange={(unixData) => change({ unixData })}
            hint={t('wizards.option.unixApplyHint')}
          >
            {t('wizards.option.unixApply')}
          </Checkbox>
        )}
        {(isFolder ? folderFlags : diskFlags).map((flag) => (
          <Checkbox key={flag} isSelected={draft[flag]} onChange={(on) => change({ [flag]: on })}>
            {t(`wizards.option.${flag}`)}
          </Checkbox>
        ))}
        <div className="wizard-columns">
          <Select
            label={t('wizards.option.rpfix')}
            value={draft.fixReparsePoints}
            onChange={(fixReparsePoints) => change({ fixReparsePoints })}
            options={[
              { value: 'default', label: t('wizards.option.rpfixFile') },
              { value: 'on', label: t('wizards.option.rpfixOn') },
              { value: 'off', label: t('wizards.option.rpfixOff') },
            ]}
          />
          <Select
            label={t('wizards.option.acl')}
            value={draft.securityDescriptors}
            onChange={(securityDescriptors) => change({ securityDescriptors })}
            options={[
              { value: 'lenient', label: t('wizards.option.aclApplyLenient') },
              { value: 'strict', label: t('wizards.option.aclApplyStrict') },
              { value: 'none', label: t('wizards.option.aclApplyNone') },
            ]}
          />
          <NumberField
            label={t('wizards.option.threads')}
            hint={t('wizards.option.threadsHint')}
            value={draft.threads}
            onChange={(threads) => change({ threads: Number.isFinite(threads) ? threads : 0 })}
            maximum={64}
          />
        </div>
      </Disclosure>
    </div>
  );
}
