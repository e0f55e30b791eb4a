import { lazy, Suspense, type ReactNode } from 'react';
import { useOpenPick } from './pickPath';

/** Loaded when the first path is chosen. */
const PathBrowser = lazy(async () => ({ default: (await import('./PathBrowser')).PathBrowser }));

/** Shows the path browser when something asks for a path. Mounted once, in the frame. */
export function PathBrowserHost(): ReactNode {
  const { open } = useOpenPick();
  if (open === null) return null;
  return (
    <Suspense fallback={null}>
      <PathBrowser request={open.request} onAnswer={open.answer} />
    </Suspense>
  );
}
