import { describe, expect, it } from 'vitest';
import { withLimits } from '../../../src-shared/contract/limits';
import { Work } from '../../../src-shared/contract/work';

const wim = '/images/lab.wim';
const limits = { threads: 2, memory: 600 };
const memory = 600 * 2 ** 20;

const works: Record<string, Work> = {
  capture: { verb: 'capture', request: { source: '/mnt', wim } },
  append: { verb: 'append', request: { source: '/mnt', wim } },
  apply: { verb: 'apply', request: { wim, target: '/mnt' } },
  delete: { verb: 'delete', request: { wim, image: 1 } },
  export: { verb: 'export', request: { wim, image: 1, destination: '/new.wim' } },
  extract: { verb: 'extract', request: { wim, paths: ['/a'], destination: '/mnt' } },
  optimize: { verb: 'optimize', request: { wim } },
  update: { verb: 'update', request: { wim, edits: [{ kind: 'delete', path: '/a' }] } },
  verify: { verb: 'verify', request: { wim } },
  'split anew': {
    verb: 'split',
    request: { wim, destination: '/lab.swm', partSize: 1, compression: { format: 'lzx' } },
  },
  split: { verb: 'split', request: { wim, destination: '/lab.swm', partSize: 1 } },
  join: { verb: 'join', request: { parts: [wim], destination: '/new.wim' } },
  info: { verb: 'info', request: { wim } },
};
/** The wizards ask for threads themselves. */
const wizards = ['capture', 'append', 'apply'];
const unlimited = ['split', 'join', 'info'];

describe('the limits of the settings', () => {
  it.each(Object.keys(works))('go along with %s as far as it takes them', (name) => {
    const limited = withLimits(works[name], limits);
    expect(Work.parse(limited)).toEqual(limited);
    const added = unlimited.includes(name)
      ? {}
      : wizards.includes(name)
        ? { memory }
        : { memory, threads: 2 };
    expect(limited.request).toEqual({ ...works[name].request, ...added });
  });

  it('change nothing where they are not set, and nothing that the work says itself', () => {
    for (const work of Object.values(works))
      expect(withLimits(work, { threads: 0, memory: 0 })).toEqual(work);
    const own: Work = { verb: 'verify', request: { wim, threads: 5, memory: 7 } };
    expect(withLimits(own, limits)).toEqual(own);
  });
});
