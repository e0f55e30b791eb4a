import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { classes } from './classes';

/**
 * A question or a small form over the page. Esc closes it; focus goes back to where it came from. Dialogs are not stacked.
 */
export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  footer,
  wide = false,
  role = 'dialog',
}: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons, the one that does it last. */
  readonly footer?: ReactNode;
  readonly wide?: boolean;
  readonly role?: 'dialog' | 'alertdialog';
}): ReactNode {
  return (
    <ModalOverlay
      className="ui-scrim"
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      isDismissable={role === 'dialog'}
    >
      <Modal className={classes('ui-modal', wide && 'wide')}>
        <AriaDialog className="ui-dialog" role={role}>
          <header>
            <Heading slot="title">{title}</Heading>
          </header>
          <div className="body stack">{children}</div>
          {footer !== undefined && <footer>{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
