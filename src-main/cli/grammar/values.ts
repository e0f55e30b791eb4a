import { ALL_IMAGES, type CompressionChoice, type ImageChoice } from '../../../src-shared/model/requests';
import { UsageError } from '../usageError';

const formats: Readonly<Record<string, CompressionChoice['format']>> = {
  none: 'none',
  fast: 'xpress',
  xpress: 'xpress',
  max: 'lzx',
  maximum: 'lzx',
  lzx: 'lzx',
  recovery: 'lzms',
  lzms: 'lzms',
};

/** "TYPE[:LEVEL]" as wimlib names the types, letter case ignored. */
export function parseCompression(text: string, verb: string): CompressionChoice {
  const colon = text.indexOf(':');
  const type = (colon < 0 ? text : text.slice(0, colon)).toLowerCase();
  const format = Object.hasOwn(formats, type) ? formats[type] : undefined;
  if (format === undefined) {
    throw new UsageError(
      `"${text}" is no compression; the choices are none, fast (XPRESS), maximum (LZX) and lzms`,
      verb,
    );
  }
  if (colon < 0) return { format };
  const level = parseWhole(text.slice(colon + 1));
  if (level === undefined || level === 0 || level >= 2 ** 32) {
    throw new UsageError(
      `the compression level in "${text}" is no positive number; for example lzx:80`,
      verb,
    );
  }
  return { format, level };
}

const sizeUnits: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** Bytes from a number with an optional K, M or G (also KiB, MiB, GiB). */
export function parseChunkSize(text: string, verb: string): number {
  const match = /^\s*(\d+)([kmg]?)(?:iB)?$/i.exec(text);
  const bytes = match === null ? 0 : Number(match[1]) * sizeUnits[match[2].toLowerCase()];
  if (bytes === 0 || bytes >= 2 ** 32 - 1) {
    throw new UsageError(`"${text}" is no chunk size; for example 32768, 32K or 1M`, verb);
  }
  return bytes;
}

/** A number of threads; 0 leaves the choice to the program. */
export function parseThreads(text: string, verb: string): number {
  const threads = parseWhole(text);
  if (threads === undefined || threads >= 2 ** 32 - 1) {
    throw new UsageError(`"${text}" is no number of threads`, verb);
  }
  return threads;
}

/** Bytes of memory: a number with K, M or G, or of mebibytes without. */
export function parseMemory(text: string, verb: string): number {
  const match = /^\s*(\d+)([kmg]?)(?:iB)?$/i.exec(text);
  const bytes = match === null ? 0 : Number(match[1]) * sizeUnits[match[2].toLowerCase() || 'm'];
  if (bytes === 0 || !Number.isSafeInteger(bytes)) {
    throw new UsageError(`"${text}" is no amount of memory; for example 512M or 4G`, verb);
  }
  return bytes;
}

/** Bytes from a part size in mebibytes, fractions allowed. */
export function parsePartSize(text: string, verb: string): number {
  const size = /^\s*\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Math.floor(Number(text) * 2 ** 20) : 0;
  if (size <= 0 || !Number.isSafeInteger(size)) {
    throw new UsageError(`"${text}" is no part size; give a number of megabytes, for example 650`, verb);
  }
  return size;
}

/** Index, name, or "all" (also "*", letter case ignored) as wimlib reads an image argument. */
export function parseImage(text: string): ImageChoice {
  if (text.toLowerCase() === 'all' || text === '*') return ALL_IMAGES;
  if (/^\s*\+?\d+$/.test(text)) {
    const index = Number(text);
    if (index > 0) return index;
  }
  return text;
}

/** "NAME=VALUE" of an image property. */
export function parseProperty(text: string, verb: string): readonly [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new UsageError(`--image-property takes NAME=VALUE, not "${text}"`, verb);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function parseWhole(text: string): number | undefined {
  return /^\s*\+?\d+$/.test(text) ? Number(text) : undefined;
}
