import type { ReactNode } from 'react';
import { useText } from '../i18n/translate';
import { navigate, useRoute } from '../stores/route';
import { Button } from '../ui/button';
import { EmptyState } from '../ui/pieces';
import { appendWizard } from './append/appendWizard';
import { applyWizard } from './apply/applyWizard';
import { captureWizard } from './capture/captureWizard';
import { driversWizard } from './drivers/driversWizard';
import { infoWizard } from './info/infoWizard';
import { prepareWizard } from './prepare/prepareWizard';
import { WizardPage } from './runtime/WizardPage';

/** The wizard that the route names. */
export function WizardView(): ReactNode {
  const t = useText();
  const { params } = useRoute();
  switch (params['name']) {
    case 'capture':
      return <WizardPage key="capture" wizard={captureWizard} />;
    case 'append':
      return <WizardPage key="append" wizard={appendWizard} />;
    case 'apply':
      return <WizardPage key="apply" wizard={applyWizard} />;
    case 'prepare':
      return <WizardPage key="prepare" wizard={prepareWizard} />;
    case 'drivers':
      return <WizardPage key="drivers" wizard={driversWizard} />;
    case 'info':
      return <WizardPage key="info" wizard={infoWizard} />;
    default:
      return (
        <EmptyState
          alone
          title={t('wizards.choose')}
          actions={(['capture', 'append', 'apply', 'prepare', 'drivers', 'info'] as const).map((name) => (
            <Button key={name} onPress={() => navigate('wizard', { name })}>
              {t(`command.${name}`)}
            </Button>
          ))}
        />
      );
  }
}
