import { CancelledError } from '../../src-shared/errors/appError';
import type { TaskHandlers, TaskRunner, Tasks } from '../engine/pipeline/tasks';

/** Runs tasks in this thread, one at a time: for jobs too small to be worth a thread, and for tests. */
export function createInlineRunner(handlers: TaskHandlers): TaskRunner {
  let closed = false;
  return {
    width: 1,
    // What a handler throws becomes a rejection, as with threads; the pause lets other work in between tasks.
    async run(name, input) {
      await Promise.resolve();
      if (closed) throw new CancelledError('the task was given to a runner that is closed');
      const output: unknown = handlers[name](input);
      return (await output) as Tasks[typeof name]['out'];
    },
    prepare: () => undefined,
    close() {
      closed = true;
      return Promise.resolve();
    },
  };
}
