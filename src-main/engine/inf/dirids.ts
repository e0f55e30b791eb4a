/** Folders by their DIRID, as Windows names them: MicrosoftDocs, using-dirids. */
const folders: ReadonlyMap<number, string> = new Map([
  [-1, ''],
  [1, '<source>'],
  [10, '%SystemRoot%'],
  [11, '%SystemRoot%\\System32'],
  [12, '%SystemRoot%\\System32\\drivers'],
  [13, '<driver store>'],
  [17, '%SystemRoot%\\INF'],
  [18, '%SystemRoot%\\Help'],
  [20, '%SystemRoot%\\Fonts'],
  [21, '%SystemRoot%\\System32\\viewers'],
  [23, '%SystemRoot%\\System32\\spool\\drivers\\color'],
  [24, '%SystemDrive%'],
  [25, '<shared Windows folder>'],
  [30, '<boot disk>'],
  [50, '%SystemRoot%\\System'],
  [51, '%SystemRoot%\\System32\\spool'],
  [52, '%SystemRoot%\\System32\\spool\\drivers'],
  [53, '%UserProfile%'],
  [54, '<boot loader>'],
  [55, '%SystemRoot%\\System32\\spool\\prtprocs'],
  [66000, '<printer drivers>'],
  [66001, '<print processors>'],
  [66002, '<printer files>'],
  [66003, '<printer color profiles>'],
  [66004, '<printer web pages>'],
  [16406, '%AllUsersProfile%\\Start Menu'],
  [16407, '%AllUsersProfile%\\Start Menu\\Programs'],
  [16408, '%AllUsersProfile%\\Start Menu\\Programs\\Startup'],
  [16409, '%AllUsersProfile%\\Desktop'],
  [16415, '%AllUsersProfile%\\Favorites'],
  [16419, '%AllUsersProfile%\\Application Data'],
  [16422, '%ProgramFiles%'],
  [16425, '%SystemRoot%\\SysWOW64'],
  [16426, '%ProgramFiles(x86)%'],
  [16427, '%CommonProgramFiles%'],
  [16428, '%CommonProgramFiles(x86)%'],
  [16429, '%AllUsersProfile%\\Templates'],
  [16430, '%AllUsersProfile%\\Documents'],
]);

/** The driver store: what an INF copies there stays in its package's folder. */
export const DRIVER_STORE_DIRID = 13;

/** Name of a folder, with Windows' variables where it has one: '%SystemRoot%\\System32'; undefined for others. */
export function diridName(dirid: number): string | undefined {
  return folders.get(dirid);
}

/** Replaces a '%12%' at the beginning of a path by its folder's name. */
export function expandDirid(path: string): string {
  const match = /^%(-?[0-9]{1,5})%/.exec(path);
  const name = match === null ? undefined : folders.get(Number(match[1]));
  return match === null || name === undefined ? path : name + path.slice(match[0].length);
}
