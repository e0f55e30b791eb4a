import os from 'node:os';
import type { AppInfo, Settings } from '../../../src-shared/contract/app';
import { defaultCaptureConfig, type CaptureConfig } from '../../engine/tree/exclusions/captureConfig';
import { personFolders } from '../../platform/personFolders';
import { machineMemory } from '../../workers/nodeHost';
import type { WorkbenchOptions } from '../shell';
import { canLowerPriority } from '../threads/priority';

export interface AppInfoOptions extends Pick<
  WorkbenchOptions,
  'version' | 'shell' | 'start' | 'dataDirectory'
> {
  readonly home: string;
  readonly separator: string;
  readonly settings: () => Settings;
}

/** The handler of app.info: what the program and its system are. */
export function createAppInfo(options: AppInfoOptions): {
  readonly handlers: { info: () => Promise<AppInfo> };
} {
  const { shell, settings } = options;
  return {
    handlers: {
      info: async () => ({
        version: options.version,
        shell: shell.kind,
        platform: process.platform,
        separator: options.separator,
        nativeDialogs: shell.pick !== undefined,
        canReveal: shell.reveal !== undefined,
        processors: os.availableParallelism(),
        memory: machineMemory(),
        canLowerPriority,
        dataFolder: options.dataDirectory,
        imageFolder: await imageFolder(settings(), options.home),
        defaultExclusions: captureConfigText(defaultCaptureConfig),
        start: options.start,
      }),
    },
  };
}

/** Where new WIM files go: as set, or the person's documents, or home. */
export async function imageFolder(settings: Settings, home: string): Promise<string> {
  if (settings.imageFolder !== '') return settings.imageFolder;
  return (await personFolders(home)).documents ?? home;
}

/** Text of a wimscript.ini that says the same. */
export function captureConfigText(config: CaptureConfig): string {
  const sections: [string, readonly string[]][] = [
    ['ExclusionList', config.exclusionList],
    ['ExclusionException', config.exclusionException],
    ['CompressionExclusionList', config.compressionExclusionList],
    ['CompressionFolderList', config.compressionFolderList],
    ['AlignmentList', config.alignmentList],
    ['PrepopulateList', config.prepopulateList],
  ];
  return sections
    .filter(([, patterns]) => patterns.length > 0)
    .map(
      ([name, patterns]) =>
        `[${name}]\n${patterns.map((text) => `${text.replaceAll('/', '\\')}\n`).join('')}`,
    )
    .join('\n');
}
