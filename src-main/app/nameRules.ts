import type { NameRules } from '../engine/wim/ops/dir';

/** Names in an image are compared as on the system at hand: wimlib's WIMLIB_IMAGEX_IGNORE_CASE asks for Windows' way. */
export const nameRules: NameRules = {
  ignoreCase:
    process.platform === 'win32' ||
    !['', '0', 'no'].includes((process.env['WIMLIB_IMAGEX_IGNORE_CASE'] ?? '').toLowerCase()),
};
