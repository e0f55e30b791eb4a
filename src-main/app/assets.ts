import path from 'node:path';

/**
 * The one content security policy of the workbench, in an Electron window as in a browser. The style element that
 * react-aria-components would add is forbidden too: src-renderer has its text in a style sheet, and its id in the page.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** Headers of everything that a window is given, whatever it is. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** A name that the bundler made from what the file holds: such a file never changes. */
const hashedName = /[\\/]assets[\\/][^\\/]+-[\w-]{8}\.\w+$/;
/** What a path of the page is made of; nothing else is needed, so nothing else is let through. */
const plainPath = /^(\/[\w@~+,.-]+)*\/?$/;

/**
 * The file that a URL of the page stands for, as an absolute path; `/` is index.html. Undefined for whatever could lead
 * out of the root or is no file of a page: `..`, a backslash, NUL, an escaped separator, a hidden file, an unknown type.
 * Whether there is such a file is not known.
 * @param root absolute path of the page's directory
 * @param url as it was asked for: a whole URL, or its path with or without a query
 */
export function resolveAsset(root: string, url: string): string | undefined {
  const raw = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#\\]*)?([^?#]*)/i.exec(url)?.[1] ?? '';
  if (/%(?:2f|5c|00)/i.test(raw)) return undefined;
  const decoded = decode(raw);
  if (decoded === undefined || !plainPath.test(decoded)) return undefined;
  const names = decoded.split('/').filter((name) => name !== '');
  if (names.some((name) => name.startsWith('.') || name.endsWith('.'))) return undefined;
  if (names.length === 0) return path.join(root, 'index.html');
  return Object.hasOwn(types, extensionOf(names.at(-1) ?? '')) ? path.join(root, ...names) : undefined;
}

/** Headers to send with a file that {@link resolveAsset} named: its type, how long it may be kept, the policy. */
export function assetHeaders(file: string): Readonly<Record<string, string>> {
  return {
    ...securityHeaders,
    'Content-Type': types[extensionOf(file)] ?? 'application/octet-stream',
    'Cache-Control': hashedName.test(file) ? 'private, max-age=31536000, immutable' : 'no-store',
  };
}

function extensionOf(file: string): string {
  return path.extname(file).toLowerCase();
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
