/** Phases of long operations, in words that a person reads. */
export type Phase =
  | 'Scanning'
  | 'Reading'
  | 'Archiving'
  | 'Writing metadata'
  | 'Calculating integrity table'
  | 'Verifying integrity'
  | 'Verifying'
  | 'Creating directories'
  | 'Extracting'
  | 'Setting metadata'
  | 'Copying'
  | 'Joining'
  | 'Splitting'
  | 'Replaying'
  | 'Comparing'
  | 'Sampling'
  | 'Reading drivers'
  | 'Installing drivers';

/** A snapshot of a long operation. The latest one wins; none has to arrive. */
export interface Progress {
  readonly phase: Phase;
  readonly filesDone: number;
  /** 0 while unknown. */
  readonly filesTotal: number;
  readonly bytesDone: number;
  /** 0 while unknown. */
  readonly bytesTotal: number;
  readonly currentPath?: string;
}
