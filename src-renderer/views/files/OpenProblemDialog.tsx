import type { ReactNode } from 'react';
import { useText } from '../../i18n/translate';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ErrorNotice } from '../../ui/errorNotice';
import { describeError } from '../../ui/errors';
import { PathText } from '../../ui/pieces';
import { openWim, openWimDialog, useOpenProblem } from './openWim';

/** Says why a file was not opened, whichever view it was asked from. */
export function OpenProblemDialog(): ReactNode {
  const t = useText();
  const { problem } = useOpenProblem();
  const close = (): void => useOpenProblem.setState({ problem: null });
  return (
    <Dialog
      title={t('files.openFailed')}
      isOpen={problem !== null}
      onClose={close}
      footer={
        <>
          <Button
            onPress={() => {
              close();
              void openWimDialog();
            }}
          >
            {t('files.openTitle')}
          </Button>
          <Button kind="primary" onPress={close}>
            {t('common.close')}
          </Button>
        </>
      }
    >
      {problem !== null && (
        <>
          {/* Most messages name the path by themselves. */}
          {!describeError(problem.error, t).message.includes(problem.path) && (
            <PathText path={problem.path} />
          )}
          <ErrorNotice
            error={problem.error}
            {...(problem.path === '' ? {} : { onRetry: () => void openWim(problem.path) })}
          />
        </>
      )}
    </Dialog>
  );
}
