import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-shared/errors/appError';
import type { ErrorCode } from '../../../src-shared/errors/codes';
import type { Verbs } from '../../../src-main/cli/verbs';
import { FakeWorld } from './fakeEnvironment';

/** What is printed when every verb fails like this. */
async function told(line: string, code: ErrorCode, facts: Record<string, string> = {}): Promise<string> {
  const fail = (): Promise<never> => Promise.reject(new AppError(code, 'what happened', facts));
  const verbs: Partial<Verbs> = { capture: fail, append: fail, apply: fail, extract: fail, info: fail };
  const world = new FakeWorld(verbs);
  await world.run(line);
  return world.error;
}

describe('hints', () => {
  it('name --create where append finds no WIM, and only there', async () => {
    const missing = { path: '/home/me/new.wim', system: 'ENOENT' };
    expect(await told('append src new.wim', 'io/not-found', missing)).toContain('--create');
    expect(await told('append src ../me/new.wim', 'io/not-found', missing)).toContain('--create');
    expect(await told('/append src new.wim', 'io/not-found', missing)).toContain('--create');
    expect(await told('append src new.wim', 'io/not-found', { path: '/home/me/src' })).toContain(
      'Check the path.',
    );
    expect(await told('apply new.wim out', 'io/not-found', missing)).toContain('Check the path.');
  });

  it('name the verb of the line', async () => {
    expect(await told('extract a.wim 1 /x', 'usage/invalid')).toContain('wimsmith help extract');
  });

  it('tell that letter case counts', async () => {
    expect(await told('extract a.wim 1 /WINDOWS', 'wim/no-such-path')).toContain('Upper and lower case');
  });

  it('tell the order of apply', async () => {
    expect(await told('apply s.wim s2.wim 1', 'wim/no-such-image')).toContain(
      'WIM IMAGE TARGET: wimsmith apply s.wim 1 s2.wim',
    );
    expect(await told('apply s.wim nobody out', 'wim/no-such-image')).not.toContain('order');
  });

  it('tell a directory from a WIM', async () => {
    const facts = { path: '/home/me/src', system: 'EISDIR' };
    const info = (): Promise<never> => Promise.reject(new AppError('io/failed', 'cannot open', facts));
    const world = new FakeWorld({ info });
    expect(await world.run('info src/')).toBe(4);
    expect(world.error).toBe(
      'wimsmith: /home/me/src is a directory; a WIM file is expected there\n  Check the path.\n',
    );
    expect(await world.run('info other.wim')).toBe(1);
    const message = 'cannot open /home/me/src: it is a directory';
    const looked = new FakeWorld({
      info: () => Promise.reject(new AppError('io/failed', message, { path: '/home/me/src' })),
    });
    expect(await looked.run('info src')).toBe(4);
  });
});
