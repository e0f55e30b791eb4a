import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { Checkbox, RadioCards } from '../../ui/fields';
import { Notice } from '../../ui/pieces';
import { PathField } from '../../views/files/PathField';
import { Disclosure } from '../runtime/Disclosure';
import type { StepProps } from '../runtime/wizard';
import type { DriversDraft } from './driversDraft';
import type { DriversFacts } from './driversFacts';
import './drivers.css';

/** How the packages come in. */
export function OptionsStep({
  draft,
  facts,
  change,
  goOn,
}: StepProps<DriversDraft, DriversFacts>): ReactNode {
  const t = useText();
  const onWindows = useApp(({ info }) => info?.platform === 'win32');
  const { installation } = facts.windows.value?.windows ?? {};
  const isPe = installation === 'windows-pe';
  const hasTable = facts.wim.summary.value?.attributes.integrity === true;
  return (
    <div className="stack">
      <p className="soft">{t(isPe ? 'drivers.option.pe' : 'drivers.option.staged')}</p>
      {!isPe && (
        <Checkbox
          isSelected={draft.setupComplete}
          onChange={(setupComplete) => change({ setupComplete })}
          hint={t('drivers.option.setupHint')}
          lesson="drivers.setupComplete"
        >
          {t('drivers.option.setup')}
        </Checkbox>
      )}
      <Checkbox
        isSelected={draft.registerForBoot}
        onChange={(registerForBoot) => change({ registerForBoot })}
        hint={t('drivers.option.bootHint')}
      >
        {t('drivers.option.boot')}
      </Checkbox>
      {draft.registerForBoot && (
        <Notice tone="decision" live>
          {t('drivers.option.bootWarning')}
        </Notice>
      )}
      {draft.placeKind === 'wim' && (
        <Checkbox
          isSelected={draft.verifyIntegrity && hasTable}
          isDisabled={!hasTable}
          onChange={(verifyIntegrity) => change({ verifyIntegrity })}
          hint={t(hasTable ? 'wizards.apply.verifyHint' : 'wizards.apply.noTable')}
        >
          {t('wizards.apply.verify')}
        </Checkbox>
      )}
      <Disclosure title={t('wizards.advanced')}>
        {!isPe && (
          <Checkbox
            isSelected={draft.answerFile}
            onChange={(answerFile) => change({ answerFile })}
            hint={t('drivers.option.answerHint')}
          >
            {t('drivers.option.answer')}
          </Checkbox>
        )}
        <PathField
          label={t('drivers.option.otherAnswer')}
          title={t('drivers.option.otherAnswerChoose')}
          kind="open-file"
          extensions={['xml']}
          value={draft.otherAnswerFile}
          onChange={(otherAnswerFile) => change({ otherAnswerFile })}
          onSubmit={goOn}
          hint={t('drivers.option.otherAnswerHint')}
        />
        {onWindows && draft.placeKind === 'folder' && (
          <RadioCards
            label={t('drivers.option.method')}
            value={draft.method}
            onChange={(method) => change({ method })}
            options={(['auto', 'dism', 'stage'] as const).map((method) => ({
              value: method,
              label: t(`drivers.method.${method}`),
              detail: t(`drivers.method.${method}.detail`),
            }))}
          />
        )}
      </Disclosure>
    </div>
  );
}
