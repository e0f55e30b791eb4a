/** A command line as one line of text, for the log: arguments with other than plain characters in quotes. */
export function commandText(args: readonly string[]): string {
  return ['wimsmith', ...args.map(argumentText)].join(' ');
}

function argumentText(argument: string): string {
  if (/^[\w@%+=:,./\\*?~-]+$/.test(argument)) return argument;
  const text = argument
    .replaceAll('"', '\\"')
    // A line end in an argument must not end the line of the log.
    .replace(
      /[\p{Cc}\u2028\u2029]/gu,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  return `"${text}"`;
}
