import type { SourceChoices } from '../../../src-shared/model/requests';
import { canonicalImagePath } from './imagePath';
import { contentLines, decodeTextFile, lineError, splitWords, type TextLine } from './textLines';

/** One command of an update; assignable to the model's UpdateEdit. */
export type UpdateCommand = AddCommand | DeleteCommand | RenameCommand;

export interface AddCommand {
  readonly kind: 'add';
  /** Path outside, as written. */
  readonly source: string;
  /** Path in the image, canonical. */
  readonly target: string;
  /** Only what the command's own options say. */
  readonly choices: SourceChoices;
  /** Refuse to replace a file that the image has. */
  readonly noReplace: boolean;
  readonly verbose: boolean;
}

export interface DeleteCommand {
  readonly kind: 'delete';
  readonly path: string;
  readonly force: boolean;
  readonly recursive: boolean;
}

export interface RenameCommand {
  readonly kind: 'rename';
  readonly from: string;
  readonly to: string;
}

type Verb = UpdateCommand['kind'];

interface VerbGrammar {
  readonly operands: readonly string[];
  readonly options: readonly string[];
}

const grammar: Readonly<Record<Verb, VerbGrammar>> = {
  add: {
    operands: ['SOURCE', 'DESTINATION'],
    options: [
      '--verbose',
      '--unix-data',
      '--no-acls',
      '--noacls',
      '--strict-acls',
      '--dereference',
      '--no-replace',
    ],
  },
  delete: { operands: ['PATH'], options: ['--force', '--recursive'] },
  rename: { operands: ['OLD_PATH', 'NEW_PATH'], options: [] },
};

/**
 * Commands of `wimlib-imagex update`, one on a line: `add [OPTION]... SOURCE DESTINATION`,
 * `delete [--force] [--recursive] PATH`, `rename OLD_PATH NEW_PATH`. Options may stand anywhere after the verb.
 * @throws AppError usage/invalid with the number of the line that is not such a command
 */
export function parseUpdateCommands(
  content: string | Uint8Array,
  label = 'update commands',
): UpdateCommand[] {
  return Array.from(contentLines(decodeTextFile(content, label)), (line) => parseCommand(line, label));
}

function parseCommand(line: TextLine, label: string): UpdateCommand {
  const [word, ...rest] = splitWords(line, label);
  const verb = word.toLowerCase();
  if (!isVerb(verb)) {
    throw lineError(label, line.number, `'${word}' is not a command; there are add, delete and rename`);
  }
  const { operands: wanted, options: known } = grammar[verb];
  const options = new Set<string>();
  const operands: string[] = [];
  for (const argument of rest) {
    if (!argument.startsWith('--')) operands.push(argument);
    else if (known.includes(argument)) options.add(argument);
    else throw lineError(label, line.number, `'${verb}' has no option '${argument}'`);
  }
  if (operands.length !== wanted.length) {
    const problem = `'${verb}' takes ${wanted.join(' and ')}, but ${operands.length} arguments were given`;
    throw lineError(label, line.number, problem);
  }
  if (operands[0] === '') throw lineError(label, line.number, `${wanted[0]} is empty`);
  return build(verb, operands, options);
}

function isVerb(word: string): word is Verb {
  return Object.hasOwn(grammar, word);
}

function build(verb: Verb, operands: readonly string[], options: ReadonlySet<string>): UpdateCommand {
  switch (verb) {
    case 'add':
      return {
        kind: 'add',
        source: operands[0],
        target: canonicalImagePath(operands[1]),
        choices: sourceChoices(options),
        noReplace: options.has('--no-replace'),
        verbose: options.has('--verbose'),
      };
    case 'delete':
      return {
        kind: 'delete',
        path: canonicalImagePath(operands[0]),
        force: options.has('--force'),
        recursive: options.has('--recursive'),
      };
    case 'rename':
      return { kind: 'rename', from: canonicalImagePath(operands[0]), to: canonicalImagePath(operands[1]) };
  }
}

function sourceChoices(options: ReadonlySet<string>): SourceChoices {
  const without = options.has('--no-acls') || options.has('--noacls');
  return {
    ...(options.has('--dereference') && { dereference: true }),
    ...(options.has('--unix-data') && { unixData: true }),
    ...(options.has('--strict-acls') && { securityDescriptors: 'strict' as const }),
    ...(without && { securityDescriptors: 'none' as const }),
  };
}
