import type { BrowserWindow, Dialog, FileFilter, OpenDialogOptions, SaveDialogOptions } from 'electron';
import type { PickOptions } from '../app/shell';

/** The system's own open and save dialogs, belonging to the window if there is one. */
export function createPick(
  dialog: Pick<Dialog, 'showOpenDialog' | 'showSaveDialog'>,
  window: () => BrowserWindow | undefined,
): (options: PickOptions) => Promise<string | null> {
  return async (options) => {
    const parent = window();
    if (options.kind === 'save-file') {
      const save = saveOptions(options);
      const { canceled, filePath } = await (parent === undefined
        ? dialog.showSaveDialog(save)
        : dialog.showSaveDialog(parent, save));
      return canceled || filePath === '' ? null : filePath;
    }
    const open = openOptions(options);
    const { canceled, filePaths } = await (parent === undefined
      ? dialog.showOpenDialog(open)
      : dialog.showOpenDialog(parent, open));
    return canceled ? null : (filePaths.at(0) ?? null);
  };
}

function common({ title, filters, defaultPath }: PickOptions): {
  title: string;
  filters: FileFilter[];
  defaultPath?: string;
} {
  return {
    title,
    filters: filters.map(({ name, extensions }) => ({ name, extensions: [...extensions] })),
    ...(defaultPath === '' ? {} : { defaultPath }),
  };
}

function saveOptions(options: PickOptions): SaveDialogOptions {
  // Whoever gets a path from here replaces what is there: Linux asks about that only when it is told to.
  const properties = ['createDirectory', 'showHiddenFiles', 'showOverwriteConfirmation'] as const;
  return { ...common(options), properties: [...properties] };
}

function openOptions(options: PickOptions): OpenDialogOptions {
  const what = options.kind === 'open-folder' ? ('openDirectory' as const) : ('openFile' as const);
  return { ...common(options), properties: [what, 'createDirectory', 'showHiddenFiles'] };
}
