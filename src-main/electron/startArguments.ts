import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** What a start of the program asks for. */
export interface StartRequest {
  readonly practice: boolean;
  /** Absolute path of a file to open. */
  readonly open: string | null;
  /** Absolute path of the data directory; undefined: the usual one. */
  readonly data: string | undefined;
}

/**
 * Reads `[FILE] [--practice] [--data DIRECTORY]`. Other switches belong to the runtime or to the desktop and are passed
 * over; of several files the first counts.
 * @param args without the program and its script
 * @param directory where relative paths start
 */
export function parseStart(args: readonly string[], directory: string): StartRequest {
  let practice = false;
  let open: string | null = null;
  let data: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '--practice') practice = true;
    else if (arg === '--data' && i + 1 < args.length) data = path.resolve(directory, args[++i]);
    else if (arg.startsWith('--data=')) data = path.resolve(directory, arg.slice('--data='.length));
    else if (!arg.startsWith('-') && open === null) open = fileOf(arg, directory);
  }
  return { practice, open, data };
}

/** Some Linux desktops hand files over as file: addresses. null: an argument that names no file. */
function fileOf(arg: string, directory: string): string | null {
  if (arg === '' || arg.includes('\0')) return null;
  if (!arg.startsWith('file:')) return path.resolve(directory, arg);
  try {
    return fileURLToPath(arg);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** What a second start hands to the first: its own arguments, which Chromium's list of them reorders and adds to. */
export const SecondStart = z.object({
  args: z.array(z.string().max(32_768)).max(1000),
  directory: z.string().min(1).max(32_768),
});
export type SecondStart = z.infer<typeof SecondStart>;
