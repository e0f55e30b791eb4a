import { X } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { api } from '../../api/api';
import { useText } from '../../i18n/translate';
import { navigate } from '../../stores/route';
import { IconButton } from '../../ui/button';
import { dragsFiles, droppedPaths, dropsTellPaths } from './droppedFiles';
import './files.css';
import { openWim, useOpenProblem } from './openWim';

/**
 * Takes files and folders that are dropped anywhere in the window: a WIM opens, a folder becomes the source of a capture.
 * Where something in the view takes them itself, it comes first. The strip says what a drop could not do.
 */
export function DropTarget(): ReactNode {
  const t = useText();
  const [over, setOver] = useState(false);
  const [note, setNote] = useState('');

  useEffect(() => {
    const onDragOver = (event: DragEvent): void => {
      if (!dragsFiles(event.dataTransfer)) return;
      // Without it the window would go to the file.
      event.preventDefault();
      setOver(!dialogIsOpen());
    };
    const onDragLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const end = (): void => setOver(false);
    const onDrop = (event: DragEvent): void => {
      setOver(false);
      if (!dragsFiles(event.dataTransfer)) return;
      event.preventDefault();
      // Nothing happens behind a dialog.
      if (dialogIsOpen()) return;
      const paths = droppedPaths(event.dataTransfer);
      if (paths === undefined) setNote(t('files.dropNoPath'));
      else if (paths.length > 0) void take(paths[0], (name) => setNote(t('files.dropNothing', { name })));
    };
    // A field that takes the drop stops the event; the hint goes in either case.
    window.addEventListener('drop', end, true);
    window.addEventListener('dragend', end, true);
    window.addEventListener('dragover', onDragOver);
    window.addEventListener('dragleave', onDragLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('drop', end, true);
      window.removeEventListener('dragend', end, true);
      window.removeEventListener('dragover', onDragOver);
      window.removeEventListener('dragleave', onDragLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [t]);

  return (
    <>
      {over && (
        <div className="files-drop" aria-hidden>
          <p>{dropsTellPaths() ? t('files.dropText') : t('files.dropNoPath')}</p>
        </div>
      )}
      <div role="status">
        {note !== '' && (
          <div className="files-drop-note">
            <span className="grow">{note}</span>
            <IconButton label={t('common.close')} icon={X} onPress={() => setNote('')} />
          </div>
        )}
      </div>
    </>
  );
}

async function take(path: string, onUnusable: (name: string) => void): Promise<void> {
  try {
    const status = await api.files.status({ path });
    if (status.kind === 'directory') navigate('wizard', { name: 'capture', source: status.path });
    else if (status.kind === 'file') await openWim(status.path);
    else onUnusable(status.name);
  } catch (error) {
    useOpenProblem.setState({ problem: { path, error } });
  }
}

function dialogIsOpen(): boolean {
  return document.querySelector('[role=dialog], [role=alertdialog]') !== null;
}
