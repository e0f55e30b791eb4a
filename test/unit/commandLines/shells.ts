import { spawnSync } from 'node:child_process';

/** What a POSIX shell hands to a program for a line, without the program: the shell itself reads it. */
export function splitBySh(line: string): string[] {
  const program = line.slice(0, line.indexOf(' '));
  const script = `${program}() { for argument in "$@"; do printf '%s\\0' "$argument"; done; }\n${line}\n`;
  const { status, stdout, stderr } = spawnSync(
    'sh',
    ['-c', script.replace('< commands.txt', '< /dev/null')],
    {
      encoding: 'utf8',
      env: { HOME: '/nowhere', PATH: process.env.PATH, a: 'EXPANDED', x: 'EXPANDED' },
    },
  );
  if (status !== 0 || stderr !== '') throw new Error(`sh: ${status ?? 'no status'} ${stderr}`);
  return stdout === '' ? [] : stdout.slice(0, -1).split('\0');
}

/**
 * What cmd.exe and the C runtime behind it hand to a program for a typed line, without the program. Written from their
 * documented rules: variables first, even inside quotes; then carets and quotes; then backslashes and quotes.
 */
export function splitByCmd(line: string): string[] {
  return splitByRuntime(readByCmd(line.replace(/%([A-Za-z_]+)%/g, 'EXPANDED'))).slice(1);
}

function readByCmd(line: string): string {
  let text = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i];
    if (!quoted && character === '^') {
      i += 1;
      text += line[i] ?? '';
      continue;
    }
    if (character === '"') quoted = !quoted;
    else if (!quoted && '&|<>'.includes(character))
      throw new Error(`cmd.exe would take ${character} at ${i}`);
    else if (character === '\n' || character === '\r') throw new Error('the line would end');
    text += character;
  }
  return text;
}

function splitByRuntime(line: string): string[] {
  const args: string[] = [];
  let argument: string | undefined;
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const backslashes = /^\\*/.exec(line.slice(i))?.[0].length ?? 0;
    if (backslashes > 0 && line[i + backslashes] === '"') {
      argument = (argument ?? '') + '\\'.repeat(Math.floor(backslashes / 2));
      i += backslashes;
      if (backslashes % 2 === 1) argument += '"';
      else quoted = !quoted;
    } else if (line[i] === '"') {
      quoted = !quoted;
      argument ??= '';
    } else if (!quoted && /[ \t]/.test(line[i])) {
      if (argument !== undefined) args.push(argument);
      argument = undefined;
    } else {
      argument = (argument ?? '') + line[i];
    }
  }
  if (argument !== undefined) args.push(argument);
  return args;
}
