import type { DismDriver } from '../../engine/drivers/dism';

/**
 * DISM's output, understood by its structure: numbers, paths that end with ".inf", colons and blank lines are the same
 * in every language. Words are looked at only in English, which DISM is asked for.
 */

/** What DISM said of one INF. */
export interface InfLine {
  /** 1-based place in the run, of `total`; 0 where the line has none. */
  readonly number: number;
  readonly total: number;
  readonly inf: string;
  /** null: the words are of a language that is not known. */
  readonly installed: boolean | null;
  readonly problem?: string;
  readonly errorCode?: number;
}

export interface AddOutput {
  readonly lines: readonly InfLine[];
  /** Version of the image that was opened; undefined where DISM did not come so far. */
  readonly imageVersion: string | undefined;
  /** What stands behind "Error: N", as one line; '' where nothing does. */
  readonly error: string;
}

// "Installing 2 of 3 - C:\drivers\e1d.inf: The driver package was successfully installed."
const installing = /^\s*\D*?(\d+)\D+?(\d+)\s*-\s*(\S.*?\.inf)\s*[:：]\s*(.*)$/i;
// "There was a problem opening the INF file. C:\drivers\bad.inf Error: 0xE0000100."
const unopened = /((?:[a-z]:\\|\\\\).+?\.inf)[\s.]+[^\s:：]+\s*[:：]\s*0x([0-9a-f]{1,8})/i;
const version = /[:：]\s*(\d+\.\d+\.\d+\.\d+)\s*$/;
const hexCode = /\b0x([0-9a-f]{8})\b/i;

/** Reads what `/Add-Driver` printed. @param exitCode of the run */
export function parseAddOutput(output: string, exitCode: number): AddOutput {
  const paragraphs = linesOf(output);
  const lines: InfLine[] = [];
  const versions: string[] = [];
  for (let i = 0; i < paragraphs.length; i++) {
    const line = paragraphs[i];
    const named = installing.exec(line);
    if (named !== null) {
      const words = [named[4]];
      // A console folds long lines.
      while (i + 1 < paragraphs.length && continues(paragraphs[i + 1], words))
        words.push(paragraphs[(i += 1)]);
      lines.push(infLine(Number(named[1]), Number(named[2]), named[3], words.join(' ').trim(), exitCode));
      continue;
    }
    const refused = unopened.exec(line);
    if (refused !== null) {
      const errorCode = parseInt(refused[2], 16);
      lines.push({ number: 0, total: 0, inf: refused[1], installed: false, problem: line.trim(), errorCode });
      continue;
    }
    const found = version.exec(line);
    if (found !== null) versions.push(found[1]);
  }
  // The first one is DISM's own.
  return { lines, imageVersion: versions[1], error: parseError(output, exitCode) };
}

/** A folded line goes on until a sentence is whole; a blank line or the next message ends it. */
function continues(next: string, words: readonly string[]): boolean {
  const last = words[words.length - 1].trim();
  return next.trim() !== '' && !/[.。!]$/.test(last) && !installing.test(next);
}

function infLine(number: number, total: number, inf: string, words: string, exitCode: number): InfLine {
  const known = { number, total, inf };
  const code = hexCode.exec(words);
  const errorCode = code === null ? {} : { errorCode: parseInt(code[1], 16) };
  if (/\bsuccessfully\b/i.test(words)) return { ...known, installed: true };
  if (/^error\b|\bcould not\b|\bfailed\b/i.test(words) || code !== null)
    return { ...known, installed: false, problem: words, ...errorCode };
  // A run without a failure has none in it, in whatever language.
  return exitCode === 0 ? { ...known, installed: true } : { ...known, installed: null, problem: words };
}

/** The paragraphs behind "Error: N", where N is the exit code, up to where DISM names its log. */
export function parseError(output: string, exitCode: number): string {
  if (exitCode === 0) return '';
  const lines = linesOf(output);
  const at = lines.findLastIndex((line) => {
    const found = /^[^:：]{1,40}[:：]\s*(0x[0-9a-f]+|\d+)\s*$/i.exec(line);
    return found !== null && Number(found[1]) >>> 0 === exitCode >>> 0;
  });
  if (at < 0) return '';
  const words: string[] = [];
  for (const line of lines.slice(at + 1)) {
    if (/dism\.log/i.test(line)) break;
    if (line.trim() !== '') words.push(line.trim());
  }
  return words.join(' ').replace(/\.$/, '');
}

/** Reads what `/Get-Drivers` printed: blocks of "name : value", in an order that does not depend on the language. */
export function parseDriverList(output: string): DismDriver[] {
  const drivers: DismDriver[] = [];
  let block: string[] = [];
  const finish = (): void => {
    const [published, original, , className = '', provider = '', date = '', text = '', boot] = block;
    if (block.length >= 7 && /\.inf$/i.test(original)) {
      drivers.push({
        published,
        original,
        // "Yes" and "No" are of the language; third-party packages alone are called so.
        inbox: !/^oem\d+\.inf$/i.test(published),
        className,
        provider,
        date,
        version: text,
        ...(boot === undefined || !/^(yes|no)$/i.test(boot)
          ? {}
          : { bootCritical: boot.toLowerCase() === 'yes' }),
      });
    }
    block = [];
  };
  for (const line of linesOf(output)) {
    const found = /^[^:：]+?\s*[:：](?:\s+|$)(.*)$/.exec(line);
    if (found === null) {
      finish();
      continue;
    }
    const value = found[1].trim();
    if (block.length === 0 && !/^\S+\.inf$/i.test(value)) continue;
    block.push(value);
  }
  finish();
  return drivers;
}

/** Version of DISM itself, from the head of any of its outputs. */
export function parseToolVersion(output: string): string | undefined {
  for (const line of linesOf(output)) {
    const found = version.exec(line);
    if (found !== null) return found[1];
  }
  return undefined;
}

/** A progress bar overwrites its line. */
function linesOf(output: string): string[] {
  return output.split(/\r?\n|\r/);
}
