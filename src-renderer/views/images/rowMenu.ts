import {
  ClipboardCopy,
  FileInput,
  FileSearch,
  FileText,
  FolderOpen,
  FolderOutput,
  ListX,
  RefreshCw,
  ShieldCheck,
  SquareArrowOutUpRight,
} from 'lucide-react';
import type { LibraryRow } from '../../../src-shared/contract/library';
import type { Translate } from '../../i18n/translate';
import type { MenuEntry } from '../../ui/menu';
import {
  copyPath,
  locateRow,
  lookAgain,
  openRow,
  removeRow,
  revealRow,
  verifyRow,
  wizardFor,
} from './actions';

/** Everything that can be done with a file of the library: for its menu, the panel and the command palette. */
export function rowActions(row: LibraryRow, t: Translate, canReveal: boolean): MenuEntry[] {
  const { state } = row;
  const usable: MenuEntry[] = [
    { id: 'open', label: t('common.open'), icon: SquareArrowOutUpRight, run: () => openRow(row) },
    { id: 'verify', label: t('images.verify'), icon: ShieldCheck, run: () => void verifyRow(row) },
    { id: 'append', label: t('images.append'), icon: FileInput, run: () => wizardFor('append', row) },
    { id: 'apply', label: t('images.apply'), icon: FolderOutput, run: () => wizardFor('apply', row) },
    { id: 'report', label: t('images.report'), icon: FileText, run: () => wizardFor('info', row) },
  ];
  const troubled: MenuEntry[] = [
    { id: 'locate', label: t('images.locate'), icon: FileSearch, run: () => void locateRow(row) },
    { id: 'again', label: t('images.again'), icon: RefreshCw, run: () => void lookAgain(row) },
  ];
  return [
    ...(state === 'ok' ? usable : troubled),
    ...(canReveal && state !== 'missing'
      ? [{ id: 'reveal', label: t('images.reveal'), icon: FolderOpen, run: () => void revealRow(row) }]
      : []),
    { id: 'copy', label: t('images.copyPath'), icon: ClipboardCopy, run: () => void copyPath(row) },
    { id: 'remove', label: t('images.remove'), icon: ListX, run: () => void removeRow(row) },
  ];
}
