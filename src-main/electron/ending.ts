import type { ActiveJobs } from '../app/shell';
import { fill, type Words } from './words';
import type { MessageBoxOptions } from 'electron';

/** What the person decided about jobs that still run. */
export type EndingChoice = 'keep' | 'quit' | 'back';

/** Order of the buttons of {@link endingQuestion}; Esc means the last one. */
export const endingChoices: readonly EndingChoice[] = ['keep', 'quit', 'back'];

/** Asked before the program ends while jobs run or wait. */
export function endingQuestion({ running, queued }: ActiveJobs, words: Words): MessageBoxOptions {
  const count = running + queued;
  return {
    type: 'question',
    title: 'Wimsmith',
    message: count === 1 ? words.closeOneJob : fill(words.closeManyJobs, { count }),
    detail: words.closeDetail,
    buttons: [words.keepRunning, words.cancelAndQuit, words.back],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  };
}

export interface EndingParts {
  readonly activeJobs: () => ActiveJobs;
  readonly ask: (jobs: ActiveJobs) => Promise<EndingChoice>;
  readonly minimize: () => void;
  /** Cancels what runs, cleans up, ends all threads. It never rejects. */
  readonly finish: () => Promise<void>;
  /** Lets the program end: windows close, then the process. */
  readonly quit: () => void;
}

interface Preventable {
  preventDefault(): void;
}

/**
 * The program's end. Closing the window and quitting are the same: while jobs are under way the person is asked, then
 * the workbench is closed, and only then the windows and the process go.
 */
export class Ending {
  private state: 'open' | 'asking' | 'finishing' | 'finished' = 'open';

  constructor(private readonly parts: EndingParts) {}

  /** Handler of a window's `close` and of the app's `before-quit`. */
  readonly onRequest = (event: Preventable): void => {
    if (this.state === 'finished') return;
    event.preventDefault();
    if (this.state === 'open') void this.decide();
  };

  /** Handler of a window's `query-session-end`: the system says which program keeps it from shutting down. */
  readonly onQuerySessionEnd = (event: Preventable): void => {
    if (this.state !== 'finished' && this.busy()) event.preventDefault();
  };

  /** Ends without a question. */
  readonly end = async (): Promise<void> => {
    if (this.state === 'finishing' || this.state === 'finished') return;
    this.state = 'finishing';
    await this.parts.finish();
    this.state = 'finished';
    this.parts.quit();
  };

  private busy(): boolean {
    const { running, queued } = this.parts.activeJobs();
    return running + queued > 0;
  }

  private async decide(): Promise<void> {
    if (this.busy()) {
      this.state = 'asking';
      const choice = await this.parts.ask(this.parts.activeJobs()).finally(() => {
        if (this.state === 'asking') this.state = 'open';
      });
      if (choice === 'keep') this.parts.minimize();
      if (choice !== 'quit') return;
    }
    await this.end();
  }
}
