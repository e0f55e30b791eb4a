import type { MenuItemConstructorOptions } from 'electron';
import type { WindowCommand } from '../../src-shared/contract/app';
import type { Words } from './words';

type SimpleCommand = Exclude<WindowCommand['command'], 'open-path'>;

export interface MenuChoices {
  readonly words: Words;
  /** As process.platform. */
  readonly platform: string;
  /** The developer tools are for who builds the program. */
  readonly packaged: boolean;
  readonly command: (command: WindowCommand) => void;
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

/** The menu bar. Its items ask the window; what the window does, the workbench decides. */
export function menuTemplate({
  words,
  platform,
  packaged,
  command,
}: MenuChoices): MenuItemConstructorOptions[] {
  const item = (label: string, name: SimpleCommand, accelerator?: string): MenuItemConstructorOptions => ({
    id: name,
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => command({ command: name }),
  });
  const role = (
    name: NonNullable<MenuItemConstructorOptions['role']>,
    label: string,
  ): MenuItemConstructorOptions => ({ role: name, label });
  const mac = platform === 'darwin';
  const settings = item(words.settings, 'settings', 'CmdOrCtrl+,');

  const application: MenuItemConstructorOptions = {
    label: 'Wimsmith',
    submenu: [
      role('about', words.about),
      separator,
      settings,
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      role('quit', words.quit),
    ],
  };
  return [
    ...(mac ? [application] : []),
    {
      label: words.file,
      submenu: [
        item(words.openWim, 'open-wim', 'CmdOrCtrl+O'),
        separator,
        item(words.capture, 'capture', 'CmdOrCtrl+N'),
        item(words.append, 'append', 'CmdOrCtrl+Shift+N'),
        item(words.apply, 'apply', 'CmdOrCtrl+Shift+A'),
        ...(mac ? [] : [separator, role('quit', words.quit)]),
      ],
    },
    {
      label: words.edit,
      submenu: [
        role('undo', words.undo),
        role('redo', words.redo),
        separator,
        role('cut', words.cut),
        role('copy', words.copy),
        role('paste', words.paste),
        role('selectAll', words.selectAll),
      ],
    },
    {
      label: words.view,
      submenu: [
        item(words.images, 'images', 'CmdOrCtrl+1'),
        item(words.jobs, 'jobs', 'CmdOrCtrl+2'),
        item(words.practice, 'practice', 'CmdOrCtrl+3'),
        ...(mac ? [] : [settings]),
        separator,
        item(words.palette, 'palette', 'CmdOrCtrl+K'),
        separator,
        role('reload', words.reload),
        role('resetZoom', words.actualSize),
        role('zoomIn', words.zoomIn),
        role('zoomOut', words.zoomOut),
        role('togglefullscreen', words.fullScreen),
        ...(packaged ? [] : [role('toggleDevTools', words.developerTools)]),
      ],
    },
    {
      role: 'help',
      label: words.help,
      submenu: [
        item(words.helpContents, 'help', 'F1'),
        ...(mac ? [] : [separator, role('about', words.about)]),
      ],
    },
  ];
}
