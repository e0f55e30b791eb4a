import type { z } from 'zod';
import type { ErrorCode } from '../errors/codes';

/** One question, one answer. */
export interface RequestDeclaration<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'request';
  readonly in: I;
  readonly out: O;
  readonly errors: readonly ErrorCode[];
}

/** Long work that belongs to the host: it reports progress, can be cancelled, and outlives a window. */
export interface JobDeclaration<
  I extends z.ZodType = z.ZodType,
  P extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
> {
  readonly kind: 'job';
  readonly in: I;
  readonly progress: P;
  readonly out: O;
  readonly errors: readonly ErrorCode[];
}

/** Something the host tells to whoever listens. */
export interface EventDeclaration<O extends z.ZodType = z.ZodType> {
  readonly kind: 'event';
  readonly out: O;
}

export type MemberDeclaration = RequestDeclaration | JobDeclaration | EventDeclaration;
export type Members = Readonly<Record<string, MemberDeclaration>>;

/** A named group of requests, jobs and events, declared once for both sides. */
export interface Channel<M extends Members = Members> {
  readonly name: string;
  readonly members: M;
}

/** Declares a channel. */
export function channel<const M extends Members>(name: string, members: M): Channel<M> {
  return { name, members };
}

/** Declares a request. `errors` are the codes that a caller should be ready for. */
export function request<I extends z.ZodType, O extends z.ZodType>(declaration: {
  in: I;
  out: O;
  errors?: readonly ErrorCode[];
}): RequestDeclaration<I, O> {
  return { kind: 'request', errors: [], ...declaration };
}

/** Declares a job. */
export function job<I extends z.ZodType, P extends z.ZodType, O extends z.ZodType>(declaration: {
  in: I;
  progress: P;
  out: O;
  errors?: readonly ErrorCode[];
}): JobDeclaration<I, P, O> {
  return { kind: 'job', errors: [], ...declaration };
}

/** Declares an event. */
export function event<O extends z.ZodType>(declaration: { out: O }): EventDeclaration<O> {
  return { kind: 'event', ...declaration };
}

type NamesOf<M extends Members, K extends MemberDeclaration['kind']> = {
  [N in keyof M]: M[N]['kind'] extends K ? N : never;
}[keyof M];

/** Names of a channel's requests, jobs and events. */
export type RequestNames<M extends Members> = NamesOf<M, 'request'>;
export type JobNames<M extends Members> = NamesOf<M, 'job'>;
export type EventNames<M extends Members> = NamesOf<M, 'event'>;

/** Values as the sender writes them and as the receiver gets them. */
export type Input<D> = D extends { readonly in: infer I extends z.ZodType } ? z.output<I> : never;
export type Output<D> = D extends { readonly out: infer O extends z.ZodType } ? z.output<O> : never;
export type ProgressOf<D> = D extends { readonly progress: infer P extends z.ZodType } ? z.output<P> : never;
