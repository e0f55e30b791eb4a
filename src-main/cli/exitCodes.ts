/** What a script can tell from the exit code. AppError carries those of failures. */
export const exitCodes = {
  done: 0,
  failed: 1,
  badFile: 2,
  usage: 3,
  wrongPath: 4,
  notAllowed: 5,
  noSpace: 6,
  sourceChanged: 7,
  unsupported: 8,
  bug: 70,
  cancelled: 130,
  outputClosed: 141,
} as const;

/** For `wimsmith help exit-codes`. */
export const exitCodeTexts: readonly (readonly [code: number, meaning: string])[] = [
  [exitCodes.done, 'done'],
  [exitCodes.failed, 'the operation failed'],
  [exitCodes.badFile, 'the file is damaged or is no WIM; also: verify found faults'],
  [exitCodes.usage, 'the command line is wrong'],
  [exitCodes.wrongPath, 'a file, image or path is not there, or is in the way'],
  [exitCodes.notAllowed, 'no permission, read-only, unreadable, or in use by another program'],
  [exitCodes.noSpace, 'the disk is full'],
  [exitCodes.sourceChanged, 'the image was written, but files changed while they were read'],
  [exitCodes.unsupported, 'not supported'],
  [exitCodes.bug, 'a fault in wimsmith'],
  [exitCodes.cancelled, 'cancelled'],
  [exitCodes.outputClosed, 'the reader of standard output went away'],
];
