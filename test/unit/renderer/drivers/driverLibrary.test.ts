import { beforeEach, describe, expect, it, vi } from 'vitest';
import { packageRow } from './packages';

const host = vi.hoisted(() => ({
  missing: new Set<string>(),
  scanned: [] as (readonly string[])[],
  closed: [] as string[],
  /** Ends the scans that were asked for, in their order. */
  ends: [] as (() => void)[],
}));

vi.mock('../../../../src-renderer/api/api', () => ({
  api: {
    files: {
      status: ({ path }: { path: string }) =>
        Promise.resolve({ kind: host.missing.has(path) ? 'missing' : 'directory' }),
    },
    drivers: {
      scan: ({ paths }: { paths: readonly string[] }) => {
        const session = `scan-${host.scanned.push(paths)}`;
        const summary = {
          session,
          packages: 2,
          faulty: 0,
          infs: 2,
          bytes: 2,
          remarks: { total: 0, first: [] },
        };
        const result = new Promise((resolve) => host.ends.push(() => resolve(summary)));
        return Promise.resolve({ result });
      },
      packages: ({ session, offset }: { session: string; offset: number }) =>
        Promise.resolve({ total: 2, rows: [packageRow({ id: `${session} ${offset}` })] }),
      close: ({ session }: { session: string }) => Promise.resolve(host.closed.push(session)),
    },
  },
}));

const { lookThrough, stopLooking, useDriverLibrary } =
  await import('../../../../src-renderer/stores/driverLibrary');

/** Lets a scan end as soon as it was asked for. */
async function end(scan: number): Promise<void> {
  await vi.waitFor(() => expect(host.ends.length).toBeGreaterThanOrEqual(scan));
  host.ends[scan - 1]();
}

describe('the look through the driver library', () => {
  beforeEach(async () => {
    await lookThrough([], true);
    host.missing.clear();
    host.scanned.length = host.closed.length = host.ends.length = 0;
  });

  it('finds the packages page by page, and is not done twice for the same places', async () => {
    const first = lookThrough(['/a', '/b']);
    expect(useDriverLibrary.getState().looking).toBe(true);
    await end(1);
    await first;
    await lookThrough(['/a', '/b']);
    expect(host.scanned).toEqual([['/a', '/b']]);
    const { found, looking } = useDriverLibrary.getState();
    expect(found?.packages.map(({ id }) => id)).toEqual(['scan-1 0', 'scan-1 1']);
    expect(looking).toBe(false);
    // Again where the person says so; what the look before held is let go.
    const again = lookThrough(['/a', '/b'], true);
    await end(2);
    await again;
    expect(host.closed).toEqual(['scan-1']);
  });

  it('leaves out what is not there, and tells it', async () => {
    host.missing.add('/gone');
    const look = lookThrough(['/gone', '/a']);
    await end(1);
    await look;
    expect(host.scanned).toEqual([['/a']]);
    expect(useDriverLibrary.getState()).toMatchObject({ error: undefined, found: { gone: ['/gone'] } });
    await lookThrough(['/gone']);
    expect(useDriverLibrary.getState().found).toMatchObject({ gone: ['/gone'], packages: [] });
    expect(host.scanned).toHaveLength(1);
  });

  it('ignores a look that was overtaken or stopped', async () => {
    const first = lookThrough(['/a']);
    const second = lookThrough(['/b']);
    await end(2);
    await second;
    await end(1);
    await first;
    expect(useDriverLibrary.getState().sources).toEqual(['/b']);
    const before = useDriverLibrary.getState().found;
    const third = lookThrough(['/c']);
    stopLooking();
    await end(3);
    await third;
    expect(useDriverLibrary.getState()).toMatchObject({ looking: false, stopped: true });
    expect(useDriverLibrary.getState().found).toBe(before);
  });
});
