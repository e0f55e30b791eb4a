import { parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { nodeClock } from '../../../../src-main/app/clock';
import { engine } from '../../../../src-main/app/threads/engineChannel';
import type { Aftermath } from '../../../../src-shared/contract/jobs';
import { JobHub } from '../../../../src-shared/rpc/jobs';
import { messagePortTransport } from '../../../../src-shared/rpc/messagePortTransport';
import { RpcServer } from '../../../../src-shared/rpc/server';

/** An engine thread that misbehaves as the source path of a capture says. */

const nothing = { fingerprint: '', takesAway: false, touches: [], wims: [] };
const unknown: Aftermath = { state: 'unknown', leftovers: ['/left over'] };
const untouched: Aftermath = { state: 'untouched', leftovers: [] };
const wants = z.object({ source: z.string() });

if (parentPort === null) throw new Error('this file runs in a worker thread');
new RpcServer(new JobHub(nodeClock))
  .serve(engine, {
    check: () => nothing,
    inspect: () => unknown,
    cleanUp: () => untouched,
    summary: () => process.exit(4),
    log: () => ({ total: 0, lines: [] }),
    plan: () => Promise.reject(new Error('not wanted here')),
    run: async ({ work }, { report }) => {
      report({
        phase: 'Archiving',
        filesDone: 0,
        filesTotal: 1,
        bytesDone: 0,
        bytesTotal: 1,
        logged: 0,
      });
      const { source } = wants.parse(work.request);
      // After a pause: the progress is to arrive first.
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (source === '/exit') process.exit(3);
      if (source === '/throw') setImmediate(() => fail('a fault far from any handler'));
      if (source === '/block') for (;;);
      if (source === '/deaf' || source === '/throw') await new Promise(() => undefined);
      return { verb: work.verb, wim: '/x.wim', warnings: { total: 0, first: [] } };
    },
  })
  .connect(messagePortTransport(parentPort));

function fail(message: string): never {
  throw new Error(message);
}
