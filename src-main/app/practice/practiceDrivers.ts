import type { drivers } from '../../../src-shared/contract/drivers';
import { AppError } from '../../../src-shared/errors/appError';
import type { StoredDriver } from '../../../src-shared/model/drivers';
import type { Proxy } from '../../../src-shared/rpc/client';
import type { engine } from '../threads/engineChannel';

/** The image of the lesson about drivers: a small one of the bench. */
export interface LessonDrivers {
  /** Makes a WIM of a folder. Does nothing where there is one. */
  makeImage(source: string, wim: string): Promise<void>;
  /** Drivers that were put into the first image of a WIM. @throws AppError when it cannot be read */
  staged(wim: string): Promise<readonly StoredDriver[]>;
}

/** What the lesson uses of the channel of drivers, and of the engine. */
export interface DriverClients {
  readonly drivers: Pick<Proxy<(typeof drivers)['members']>, 'list' | 'stored' | 'close'>;
  readonly engine: Pick<Proxy<(typeof engine)['members']>, 'run'>;
}

/** More than any learner puts in. */
const MOST = 1000;

/** Works on the image through an engine thread. @param clients asked for each time, as a thread may be replaced */
export function driversThroughEngine(clients: () => DriverClients): LessonDrivers {
  return {
    async makeImage(source, wim) {
      const request = { source, wim, name: 'Windows 11 without drivers', integrity: true };
      try {
        const compression = { format: 'xpress' as const };
        const job = await clients().engine.run({
          work: { verb: 'capture', request: { ...request, compression } },
        });
        await job.result;
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'io/exists')) throw error;
      }
    },
    async staged(wim) {
      const { drivers: channel } = clients();
      const { session } = await (await channel.list({ place: { path: wim, image: 1 }, all: false })).result;
      const { rows } = await channel.stored({ session, offset: 0, limit: MOST });
      await channel.close({ session });
      return rows.filter(({ origin }) => origin === 'staged');
    },
  };
}
