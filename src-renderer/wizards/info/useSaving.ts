import { useState } from 'react';
import { AppError } from '../../../src-shared/errors/appError';
import { api } from '../../api/api';
import { currentText } from '../../i18n/translate';
import { useApp } from '../../stores/app';
import { pickPath } from '../../views/files/pickPath';
import { reportExtensions, type ReportFormat } from './reportFormats';

interface Saving {
  /** Where the last report went. */
  readonly saved: string | null;
  /** A file of that name is there: it is replaced when the person says so. */
  readonly taken: string | null;
  readonly fault: unknown;
  readonly save: (format: ReportFormat, wimName: string, content: string) => Promise<void>;
  readonly replace: (content: string) => Promise<void>;
  readonly dismiss: () => void;
}

/** Saves text where the person says; what is there is replaced only on a word. */
export function useSaving(): Saving {
  const [saved, setSaved] = useState<string | null>(null);
  const [taken, setTaken] = useState<string | null>(null);
  const [fault, setFault] = useState<unknown>();

  const write = async (path: string, content: string, overwrite: boolean): Promise<void> => {
    try {
      await api.files.saveText({ path, content, overwrite });
      setSaved(path);
      setTaken(null);
    } catch (error) {
      if (error instanceof AppError && error.code === 'io/exists' && !overwrite) setTaken(path);
      else {
        setTaken(null);
        setFault(error);
      }
    }
  };
  const save = async (format: ReportFormat, wimName: string, content: string): Promise<void> => {
    setFault(undefined);
    setSaved(null);
    const extension = reportExtensions[format];
    const t = currentText();
    try {
      const { info } = useApp.getState();
      const folder = info?.imageFolder ?? '';
      const path = await pickPath({
        kind: 'save-file',
        title: t(`wizards.info.save.${format}`),
        filters: [{ name: t(`wizards.info.kind.${format}`), extensions: [extension] }],
        defaultPath: `${folder}${info?.separator ?? '/'}${wimName.replace(/\.[^.]+$/, '')}.${extension}`,
      });
      if (path === null) return;
      const named = /\.[^./\\]+$/.test(path) ? path : `${path}.${extension}`;
      // The system's own dialog has asked already about a file that is there.
      await write(named, content, info?.nativeDialogs === true && named === path);
    } catch (error) {
      setFault(error);
    }
  };
  return {
    saved,
    taken,
    fault,
    save,
    replace: async (content) => {
      if (taken !== null) await write(taken, content, true);
    },
    dismiss: () => setTaken(null),
  };
}
