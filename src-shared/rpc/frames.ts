import { z } from 'zod';
import { AppError } from '../errors/appError';
import { isErrorCode } from '../errors/codes';

/** An error as it travels: Electron and structured cloning keep only the message of a thrown one. */
export const ErrorEnvelope = z.object({
  code: z.string(),
  message: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type ErrorEnvelope = z.infer<typeof ErrorEnvelope>;

const id = z.number().int().nonnegative();
const name = z.string().min(1).max(100);
const jobId = z.string().min(1).max(100);

/** What a client sends. */
export const ClientFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('request'), id, channel: name, member: name, input: z.unknown() }),
  z.object({ type: z.literal('start'), id, channel: name, member: name, input: z.unknown() }),
  z.object({ type: z.literal('attach'), id, job: jobId }),
  z.object({ type: z.literal('cancel'), job: jobId }),
  z.object({ type: z.literal('abandon'), id }),
  z.object({ type: z.literal('listen'), channel: name, member: name, on: z.boolean() }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

const outcome = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: ErrorEnvelope }),
]);
export type Outcome = z.infer<typeof outcome>;

/** What a host sends. */
export const HostFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('answer'), id, outcome }),
  /** The job of a `start` or `attach`: its progress and end follow under this name. */
  z.object({ type: z.literal('started'), id, job: jobId }),
  z.object({ type: z.literal('progress'), job: jobId, value: z.unknown() }),
  z.object({ type: z.literal('ended'), job: jobId, outcome }),
  z.object({ type: z.literal('event'), channel: name, member: name, value: z.unknown() }),
]);
export type HostFrame = z.infer<typeof HostFrame>;

/** Characters of a message or a fact that travel: names of a hostile file can be longer than a frame may be. */
const ERROR_TEXT = 40_000;

/** An error as an envelope. What is no AppError is a fault of the program; its message goes along, its stack does not. */
export function toEnvelope(error: unknown): ErrorEnvelope {
  if (error instanceof AppError) {
    const facts = Object.entries(error.facts).map(
      ([name, fact]) => [name, typeof fact === 'string' ? shortened(fact) : fact] as const,
    );
    return { code: error.code, message: shortened(error.message), facts: Object.fromEntries(facts) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal/bug', message: shortened(message), facts: {} };
}

function shortened(text: string): string {
  return text.length <= ERROR_TEXT ? text : `${text.slice(0, ERROR_TEXT)}…`;
}

/** The error of an envelope. */
export function fromEnvelope({ code, message, facts }: ErrorEnvelope): AppError {
  return new AppError(isErrorCode(code) ? code : 'internal/bug', message, facts);
}
