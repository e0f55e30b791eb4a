import type { Settings } from './app';
import type { Work } from './work';

/** What a person allows all jobs to take of the machine. */
export type Limits = Pick<Settings, 'threads' | 'memory'>;

const MB = 2 ** 20;

/**
 * The same work within the limits of the settings, as far as it does not say for itself. Work of the wizards keeps its
 * number of threads: they ask for it, and nothing said there means one for each processor.
 */
export function withLimits(work: Work, { threads, memory }: Limits): Work {
  const ofMemory = memory > 0 ? { memory: memory * MB } : {};
  const both = { ...(threads > 0 ? { threads } : {}), ...ofMemory };
  switch (work.verb) {
    case 'capture':
    case 'append':
      return { verb: work.verb, request: { ...ofMemory, ...work.request } };
    case 'apply':
      return { verb: 'apply', request: { ...ofMemory, ...work.request } };
    case 'delete':
      return { verb: 'delete', request: { ...both, ...work.request } };
    case 'export':
      return { verb: 'export', request: { ...both, ...work.request } };
    case 'extract':
      return { verb: 'extract', request: { ...both, ...work.request } };
    case 'optimize':
      return { verb: 'optimize', request: { ...both, ...work.request } };
    case 'update':
      return { verb: 'update', request: { ...both, ...work.request } };
    case 'verify':
      return { verb: 'verify', request: { ...both, ...work.request } };
    case 'split':
      // Data that is divided as it is takes neither.
      return work.request.compression === undefined
        ? work
        : { verb: 'split', request: { ...both, ...work.request } };
    case 'driversAdd':
      return { verb: 'driversAdd', request: { ...both, ...work.request } };
    case 'driversRemove':
      return { verb: 'driversRemove', request: { ...both, ...work.request } };
    case 'driversExport':
    case 'info':
    case 'join':
    case 'diskCreate':
    case 'diskPrepare':
    case 'diskConvert':
    case 'diskWipe':
      return work;
  }
}
