import { vi } from 'vitest';
import type { DesktopBridge } from '../../../src-main/electron/ipcChannel';
import type { FakePage } from './page';

/** Runs the real preload script in a page and gives what the page then has. To be awaited one after the other. */
export async function runPreload(page: FakePage): Promise<DesktopBridge<object>> {
  vi.resetModules();
  vi.doMock('electron', () => page.preloadModule);
  try {
    await import('../../../src-main/entry/preload');
  } finally {
    vi.doUnmock('electron');
  }
  return page.world.get('wimsmith') as DesktopBridge<object>;
}
