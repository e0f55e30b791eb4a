import { Component, lazy, Suspense, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { useText, useLanguage } from '../../i18n/translate';
import { useRoute, type ViewName } from '../../stores/route';
import { ErrorNotice } from '../../ui/errorNotice';
import { LessonHost } from './LessonHost';
import { DropTarget } from '../files/DropTarget';
import { OpenProblemDialog } from '../files/OpenProblemDialog';
import { PathBrowserHost } from '../files/PathBrowserHost';
import { CommandPalette } from './CommandPalette';
import { FrameCommands } from './FrameCommands';
import { ConnectionStrip } from './ConnectionStrip';
import './frame.css';
import { JobStrip } from './JobStrip';
import { Rail } from './Rail';

/** Each view is loaded when it is first shown: the first one counts most. */
const views: Readonly<Record<ViewName, ReturnType<typeof lazy>>> = {
  images: lazy(async () => ({ default: (await import('../images/ImagesView')).ImagesView })),
  image: lazy(async () => ({ default: (await import('../image/ImageView')).ImageView })),
  disks: lazy(async () => ({ default: (await import('../disks/DisksView')).DisksView })),
  drivers: lazy(async () => ({ default: (await import('../drivers/DriversView')).DriversView })),
  wizard: lazy(async () => ({ default: (await import('../../wizards/WizardView')).WizardView })),
  jobs: lazy(async () => ({ default: (await import('../jobs/JobsView')).JobsView })),
  practice: lazy(async () => ({ default: (await import('../practice/PracticeView')).PracticeView })),
  settings: lazy(async () => ({ default: (await import('../settings/SettingsView')).SettingsView })),
};

/** The window: rail, view, job strip. */
export function App(): ReactNode {
  const t = useText();
  const language = useLanguage();
  const { view } = useRoute();
  const View = views[view];
  return (
    <I18nProvider locale={language}>
      <FrameCommands />
      <div className="frame">
        <a className="skip" href="#view" onClick={focusView}>
          {t('frame.skip')}
        </a>
        <Rail />
        <main className="view" id="view" tabIndex={-1}>
          <ViewBoundary key={view}>
            <Suspense fallback={<p className="view-loading">{t('common.loading')}</p>}>
              <View />
            </Suspense>
          </ViewBoundary>
        </main>
        <div className="strips">
          <ConnectionStrip />
          <DropTarget />
          <JobStrip />
        </div>
      </div>
      <CommandPalette />
      <LessonHost />
      <OpenProblemDialog />
      <PathBrowserHost />
    </I18nProvider>
  );
}

/** The address keeps the route, so the link only moves the focus. */
function focusView(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('view')?.focus();
}

interface BoundaryState {
  readonly error: unknown;
}

/** A view that fails says so in its own place; the frame goes on. */
class ViewBoundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: undefined };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return (
      <div className="view-loading">
        <ErrorNotice error={this.state.error} onRetry={() => this.setState({ error: undefined })} />
      </div>
    );
  }
}
