import path from 'node:path';
import { rawFs } from '../../rawFs';
import { systemErrorName } from '../../systemErrors';

/** Where Linux tells of its devices; made-up trees stand for them in tests. */
export interface SystemRoots {
  readonly sys: string;
  readonly proc: string;
  readonly dev: string;
  readonly run: string;
}

export const systemRoots: SystemRoots = { sys: '/sys', proc: '/proc', dev: '/dev', run: '/run' };

/** Contents of a file of sysfs or procfs without white space around; undefined where there is none to read. */
export function textOf(...parts: string[]): string | undefined {
  const bytes = bytesOf(...parts);
  return bytes === undefined ? undefined : bytes.toString('utf8').replaceAll('\0', '').trim();
}

/** Bytes of such a file. Attributes that the device does not have fail with all sorts of errors when they are read. */
export function bytesOf(...parts: string[]): Buffer | undefined {
  return ifReadable(() => rawFs.readFileSync(path.join(...parts)));
}

/** The whole number that such a file holds; undefined where it holds none. */
export function numberOf(...parts: string[]): number | undefined {
  const text = textOf(...parts);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Names in a directory, sorted with numbers by their value; empty where there is none. */
export function namesIn(...parts: string[]): string[] {
  const names = ifReadable(() => rawFs.readdirSync(path.join(...parts))) ?? [];
  return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** A path with every link resolved; undefined where it leads nowhere. */
export function realPathOf(...parts: string[]): string | undefined {
  return ifReadable(() => rawFs.realpathSync.native(path.join(...parts)));
}

function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return undefined;
  }
}
