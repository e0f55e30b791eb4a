import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/ui.css';
import { startApp } from '../stores/app';
import { startJobs } from '../stores/jobs';
import { followDiskJobs } from '../stores/recentDisks';
import { startLibrary } from '../stores/library';
import { readAnewAfterLoss } from '../stores/reconnect';
import { navigate } from '../stores/route';
import { App } from '../views/frame/App';
import { StartFailure } from '../views/frame/StartFailure';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root element');
const page = createRoot(root);

async function start(): Promise<void> {
  const info = await startApp();
  // A reload stays where it was; only a first start goes where it was asked to.
  if (location.hash === '') {
    if (info.start.open !== null) navigate('image', { wim: info.start.open }, true);
    else navigate(info.start.practice ? 'practice' : 'images', {}, true);
  }
  page.render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
  readAnewAfterLoss();
  await Promise.all([startLibrary(), startJobs()]);
  followDiskJobs();
}

start().catch((error: unknown) => page.render(<StartFailure error={error} />));
