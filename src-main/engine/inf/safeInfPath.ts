/** Names that Windows opens as devices, with any extension. */
const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?$/i;
const LONGEST_PATH = 1024;

/**
 * A file's path as an INF names it, made relative to the INF's folder, with '/' between names. A leading separator is
 * the folder's root, as in [SourceDisksNames].
 * @returns undefined for what leads elsewhere: '..', a drive, a share, a device, a named stream, control characters
 */
export function safeInfPath(...parts: readonly string[]): string | undefined {
  const names: string[] = [];
  let length = 0;
  for (const part of parts) {
    length += part.length;
    if (length > LONGEST_PATH || part.startsWith('\\\\') || part.startsWith('//')) return undefined;
    for (const name of part.split(/[\\/]/)) {
      if (name === '' || name === '.') continue;
      // Windows drops blanks and dots at the end of a name: '.. ' would be '..'.
      if (/[\p{Cc}\p{Cs}<>:"|?*]/u.test(name) || /[. ]$/.test(name) || devices.test(name)) return undefined;
      names.push(name);
    }
  }
  return names.length === 0 ? undefined : names.join('/');
}
