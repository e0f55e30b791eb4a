import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a request says about who sends it. */
export interface Caller {
  /** Path and query. */
  readonly url: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly cookie: string | undefined;
}

/** Decides who may speak with the host: whoever holds its token, from its own page, under its own name. */
export interface Admission {
  readonly cookieName: string;
  /** Value of the Set-Cookie header that keeps the token in the browser. */
  readonly setCookie: string;
  /** Whether the request is for this host, and not for a name that was made to lead here. */
  forThisHost(caller: Caller): boolean;
  hasTokenInQuery(caller: Caller): boolean;
  hasToken(caller: Caller): boolean;
  /**
   * A ticket lets one browser in, once and soon. It stands in the arguments of a program that is started, where others
   * who use the machine can read it; the token must not.
   */
  issueTicket(): string;
  /** Whether the query has a ticket that counts; it does not count again. */
  takeTicket(caller: Caller): boolean;
  /** Whether a window may open its connection: exact host, exact origin, and the token. */
  mayConnect(caller: Caller): boolean;
  /** Proves to a second start that this host holds the token. */
  prove(challenge: string): string;
}

/** Milliseconds in which a ticket has to be used. */
const TICKET_TIME = 60_000;
/** Tickets that may be open at the same time; the oldest gives way. */
const MAX_TICKETS = 16;

export function createAdmission(
  token: string,
  port: number,
  now: () => number = () => performance.now(),
): Admission {
  // The port is part of the name, since cookies of one address are shared by all its ports.
  const cookieName = `wimsmith-${port}`;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const tickets = new Map<string, number>();
  const admission: Admission = {
    cookieName,
    setCookie: `${cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict`,
    forThisHost: ({ host }) => host !== undefined && hosts.includes(host),
    hasTokenInQuery: ({ url }) => sameText(queryOf(url).get('token') ?? '', token),
    hasToken: (caller) =>
      cookiesNamed(cookieName, caller.cookie).some((value) => sameText(value, token)) ||
      admission.hasTokenInQuery(caller),
    issueTicket() {
      const ticket = randomBytes(32).toString('base64url');
      tickets.set(ticket, now());
      for (const oldest of [...tickets.keys()].slice(0, -MAX_TICKETS)) tickets.delete(oldest);
      return ticket;
    },
    takeTicket({ url }) {
      const shown = queryOf(url).get('ticket') ?? '';
      const found = [...tickets].find(([ticket]) => sameText(ticket, shown));
      if (found === undefined) return false;
      tickets.delete(found[0]);
      return now() - found[1] <= TICKET_TIME;
    },
    mayConnect: (caller) =>
      admission.forThisHost(caller) &&
      caller.origin === `http://${caller.host ?? ''}` &&
      admission.hasToken(caller),
    prove: (challenge) => proofOf(token, challenge),
  };
  return admission;
}

/** What only a holder of the token can answer to a challenge. */
export function proofOf(token: string, challenge: string): string {
  return createHmac('sha256', token).update(challenge).digest('hex');
}

/** Whether two texts are the same, in a time that does not tell where they differ. */
export function sameText(left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a, b);
}

/** The parameters of a request's query. */
export function queryOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
}

function cookiesNamed(name: string, header = ''): string[] {
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}
