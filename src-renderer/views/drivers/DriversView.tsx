import { Cpu } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { navigate } from '../../stores/route';
import { Button } from '../../ui/button';
import { EmptyState, Page } from '../../ui/pieces';

/** Where work with drivers begins. */
export function DriversView(): ReactNode {
  const t = useText();
  const inject = (
    <Button
      icon={Cpu}
      kind="primary"
      onPress={() => navigate('wizard', { name: 'drivers' })}
      lesson="drivers.inject"
    >
      {t('drivers.inject')}
    </Button>
  );
  return (
    <Page title={t('drivers.title')} actions={inject}>
      <EmptyState title={t('drivers.start')}>
        <p>{t('drivers.startText')}</p>
      </EmptyState>
    </Page>
  );
}
