import { upcaseName } from '../../engine/tree/nameOrder';
import { encodeName } from './nativePath';

/** What names a system takes. */
export interface NameRules {
  /** Why a name cannot be made, or undefined. */
  problem(name: string): string | undefined;
  /** Replaces what a name must not have; `suffix` at its end makes it differ from all others. */
  repair(name: string, suffix: string): string;
  /** Two names are one on this system when their keys are equal. */
  key(name: string): string;
}

/** NAME_MAX of every POSIX system that matters, in bytes. */
const POSIX_NAME_LIMIT = 255;
/** Longest name of NTFS, in UTF-16 code units. */
const WINDOWS_NAME_LIMIT = 255;

/** What stands for a character that cannot be. */
const REPLACEMENT = '\ufffd';

const posixRules: NameRules = {
  problem(name) {
    if (name === '' || name === '.' || name === '..') return `"${name}" is not a name`;
    if (name.includes('/') || name.includes('\0')) return 'the name has a slash or a NUL in it';
    // No UTF-16 unit takes more than three bytes.
    const mayExceed = name.length * 3 > POSIX_NAME_LIMIT;
    if (mayExceed && encodeName(name).length > POSIX_NAME_LIMIT) return 'the name is longer than 255 bytes';
    return undefined;
  },
  repair(name, suffix) {
    let kept = Array.from(name.replace(/[/\0]/g, REPLACEMENT));
    const room = POSIX_NAME_LIMIT - encodeName(suffix).length;
    while (encodeName(kept.join('')).length > room) kept = kept.slice(0, -1);
    return kept.join('') + suffix;
  },
  key: (name) => name,
};

/** Names of devices, which Windows opens in place of a file, with or without an extension. */
const deviceName = /^(con|prn|aux|nul|conin\$|conout\$|com[1-9¹²³]|lpt[1-9¹²³])(\..*)?$/i;
/** Control characters and those with a meaning of their own; \p{Cc} also holds U+007F to U+009F, which are allowed. */
const forbiddenOnWindows = /(?![\u007f-\u009f])[\p{Cc}<>:"|?*\\/]/gu;

/** Letters that have an upper case in Unicode but not in the upcase table of NTFS: micro sign, dotless i, long s. */
const uncased = /([\u00b5\u0131\u017f])/;

const windowsRules: NameRules = {
  problem(name) {
    if (name === '' || name === '.' || name === '..') return `"${name}" is not a name`;
    if (name.search(forbiddenOnWindows) >= 0) return 'the name has characters that Windows does not allow';
    if (deviceName.test(name)) return 'the name is that of a device';
    if (/[. ]$/.test(name)) return 'the name ends with a dot or a blank, which Windows drops';
    if (name.length > WINDOWS_NAME_LIMIT) return 'the name is longer than 255 characters';
    return undefined;
  },
  repair(name, suffix) {
    const allowed = name.replace(forbiddenOnWindows, REPLACEMENT);
    const safe = deviceName.test(allowed) ? `_${allowed}` : allowed;
    return safe.slice(0, WINDOWS_NAME_LIMIT - suffix.length) + suffix;
  },
  key: (name) =>
    name
      .split(uncased)
      .map((part) => (uncased.test(part) ? part : upcaseName(part)))
      .join(''),
};

/** Name rules of a system, by Node's name for it. */
export function nameRulesOf(platform: NodeJS.Platform): NameRules {
  return platform === 'win32' ? windowsRules : posixRules;
}

/** Ending of a repaired name, as wimlib writes it. @param number counts the repaired names of a run from 1 */
export function repairSuffix(number: number): string {
  return ` (invalid filename #${number})`;
}
