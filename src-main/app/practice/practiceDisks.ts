import type { disks } from '../../../src-shared/contract/disks';
import { AppError } from '../../../src-shared/errors/appError';
import type { DiskSummary } from '../../../src-shared/model/disks';
import type { Proxy } from '../../../src-shared/rpc/client';
import type { engine } from '../threads/engineChannel';

/** The disks of the lessons: small files of the bench, never one of the machine's. */
export interface LessonDisks {
  /** Makes the disk that is prepared anew: a data disk that somebody used before. Does nothing where there is one. */
  make(path: string): Promise<void>;
  /** @throws AppError when it is not there or is no disk */
  info(path: string): Promise<DiskSummary>;
  /** Files and directories of the volume with Windows. @throws AppError where there is none */
  countWindows(path: string): Promise<{ readonly files: number; readonly directories: number }>;
}

/** Bytes of the practice disk: enough for the partitions of a PC, and few on the machine's own disk. */
const SIZE = 4 * 2 ** 30;

/** What the lessons use of the channel of disks, and of the engine. */
export interface DiskClients {
  readonly disks: Pick<Proxy<(typeof disks)['members']>, 'info' | 'openVolume' | 'closeVolume'>;
  readonly engine: Pick<Proxy<(typeof engine)['members']>, 'run'>;
}

/** Works on disks through an engine thread. @param clients asked for each time, as a thread may be replaced */
export function disksThroughEngine(clients: () => DiskClients): LessonDisks {
  return {
    async make(path) {
      const layout = {
        table: 'gpt' as const,
        partitions: [
          { role: 'data' as const, size: '2GB', fileSystem: 'ntfs' as const, label: 'Old data' },
          { role: 'data' as const, size: 'rest', fileSystem: 'ntfs' as const, label: 'Backup' },
        ],
      };
      const request = { path, size: SIZE, format: 'vhdx' as const, layout };
      try {
        const job = await clients().engine.run({ work: { verb: 'diskCreate', request } });
        await job.result;
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'io/exists')) throw error;
      }
    },
    info: (path) => clients().disks.info({ disk: path }),
    async countWindows(path) {
      const { disks: channel } = clients();
      const opened = await (await channel.openVolume({ disk: path, volume: 'auto' })).result;
      await channel.closeVolume({ session: opened.session });
      return { files: opened.files, directories: opened.directories };
    },
  };
}
