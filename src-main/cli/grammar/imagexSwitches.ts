/** What follows an ImageX switch. */
export type SwitchValue = 'none' | 'one' | 'count' | 'compression' | 'files';

/** Switches that begin an ImageX line's work, and ours for it. */
export const imagexVerbs = {
  capture: 'capture',
  append: 'append',
  apply: 'apply',
  delete: 'delete',
  dir: 'dir',
  export: 'export',
  info: 'info',
  split: 'split',
} as const;

export type ImageXVerb = keyof typeof imagexVerbs;

/** Switches of ImageX for which there is no counterpart. */
export const imagexMountVerbs: readonly string[] = [
  'mount',
  'mountrw',
  'remount',
  'unmount',
  'commit',
  'cleanup',
];

export const imagexHelp: readonly string[] = ['?', 'h', 'help'];

/** Switches beside the verb. */
export const imagexSwitches: Readonly<Record<string, SwitchValue>> = {
  boot: 'none',
  check: 'none',
  compress: 'compression',
  config: 'one',
  count: 'count',
  flags: 'one',
  logfile: 'one',
  norpfix: 'none',
  ref: 'files',
  scroll: 'none',
  temp: 'one',
  verify: 'none',
  xml: 'none',
};

/** Switches that change what a verb does. */
export const effectiveSwitches: Readonly<Record<ImageXVerb, readonly string[]>> = {
  capture: ['boot', 'check', 'compress', 'config', 'flags', 'norpfix'],
  append: ['boot', 'check', 'config', 'flags', 'norpfix'],
  apply: ['check', 'norpfix', 'ref'],
  delete: ['check'],
  dir: [],
  export: ['boot', 'check', 'compress', 'ref'],
  info: ['boot', 'check', 'xml'],
  split: ['check'],
};

/** One switch as typed: "/Compress:fast" is 'compress' with 'fast' attached. */
export interface TypedSwitch {
  readonly name: string;
  readonly attached: string | undefined;
}

/** Reads `argument` as a switch that ImageX knows; undefined when it is something else, such as a POSIX path. */
export function knownSwitch(argument: string): TypedSwitch | undefined {
  const match = /^[/-]([a-z]+|\?)(?:[:=](.*))?$/is.exec(argument);
  if (match === null) return undefined;
  const name = match[1].toLowerCase();
  const known =
    Object.hasOwn(imagexVerbs, name) ||
    Object.hasOwn(imagexSwitches, name) ||
    imagexMountVerbs.includes(name) ||
    imagexHelp.includes(name);
  return known ? { name, attached: match[2] } : undefined;
}
