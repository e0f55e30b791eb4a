import { client } from '../api/api';
import { readApp } from './app';
import { readJobsAnew } from './jobs';
import { readLibrary } from './library';
import { lookAtSession } from './session';

/**
 * After a lost connection the events of the time between are missing, and the host may be another one by now: what
 * events keep up to date is read anew. Returns what ends that.
 */
export function readAnewAfterLoss(): () => void {
  let lost = client.state === 'lost';
  return client.onState((state) => {
    if (state === 'connected' && lost) {
      // What cannot be read now fails again where somebody asks for it, and is shown there.
      void Promise.allSettled([readApp(), readJobsAnew(), readLibrary(), lookAtSession()]);
    }
    lost = state === 'lost';
  });
}
