import type { ReadOutcome, StreamLocation } from '../../pipeline/tasks';

/** A stream whose data the new file must hold. */
export interface StreamToStore {
  readonly location: StreamLocation;
  /** Bytes, as far as is known before reading. */
  readonly size: number;
  /** Stored without compressing. */
  readonly store: boolean;
  /** Name of its file, where it is a file's own data: solid resources are sorted by it. */
  readonly name?: (() => string | undefined) | undefined;
  /** Path for messages. */
  readonly path: () => string;
  /**
   * Called once, in the order of the streams.
   * @param blob row in the blob table; NONE for a stream without data and for one that could not be read
   */
  readonly settle: (blob: number, outcome: ReadOutcome) => void;
}
