/** A security identifier, [MS-DTYP] 2.4.2: revision, number of subauthorities, 48-bit authority, subauthorities. */
export interface Sid {
  /** S-1-5-32-544 */
  readonly text: string;
  /** Bytes it takes. */
  readonly size: number;
}

/** Most subauthorities that one has. */
const MAX_SUBAUTHORITIES = 15;

/** Reads the SID at `at`; undefined when there is none that is whole. */
export function readSid(bytes: Uint8Array, at: number): Sid | undefined {
  if (at < 0 || at + 8 > bytes.length || bytes[at] !== 1) return undefined;
  const count = bytes[at + 1];
  const size = 8 + 4 * count;
  if (count > MAX_SUBAUTHORITIES || at + size > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const authority = view.getUint16(at + 2, false) * 2 ** 32 + view.getUint32(at + 4, false);
  // [MS-DTYP] 2.4.2.1: in decimal below 2^32, else in hexadecimal.
  let text = `S-1-${authority < 2 ** 32 ? authority : `0x${authority.toString(16).padStart(12, '0').toUpperCase()}`}`;
  for (let i = 0; i < count; i++) text += `-${view.getUint32(at + 8 + 4 * i, true)}`;
  return { text, size };
}

/** SDDL's two letters for a SID ([MS-DTYP] 2.5.1.1), those that need no domain; and the name that Windows shows. */
const wellKnown: Readonly<Record<string, readonly [letters: string, name: string]>> = {
  'S-1-0-0': ['', 'NULL SID'],
  'S-1-1-0': ['WD', 'Everyone'],
  'S-1-2-0': ['', 'LOCAL'],
  'S-1-2-1': ['', 'CONSOLE LOGON'],
  'S-1-3-0': ['CO', 'CREATOR OWNER'],
  'S-1-3-1': ['CG', 'CREATOR GROUP'],
  'S-1-3-4': ['OW', 'OWNER RIGHTS'],
  'S-1-5-1': ['', 'NT AUTHORITY\\DIALUP'],
  'S-1-5-2': ['NU', 'NT AUTHORITY\\NETWORK'],
  'S-1-5-3': ['', 'NT AUTHORITY\\BATCH'],
  'S-1-5-4': ['IU', 'NT AUTHORITY\\INTERACTIVE'],
  'S-1-5-6': ['SU', 'NT AUTHORITY\\SERVICE'],
  'S-1-5-7': ['AN', 'NT AUTHORITY\\ANONYMOUS LOGON'],
  'S-1-5-9': ['ED', 'NT AUTHORITY\\ENTERPRISE DOMAIN CONTROLLERS'],
  'S-1-5-10': ['PS', 'NT AUTHORITY\\SELF'],
  'S-1-5-11': ['AU', 'NT AUTHORITY\\Authenticated Users'],
  'S-1-5-12': ['RC', 'NT AUTHORITY\\RESTRICTED'],
  'S-1-5-13': ['', 'NT AUTHORITY\\TERMINAL SERVER USER'],
  'S-1-5-14': ['', 'NT AUTHORITY\\REMOTE INTERACTIVE LOGON'],
  'S-1-5-17': ['', 'NT AUTHORITY\\IUSR'],
  'S-1-5-18': ['SY', 'NT AUTHORITY\\SYSTEM'],
  'S-1-5-19': ['LS', 'NT AUTHORITY\\LOCAL SERVICE'],
  'S-1-5-20': ['NS', 'NT AUTHORITY\\NETWORK SERVICE'],
  'S-1-5-33': ['WR', 'NT AUTHORITY\\WRITE RESTRICTED'],
  'S-1-5-32-544': ['BA', 'BUILTIN\\Administrators'],
  'S-1-5-32-545': ['BU', 'BUILTIN\\Users'],
  'S-1-5-32-546': ['BG', 'BUILTIN\\Guests'],
  'S-1-5-32-547': ['PU', 'BUILTIN\\Power Users'],
  'S-1-5-32-548': ['AO', 'BUILTIN\\Account Operators'],
  'S-1-5-32-549': ['SO', 'BUILTIN\\Server Operators'],
  'S-1-5-32-550': ['PO', 'BUILTIN\\Print Operators'],
  'S-1-5-32-551': ['BO', 'BUILTIN\\Backup Operators'],
  'S-1-5-32-552': ['RE', 'BUILTIN\\Replicator'],
  'S-1-5-32-554': ['RU', 'BUILTIN\\Pre-Windows 2000 Compatible Access'],
  'S-1-5-32-555': ['RD', 'BUILTIN\\Remote Desktop Users'],
  'S-1-5-32-556': ['NO', 'BUILTIN\\Network Configuration Operators'],
  'S-1-5-32-558': ['MU', 'BUILTIN\\Performance Monitor Users'],
  'S-1-5-32-559': ['LU', 'BUILTIN\\Performance Log Users'],
  'S-1-5-32-568': ['IS', 'BUILTIN\\IIS_IUSRS'],
  'S-1-5-32-569': ['CY', 'BUILTIN\\Cryptographic Operators'],
  'S-1-5-32-573': ['ER', 'BUILTIN\\Event Log Readers'],
  'S-1-5-32-574': ['CD', 'BUILTIN\\Certificate Service DCOM Access'],
  'S-1-5-32-575': ['RA', 'BUILTIN\\RDS Remote Access Servers'],
  'S-1-5-32-576': ['ES', 'BUILTIN\\RDS Endpoint Servers'],
  'S-1-5-32-577': ['MS', 'BUILTIN\\RDS Management Servers'],
  'S-1-5-32-578': ['HA', 'BUILTIN\\Hyper-V Administrators'],
  'S-1-5-32-579': ['AA', 'BUILTIN\\Access Control Assistance Operators'],
  'S-1-5-32-580': ['RM', 'BUILTIN\\Remote Management Users'],
  'S-1-5-80-0': ['', 'NT SERVICE\\ALL SERVICES'],
  'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464': ['', 'NT SERVICE\\TrustedInstaller'],
  'S-1-5-84-0-0-0-0-0': ['UD', 'USER MODE DRIVERS'],
  'S-1-15-2-1': ['AC', 'APPLICATION PACKAGE AUTHORITY\\ALL APPLICATION PACKAGES'],
  'S-1-15-2-2': ['', 'APPLICATION PACKAGE AUTHORITY\\ALL RESTRICTED APPLICATION PACKAGES'],
  'S-1-16-4096': ['LW', 'Mandatory Label\\Low Mandatory Level'],
  'S-1-16-8192': ['ME', 'Mandatory Label\\Medium Mandatory Level'],
  'S-1-16-8448': ['MP', 'Mandatory Label\\Medium Plus Mandatory Level'],
  'S-1-16-12288': ['HI', 'Mandatory Label\\High Mandatory Level'],
  'S-1-16-16384': ['SI', 'Mandatory Label\\System Mandatory Level'],
  'S-1-18-1': ['AS', 'Authentication authority asserted identity'],
  'S-1-18-2': ['SS', 'Service asserted identity'],
};

/** Accounts and groups that every machine or domain has, by their relative identifier. */
const relativeNames: Readonly<Record<string, string>> = {
  '500': 'Administrator',
  '501': 'Guest',
  '503': 'DefaultAccount',
  '512': 'Domain Admins',
  '513': 'Domain Users',
  '514': 'Domain Guests',
  '515': 'Domain Computers',
  '516': 'Domain Controllers',
  '519': 'Enterprise Admins',
};

/** A SID in SDDL: its letters, or the SID itself. */
export function sddlOfSid(sid: string): string {
  const letters = Object.hasOwn(wellKnown, sid) ? wellKnown[sid][0] : '';
  return letters === '' ? sid : letters;
}

/** The name of a well-known SID, or the SID itself. */
export function nameOfSid(sid: string): string {
  if (Object.hasOwn(wellKnown, sid)) return wellKnown[sid][1];
  const relative = /^S-1-5-21-\d+-\d+-\d+-(\d+)$/.exec(sid)?.[1] ?? '';
  return Object.hasOwn(relativeNames, relative) ? relativeNames[relative] : sid;
}
