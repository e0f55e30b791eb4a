import type { Settings } from '../../src-shared/contract/app';

/** The canvas of each theme: the window has it before the page has drawn anything, so that nothing flashes. */
export const backgroundColours = { light: '#f4f5f7', dark: '#15181c', contrast: '#000000' } as const;

/** What the system says. */
export interface SystemTheme {
  readonly shouldUseDarkColors: boolean;
  readonly shouldUseHighContrastColors: boolean;
}

/** What the system's own parts (frame, menus, dialogs) and `prefers-color-scheme` follow. The contrast theme is dark. */
export function themeSource(theme: Settings['theme']): 'system' | 'light' | 'dark' {
  return theme === 'contrast' ? 'dark' : theme;
}

/** The window's background. With `system` it follows the system, its high contrast included. */
export function backgroundColour(theme: Settings['theme'], system: SystemTheme): string {
  if (theme !== 'system') return backgroundColours[theme];
  if (system.shouldUseHighContrastColors) return backgroundColours.contrast;
  return system.shouldUseDarkColors ? backgroundColours.dark : backgroundColours.light;
}
