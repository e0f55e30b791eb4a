import type { CustomScheme } from 'electron';

/** The workbench's page has an origin of its own: it shares nothing with the web or with files. */
export const SCHEME = 'app';
export const HOST = 'wimsmith';
export const ORIGIN = `${SCHEME}://${HOST}`;
export const START_PAGE = `${ORIGIN}/index.html`;

/** To be registered before the program is ready. Nothing bypasses the content security policy. */
export const schemes: readonly CustomScheme[] = [
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
];

/** Whether an address belongs to the workbench's page: this scheme and this host, no port, no credentials. */
export function isOwnAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  // URL.origin is 'null' for every scheme that the web does not know.
  return protocol === `${SCHEME}:` && host === HOST && username === '' && password === '';
}
