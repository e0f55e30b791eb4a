import type { BrowserContext } from 'playwright';
import { AppError } from '../../../src-shared/errors/appError';
import { ClientFrame, toEnvelope, type HostFrame } from '../../../src-shared/rpc/frames';

/**
 * Answers in place of the host, by 'channel.member'. What an answer throws is the failure of the request; undefined lets
 * the real host answer.
 */
export type FakeAnswers = Readonly<Record<string, (input: unknown) => unknown>>;

/** Stands between a window and the host: what is named is answered here, and never reaches the host. */
export async function fakeAnswers(context: BrowserContext, answers: FakeAnswers): Promise<void> {
  let jobs = 0;
  await context.routeWebSocket(/\/rpc$/, (socket) => {
    const host = socket.connectToServer();
    const say = (frame: HostFrame): void => socket.send(JSON.stringify(frame));
    socket.onMessage((message) => {
      const frame = ClientFrame.safeParse(JSON.parse(String(message))).data;
      const isCall = frame?.type === 'request' || frame?.type === 'start';
      const name = isCall ? `${frame.channel}.${frame.member}` : '';
      if (!isCall || !Object.hasOwn(answers, name)) {
        host.send(message);
        return;
      }
      const outcome = outcomeOf(answers[name], frame.input);
      if (outcome === undefined) host.send(message);
      else if (frame.type === 'request' || !outcome.ok) say({ type: 'answer', id: frame.id, outcome });
      else {
        const job = `fake-${++jobs}`;
        say({ type: 'started', id: frame.id, job });
        say({ type: 'ended', job, outcome });
      }
    });
    host.onMessage((message) => socket.send(message));
  });
}

function outcomeOf(
  answer: FakeAnswers[string],
  input: unknown,
): Extract<HostFrame, { type: 'answer' }>['outcome'] | undefined {
  try {
    const value = answer(input);
    return value === undefined ? undefined : { ok: true, value };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, error: toEnvelope(error) };
  }
}
