import { useEffect, useMemo, type ReactNode } from 'react';
import type { WindowCommand } from '../../../src-shared/contract/app';
import { api } from '../../api/api';
import { useText, type Translate } from '../../i18n/translate';
import { changeSettings } from '../../stores/app';
import { allCommands, openPalette, useCommands, useCommandState, type Command } from '../../stores/commands';
import { navigate } from '../../stores/route';
import { openWimDialog } from '../files/openWim';

function frameCommands(t: Translate): Command[] {
  const theme = (name: 'light' | 'dark' | 'contrast' | 'system') => () =>
    void changeSettings({ theme: name });
  return [
    { id: 'open-wim', label: t('command.openWim'), shortcut: 'Ctrl+O', run: () => void openWimDialog() },
    {
      id: 'capture',
      label: t('command.capture'),
      shortcut: 'Ctrl+Shift+C',
      run: () => navigate('wizard', { name: 'capture' }),
    },
    { id: 'append', label: t('command.append'), run: () => navigate('wizard', { name: 'append' }) },
    { id: 'apply', label: t('command.apply'), run: () => navigate('wizard', { name: 'apply' }) },
    { id: 'prepare', label: t('command.prepare'), run: () => navigate('wizard', { name: 'prepare' }) },
    { id: 'inject', label: t('command.drivers'), run: () => navigate('wizard', { name: 'drivers' }) },
    { id: 'info', label: t('command.info'), run: () => navigate('wizard', { name: 'info' }) },
    { id: 'images', label: t('command.images'), shortcut: 'Ctrl+1', run: () => navigate('images') },
    { id: 'disks', label: t('command.disks'), shortcut: 'Ctrl+4', run: () => navigate('disks') },
    { id: 'drivers', label: t('command.showDrivers'), shortcut: 'Ctrl+5', run: () => navigate('drivers') },
    { id: 'jobs', label: t('command.jobs'), shortcut: 'Ctrl+2', run: () => navigate('jobs') },
    { id: 'practice', label: t('command.practice'), shortcut: 'Ctrl+3', run: () => navigate('practice') },
    { id: 'settings', label: t('command.settings'), shortcut: 'Ctrl+,', run: () => navigate('settings') },
    { id: 'theme-light', label: t('command.themeLight'), run: theme('light') },
    { id: 'theme-dark', label: t('command.themeDark'), run: theme('dark') },
    { id: 'theme-contrast', label: t('command.themeContrast'), run: theme('contrast') },
    { id: 'theme-system', label: t('command.themeSystem'), run: theme('system') },
  ];
}

/** Commands that every view has, their keys, and those that come from the system's menu. Draws nothing. */
export function FrameCommands(): ReactNode {
  const t = useText();
  const commands = useMemo(() => frameCommands(t), [t]);
  useCommands('frame', commands);
  useEffect(() => api.app.command(obey), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      if (event.key.toLowerCase() === 'k' && !event.shiftKey) {
        event.preventDefault();
        openPalette();
        return;
      }
      const wanted = `Ctrl+${event.shiftKey ? 'Shift+' : ''}${event.key.length === 1 ? event.key.toUpperCase() : event.key}`;
      const command = allCommands(useCommandState.getState()).find(({ shortcut }) => shortcut === wanted);
      if (command === undefined) return;
      event.preventDefault();
      command.run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return null;
}

/** Does what the menu, the system or a second start asks for. */
function obey(order: WindowCommand): void {
  if (order.command === 'open-path') {
    navigate('image', { wim: order.path });
  } else if (order.command === 'palette') {
    openPalette();
  } else if (order.command === 'help') {
    navigate('practice');
  } else {
    const wanted: string = order.command;
    allCommands(useCommandState.getState())
      .find(({ id }) => id === wanted)
      ?.run();
  }
}
