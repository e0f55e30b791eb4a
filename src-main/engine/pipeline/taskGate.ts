/** States of a gate. */
const WORKING = 0;
const WRITING = 1;
const CLOSED = 2;
const CLOSING = 3;

/**
 * What a long task and whoever waits for it agree on: a task expands for a second before it writes the first file. When
 * the job ends meanwhile, nobody waits for that, and no file may appear afterwards.
 */
export class TaskGate {
  private readonly state: Int32Array<SharedArrayBuffer>;

  /** @param memory of an existing gate */
  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.state = new Int32Array(memory);
  }

  /** By the task, before it touches files. @returns false: it must not */
  enter(): boolean {
    return Atomics.compareExchange(this.state, 0, WORKING, WRITING) === WORKING;
  }

  /** By the task, between files: whether it is to stop. */
  get isClosing(): boolean {
    return Atomics.load(this.state, 0) >= CLOSED;
  }

  /**
   * By whoever does not want the task's files any more.
   * @returns whether the task is writing them at this moment: its end has to be waited for
   */
  close(): boolean {
    if (Atomics.compareExchange(this.state, 0, WORKING, CLOSED) === WORKING) return false;
    return Atomics.compareExchange(this.state, 0, WRITING, CLOSING) === WRITING;
  }
}
