import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../src-shared/errors/appError';
import { ownerFile } from '../platform/ownerFile';
import { proofOf, sameText } from './admission';

/** Which host holds a data directory. */
const Instance = z.object({
  pid: z.number().int().positive(),
  /** '' while the host is starting. */
  address: z.string().max(300),
});
type Instance = z.infer<typeof Instance>;

/** What came of asking for a data directory. */
export type Claim =
  | {
      readonly kind: 'ours';
      /** Tells later starts where this host is. */
      announce(address: string): Promise<void>;
      /** Gives the directory up. */
      release(): Promise<void>;
    }
  | {
      readonly kind: 'taken';
      /** Address of the host that holds it, which answers. */
      readonly address: string;
    };

/** Milliseconds that a host may take to answer a second start. */
const ANSWER_TIME = 3000;
/** Milliseconds that a host may take to start. */
const START_TIME = 15_000;
const LOOK_INTERVAL = 100;

/**
 * Takes a data directory for this process, or finds the host that holds it. The file workbench.json in it names the
 * holder; one whose host does not answer is left from a crash and replaced.
 * @throws AppError 'io/failed' when another start does not come to its end, or the directory cannot be written to
 */
export async function claimInstance(directory: string, processId: number): Promise<Claim> {
  const file = ownerFile(path.join(directory, 'workbench.json'));
  const written = (address: string): string => `${JSON.stringify({ pid: processId, address })}\n`;
  const deadline = performance.now() + START_TIME;
  for (;;) {
    if (await file.create(written(''))) {
      return {
        kind: 'ours',
        announce: (address) => file.replace(written(address)),
        async release() {
          const holder = parse(await file.read());
          if (holder?.pid === processId) await file.remove();
        },
      };
    }
    const text = await file.read();
    const holder = parse(text);
    if (holder !== undefined && holder.address !== '' && (await isAlive(holder.address))) {
      return { kind: 'taken', address: holder.address };
    }
    const starting = holder?.address === '' && holder.pid !== processId && processLives(holder.pid);
    // A file that is empty is being written by another start at this moment.
    if (starting || text === '') {
      if (performance.now() < deadline) {
        await pause(LOOK_INTERVAL);
        continue;
      }
      if (starting) {
        throw new AppError(
          'io/failed',
          `the workbench is being started by process ${holder.pid}, which does not come to an end; end it and start again`,
          { process: holder.pid },
        );
      }
    }
    // Another start may have replaced it since it was read.
    if ((await file.read()) === text) await file.remove();
  }
}

function parse(text: string | undefined): Instance | undefined {
  if (text === undefined) return undefined;
  try {
    return Instance.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function processLives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else lives too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether the host of an address answers. It must prove that it holds the token: another program may have the port. */
export function isAlive(address: string): Promise<boolean> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const token = url?.searchParams.get('token') ?? '';
  if (url?.protocol !== 'http:' || url.hostname !== '127.0.0.1' || token === '')
    return Promise.resolve(false);
  const challenge = randomBytes(16).toString('hex');
  return new Promise((resolve) => {
    const request = get(
      { host: url.hostname, port: url.port, path: `/alive?challenge=${challenge}`, timeout: ANSWER_TIME },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
          if (text.length > 1000) request.destroy();
        });
        response.on('error', () => resolve(false));
        response.on('close', () => resolve(sameText(text, proofOf(token, `alive ${challenge}`))));
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
