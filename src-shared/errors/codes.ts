/** What an error code means to the person and to a script. */
export interface ErrorCodeInfo {
  /** Exit code of the command line. 1: the operation failed; 2: the file is bad; 3: the command line is wrong. */
  readonly exitCode: number;
  /** What to do about it, one sentence; empty when the message says it all. */
  readonly hint: string;
}

const codes = {
  'usage/invalid': { exitCode: 3, hint: 'Run "wimsmith help VERB" to see what the verb accepts.' },
  'job/cancelled': { exitCode: 130, hint: '' },
  'internal/bug': {
    exitCode: 70,
    hint: 'This is a fault in wimsmith itself; please report the whole message.',
  },
  'job/no-memory': {
    exitCode: 1,
    hint: 'Allow more with --memory, use fewer threads, or choose smaller chunks where the file is yours to make.',
  },
  'job/interrupted': { exitCode: 1, hint: '' },
  'plan/needed': { exitCode: 3, hint: 'Look at the plan first, and confirm it.' },
  'plan/stale': {
    exitCode: 4,
    hint: 'Something changed since the plan was made: look at the new plan.',
  },
  'session/closed': { exitCode: 1, hint: 'Open the file again.' },
  'host/lost': { exitCode: 1, hint: 'The window connects again by itself when the program is back.' },
  'host/refused': { exitCode: 5, hint: 'Use the address that the program printed when it started.' },
  'io/not-found': { exitCode: 4, hint: 'Check the path.' },
  'io/exists': { exitCode: 4, hint: 'Choose another name, or remove what is there first.' },
  'io/no-permission': { exitCode: 5, hint: 'Choose a place you may use, or run with the rights it needs.' },
  'io/no-space': { exitCode: 6, hint: 'Free some space or choose another place.' },
  'io/read-only': { exitCode: 5, hint: 'Choose a place that can be written to.' },
  'io/not-a-directory': { exitCode: 4, hint: 'Check the path.' },
  'io/not-empty': { exitCode: 4, hint: 'Choose an empty directory.' },
  'io/failed': { exitCode: 1, hint: '' },
  'source/changed': { exitCode: 7, hint: 'Capture from a place that is not in use, or from a snapshot.' },
  'source/unreadable': { exitCode: 5, hint: '' },
  'source/bad-name': { exitCode: 1, hint: 'Rename the file, or exclude it.' },
  'target/cannot-keep': { exitCode: 1, hint: '' },
  'wim/not-a-wim': { exitCode: 2, hint: 'The file is not a WIM, or its beginning is damaged.' },
  'wim/malformed': {
    exitCode: 2,
    hint: 'The file is damaged or was not made by a conforming program.',
  },
  'wim/truncated': { exitCode: 2, hint: 'The file is shorter than it says; copy or download it again.' },
  'wim/integrity': { exitCode: 2, hint: 'The file changed after it was made; copy or download it again.' },
  'wim/blob-corrupt': { exitCode: 2, hint: 'The data stored in the file is damaged; use another copy.' },
  'wim/encrypted': {
    exitCode: 2,
    hint: 'An encrypted ESD opens only with the key that Windows Update gives out.',
  },
  'wim/unsupported': { exitCode: 8, hint: '' },
  'wim/missing-part': {
    exitCode: 4,
    hint: 'Put all parts of the set beside each other, or name them with --ref.',
  },
  'wim/missing-blob': { exitCode: 4, hint: 'Name the files that hold the missing data with --ref.' },
  'wim/no-such-image': { exitCode: 4, hint: 'Run "wimsmith info FILE" to see the images.' },
  'wim/no-such-path': { exitCode: 4, hint: 'Run "wimsmith dir FILE IMAGE" to see the paths.' },
  'wim/name-taken': { exitCode: 4, hint: 'Choose another image name.' },
  'wim/read-only': {
    exitCode: 5,
    hint: 'Clear the read-only property with "wimsmith info FILE --no-readonly".',
  },
  'wim/split': { exitCode: 8, hint: 'Join the parts first with "wimsmith join".' },
  'wim/busy': { exitCode: 5, hint: 'Another program is writing this file; try again when it is done.' },
  'wim/bad-edit': { exitCode: 4, hint: '' },
  'disk/malformed': {
    exitCode: 2,
    hint: 'The disk or its file is damaged, or was not made by a conforming program.',
  },
  'disk/truncated': { exitCode: 2, hint: 'The file is shorter than it says; copy it again.' },
  'disk/unsupported': { exitCode: 8, hint: '' },
  'disk/not-a-disk': { exitCode: 2, hint: 'Choose a raw, VHD or VHDX disk file, or a physical disk.' },
  'disk/no-parent': {
    exitCode: 4,
    hint: 'Put the parent disk back where it was, or beside the differencing disk.',
  },
  'disk/no-such-volume': { exitCode: 4, hint: 'Run "wimsmith disk info FILE" to see the volumes.' },
  'disk/ambiguous-volume': {
    exitCode: 4,
    hint: 'Name the volume with --volume; "wimsmith disk info FILE" lists them.',
  },
  'disk/refused': {
    exitCode: 5,
    hint: 'Run "wimsmith disk list" to see which disks can be a target, and why.',
  },
  'disk/in-use': { exitCode: 5, hint: 'Close what uses the disk, and unmount its volumes.' },
  'disk/changed': { exitCode: 4, hint: 'Look at the plan again: the disk is not the one it was made for.' },
  'disk/gone': { exitCode: 1, hint: 'Connect the disk again; what was being made on it is not complete.' },
  'disk/too-small': { exitCode: 6, hint: 'Choose a larger disk or smaller partitions.' },
  'disk/needs-confirmation': { exitCode: 3, hint: 'Look at the plan, then type the name of the disk.' },
  'disk/not-empty': { exitCode: 4, hint: 'Say --overwrite to erase what is there.' },
  'volume/malformed': { exitCode: 2, hint: 'Run chkdsk on the volume, then try again.' },
  'volume/unsupported': { exitCode: 8, hint: '' },
  'volume/encrypted': {
    exitCode: 8,
    hint: 'Unlock the volume in Windows and turn BitLocker off, then try again.',
  },
  'volume/in-use': {
    exitCode: 5,
    hint: 'Start Windows and shut it down whole (hold Shift while choosing Shut down), then try again.',
  },
  'layout/invalid': { exitCode: 3, hint: 'Run "wimsmith help disk" to see what a layout holds.' },
  'registry/malformed': {
    exitCode: 2,
    hint: 'The hive is damaged: take it from a backup, or from \\Windows\\System32\\config\\RegBack.',
  },
  'registry/not-a-hive': {
    exitCode: 2,
    hint: 'Choose a registry hive, as those in \\Windows\\System32\\config.',
  },
  'registry/dirty': {
    exitCode: 2,
    hint: 'Put its .LOG1 and .LOG2 files beside the hive, or start that Windows once and shut it down.',
  },
  'registry/unsupported': { exitCode: 8, hint: '' },
  'registry/no-such-key': { exitCode: 4, hint: '' },
  'registry/bad-edit': { exitCode: 4, hint: '' },
  'inf/malformed': { exitCode: 2, hint: 'Take the driver package from its vendor again.' },
  'catalog/malformed': { exitCode: 2, hint: 'Take the driver package from its vendor again.' },
  'archive/malformed': { exitCode: 2, hint: 'The archive is damaged; copy or download it again.' },
  'archive/unsupported': {
    exitCode: 8,
    hint: 'Unpack the archive with another program, and choose the folder.',
  },
  'archive/unsafe-name': {
    exitCode: 2,
    hint: 'The archive wants to write outside its folder: do not trust it.',
  },
  'devices/unreadable': {
    exitCode: 2,
    hint: 'Save the list with "pnputil /enum-devices /ids", or with the script that "wimsmith drivers collect" writes.',
  },
  'drivers/none': { exitCode: 4, hint: 'Choose a folder, a .zip or a .cab that holds .inf files.' },
  'drivers/faulty': {
    exitCode: 4,
    hint: 'Say --skip-faulty to add the good ones only, or --force-faulty to add all.',
  },
  'drivers/no-such-driver': { exitCode: 4, hint: 'Run "wimsmith drivers list" to see the names.' },
  'drivers/windows-unknown': { exitCode: 3, hint: 'Name it as 11-24H2, 10-22H2, server-2022 or 10.0.26100.' },
  'drivers/dism-failed': { exitCode: 1, hint: 'Look at \\Windows\\Logs\\DISM\\dism.log.' },
  'answer/malformed': { exitCode: 2, hint: 'Open the answer file in an XML editor, or leave it out.' },
  'offline/not-windows': { exitCode: 4, hint: 'Choose an image, a folder or a volume that holds \\Windows.' },
  'offline/read-only': {
    exitCode: 8,
    hint: 'Add the drivers to the image and apply it anew, or mount the volume and name the folder.',
  },
  'offline/too-large': { exitCode: 8, hint: '' },
} as const satisfies Record<string, ErrorCodeInfo>;

/** Every code an {@link AppError} can carry. */
export type ErrorCode = keyof typeof codes;

/** Code to exit code and hint. */
export const errorCodes: Readonly<Record<ErrorCode, ErrorCodeInfo>> = codes;

/** Whether a text is an error code: for codes that come from another thread or process. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(codes, code);
}
