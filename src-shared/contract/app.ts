import { z } from 'zod';
import { channel, event, request } from '../rpc/declare';
import { driverSets, driverSources } from './driverLibrary';
import { count, path, text } from './shapes';

export const ExclusionList = z.object({
  id: z.string().min(1).max(100),
  name: text.min(1),
  /** Text of a wimscript.ini. */
  config: z.string().max(1_000_000),
});
export type ExclusionList = z.infer<typeof ExclusionList>;

/** What a person set. Unknown or damaged fields of a settings file fall back to the defaults one by one. */
export const Settings = z.object({
  /** `solid` is solid LZMS. */
  compression: z.enum(['xpress', 'lzx', 'lzms', 'solid', 'none']),
  /** 0: one for each processor. */
  threads: count.max(64),
  /** Megabytes that the threads of a job may use for data and codecs; 0: half of the machine's memory. */
  memory: count.max(1 << 20),
  /** Jobs let other programs of the machine go first, where the system can do that. */
  lowPriority: z.boolean(),
  /** Write an integrity table into new WIM files. */
  integrity: z.boolean(),
  /** Verify a WIM after it was captured or appended to. */
  verifyAfterwards: z.boolean(),
  /** Jobs that run at the same time; the others wait. */
  jobsAtOnce: count.min(1).max(8),
  exclusionLists: z.array(ExclusionList).max(100),
  /** Where new WIM files go unless told otherwise. '' : the person's documents. */
  imageFolder: z.string(),
  watchedFolders: z.array(path).max(100),
  /** Folders, archives and INFs of the driver library. */
  driverSources,
  driverSets,
  theme: z.enum(['system', 'light', 'dark', 'contrast']),
  /** Percent. */
  textSize: z.union([z.literal(100), z.literal(115), z.literal(130), z.literal(150)]),
  language: z.enum(['system', 'en', 'de']),
});
export type Settings = z.infer<typeof Settings>;

export const defaultSettings: Settings = {
  compression: 'lzx',
  threads: 0,
  memory: 0,
  lowPriority: false,
  integrity: true,
  verifyAfterwards: false,
  jobsAtOnce: 1,
  exclusionLists: [],
  imageFolder: '',
  watchedFolders: [],
  driverSources: [],
  driverSets: [],
  theme: 'system',
  textSize: 100,
  language: 'system',
};

export const AppInfo = z.object({
  version: z.string(),
  shell: z.enum(['electron', 'headless']),
  platform: z.string(),
  /** '/' or '\'. */
  separator: z.string(),
  /** Open and save dialogs of the system. */
  nativeDialogs: z.boolean(),
  /** A file manager that can show a file. */
  canReveal: z.boolean(),
  processors: count,
  /** Bytes of memory that the program may have: the machine's, or what a container allows. */
  memory: count,
  /** Jobs can be run with a lower priority than the program itself. */
  canLowerPriority: z.boolean(),
  dataFolder: z.string(),
  imageFolder: z.string(),
  /** Text of the documented default exclusions, a wimscript.ini. */
  defaultExclusions: z.string(),
  /** What the start asked for: open the practice bench; open a file. */
  start: z.object({ practice: z.boolean(), open: z.string().nullable() }),
});
export type AppInfo = z.infer<typeof AppInfo>;

/** What a menu, an accelerator, the system or a second start asks the window to do. */
export const WindowCommand = z.discriminatedUnion('command', [
  z.object({
    command: z.enum([
      'open-wim',
      'capture',
      'append',
      'apply',
      'images',
      'jobs',
      'practice',
      'settings',
      'palette',
      'help',
    ]),
  }),
  /** A file that was double-clicked, dropped on the icon or given to a second start. */
  z.object({ command: z.literal('open-path'), path: z.string() }),
]);
export type WindowCommand = z.infer<typeof WindowCommand>;

export const app = channel('app', {
  info: request({ in: z.object({}), out: AppInfo }),
  settings: request({ in: z.object({}), out: Settings }),
  /** Changes the fields that are given. */
  changeSettings: request({ in: Settings.partial(), out: Settings }),
  settingsChanged: event({ out: Settings }),
  /** Versions, settings, logs and job history as a zip; nothing that images hold. */
  saveDiagnostics: request({
    in: z.object({ path, overwrite: z.boolean() }),
    out: z.object({ path: z.string(), size: count }),
    errors: ['io/exists', 'io/no-space', 'io/no-permission'],
  }),
  command: event({ out: WindowCommand }),
});
