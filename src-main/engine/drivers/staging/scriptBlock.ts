import { readLossless, writeLossless } from '../../answer/losslessText';

/*
 * A block of our own in somebody's command script. The rest of the script stays as it is, byte for byte.
 */

export const BLOCK_START = 'rem [wimsmith drivers: begin]';
export const BLOCK_END = 'rem [wimsmith drivers: end]';

/** What was put into a script: taken out again by its exact text. */
export interface ScriptBlock {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly inserted: string;
  /** The script is UTF-16, which the command processor does not run. */
  readonly wide: boolean;
}

/**
 * Puts lines into a script: behind the first line that `after` finds; else behind an `@echo off` that it begins with;
 * else at its beginning, so that no `exit` or `goto` of the script comes before them.
 */
export function insertBlock(script: Uint8Array, lines: readonly string[], after?: RegExp): ScriptBlock {
  const lossless = readLossless(script);
  const { text } = lossless;
  const lineEnd = text.includes('\n') && !text.includes('\r\n') ? '\n' : '\r\n';
  const block = [BLOCK_START, ...lines, BLOCK_END].join(lineEnd);
  const at =
    (after === undefined ? undefined : lineAfter(text, (line) => after.test(line))) ?? afterEchoOff(text);
  const inserted = at > 0 && text[at - 1] !== '\n' ? lineEnd + block : block + lineEnd;
  return {
    bytes: writeLossless(lossless, text.slice(0, at) + inserted + text.slice(at)),
    inserted,
    wide: lossless.units !== 'bytes',
  };
}

/** @returns undefined when the block is not there as it was put in */
export function removeBlock(script: Uint8Array, inserted: string): Uint8Array<ArrayBuffer> | undefined {
  const lossless = readLossless(script);
  const { text } = lossless;
  const plain = inserted.replaceAll('\r\n', '\n');
  for (const form of [inserted, plain, plain.replaceAll('\n', '\r\n')]) {
    const at = text.indexOf(form);
    if (at >= 0) return writeLossless(lossless, text.slice(0, at) + text.slice(at + form.length));
  }
  return undefined;
}

/** Whether anything of a block is in a script. */
export function hasBlock(script: Uint8Array): boolean {
  const { text } = readLossless(script);
  return text.includes(BLOCK_START) || text.includes(BLOCK_END);
}

/** Behind the first line that is wanted, its line end included. */
function lineAfter(text: string, isWanted: (line: string) => boolean): number | undefined {
  for (let from = 0; from < text.length;) {
    const feed = text.indexOf('\n', from);
    const end = feed < 0 ? text.length : feed + 1;
    if (isWanted(text.slice(from, end).trim())) return end;
    from = end;
  }
  return undefined;
}

/** Behind an `@echo off` that only empty lines and remarks come before; 0 where there is none. */
function afterEchoOff(text: string): number {
  let found = false;
  // The command processor takes a byte order mark for a part of the first line, which is no command then.
  const marked = text.startsWith('\u00ef\u00bb\u00bf') || text.startsWith('\ufeff');
  if (marked) return lineAfter(text, () => true) ?? text.length;
  const end = lineAfter(text, (line) => {
    found = /^@?echo\s+off$/i.test(line);
    return found || !/^(?:$|::|@?rem\b)/i.test(line);
  });
  return found ? (end ?? 0) : 0;
}
