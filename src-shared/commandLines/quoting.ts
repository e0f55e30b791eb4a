import { NoLine, type ShellStyle } from './shapes';

/** An argument as a POSIX shell reads it back unchanged. */
export function posixWord(argument: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", "'\\''")}'`;
}

/**
 * An argument as cmd.exe and the program behind it read it back unchanged: quoted by the rules of the C runtime, and with
 * carets where quotes alone would leave something to cmd.exe.
 * @throws NoLine for line ends, which cmd.exe cannot take
 */
export function windowsWord(argument: string): string {
  if (/[\r\n\0]/.test(argument)) throw new NoLine('lineBreak');
  if (/^[\w@+=:./\\-]+$/.test(argument)) return argument;
  // Backslashes count only before a quote: there each is doubled.
  const inner = argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1');
  const quoted = `"${inner}"`;
  // A quote within ends cmd.exe's own quoting, and % is looked up even inside quotes.
  return /["%!]/.test(argument) ? quoted.replace(/[()%!^"<>&|]/g, '^$&') : quoted;
}

/** How arguments are quoted for a shell. */
export function quoteFor(style: ShellStyle): (argument: string) => string {
  return style === 'posix' ? posixWord : windowsWord;
}
