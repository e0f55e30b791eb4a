import path from 'node:path';
import { AppError } from '../../src-shared/errors/appError';

/** What the start of the headless host asks for. */
export interface HeadlessArguments {
  /** undefined: a free one. */
  readonly port: number | undefined;
  readonly practice: boolean;
  /** Absolute; undefined: the usual one. */
  readonly data: string | undefined;
  /** Absolute path of the file to open. */
  readonly open: string | null;
  /** End by itself when all windows are gone and no job runs. */
  readonly untilClosed: boolean;
}

/**
 * Reads `[FILE] [--port N] [--practice] [--data DIRECTORY] [--until-closed]`.
 * @param directory where relative paths start
 * @throws AppError 'usage/invalid'
 */
export function parseHeadlessArguments(args: readonly string[], directory: string): HeadlessArguments {
  let port: number | undefined;
  let practice = false;
  let data: string | undefined;
  let open: string | null = null;
  let untilClosed = false;
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [option, joined] = splitOption(arg);
    const value = (): string => {
      const text = joined ?? rest.shift();
      if (text === undefined || text === '') throw new AppError('usage/invalid', `${option} needs a value`);
      return text;
    };
    if (!arg.startsWith('-')) {
      if (open !== null)
        throw new AppError('usage/invalid', `one file can be opened at a start; ${arg} is another`);
      open = path.resolve(directory, arg);
    } else if (option === '--port') port = portOf(value());
    else if (option === '--data') data = path.resolve(directory, value());
    else if (arg === '--practice') practice = true;
    else if (arg === '--until-closed') untilClosed = true;
    else {
      throw new AppError(
        'usage/invalid',
        `${option} is not known here; known are a file to open, --port N, --practice and --data DIRECTORY`,
      );
    }
  }
  return { port, practice, data, open, untilClosed };
}

function splitOption(arg: string): [string, string | undefined] {
  const end = arg.startsWith('--') ? arg.indexOf('=') : -1;
  return end < 0 ? [arg, undefined] : [arg.slice(0, end), arg.slice(end + 1)];
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) {
    throw new AppError('usage/invalid', `--port takes a number from 1 to 65535; this is ${text}`);
  }
  return port;
}
