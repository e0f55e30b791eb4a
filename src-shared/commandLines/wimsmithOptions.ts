import type { Verb } from '../contract/work';
import {
  ALL_IMAGES,
  type CompressionChoice,
  type ImageChoice,
  type SourceChoices,
  type WriteChoices,
} from '../model/requests';
import { NoLine, type LineBuilder } from './shapes';

const words = { none: 'none', xpress: 'fast', lzx: 'maximum', lzms: 'lzms' } as const;

/** Options about the file that is written. @throws NoLine for what the command line refuses */
export function write(line: LineBuilder, choices: WriteChoices): void {
  const { compression, chunkSize, solidCompression, solidChunkSize } = choices;
  // The line has no word for "not solid": another compression of the file says it.
  if (choices.solid === false && compression === undefined) throw new NoLine('solid');
  if (compression !== undefined) line.add(`--compress=${compressionText(compression)}`);
  if (chunkSize !== undefined && chunkSize > 0) line.add(`--chunk-size=${chunkSize}`);
  line.addIf(choices.solid, '--solid');
  if (solidCompression !== undefined) line.add(`--solid-compress=${compressionText(solidCompression)}`);
  if (solidChunkSize !== undefined && solidChunkSize > 0) line.add(`--solid-chunk-size=${solidChunkSize}`);
  line.addIf(choices.noSolidSort, '--no-solid-sort');
  threads(line, choices);
  line.addIf(choices.rebuild, '--rebuild');
  if (choices.pipable !== undefined) line.add(choices.pipable ? '--pipable' : '--not-pipable');
}

/** "TYPE[:LEVEL]" */
export function compressionText({ format, level }: CompressionChoice): string {
  return `${words[format]}${level === undefined ? '' : `:${level}`}`;
}

/** --threads, --memory. */
export function threads(
  line: LineBuilder,
  choices: { readonly threads?: number; readonly memory?: number },
): void {
  if (choices.threads !== undefined && choices.threads > 0) line.add(`--threads=${choices.threads}`);
  if (choices.memory !== undefined && choices.memory > 0)
    line.add(`--memory=${Math.ceil(choices.memory / 1024)}K`);
}

/** They keep an integrity table or add one. */
const verbsWithoutNoCheck: readonly Verb[] = [
  'delete',
  'join',
  'split',
  'update',
  'driversAdd',
  'driversRemove',
];

/** --check, --include-integrity, --nocheck: what is checked before, and what is written. */
export function integrity(
  line: LineBuilder,
  verb: Verb,
  request: { readonly integrity?: boolean; readonly verifyIntegrity?: boolean },
): void {
  if (request.integrity === false) {
    if (verbsWithoutNoCheck.includes(verb)) {
      // --check would write a table.
      line.omit({ ...request, integrity: 'none' }, ['integrity', 'verifyIntegrity']);
      return;
    }
    line.add('--nocheck');
    if (request.verifyIntegrity === true) line.omit(request, ['verifyIntegrity']);
  } else if (request.verifyIntegrity === true) {
    line.add('--check').note('checkDoesBoth', request.integrity !== true);
  } else {
    line.addIf(request.integrity, '--include-integrity');
  }
}

/** Options about what is read from a source. */
export function source(line: LineBuilder, request: SourceChoices): void {
  if (request.config !== undefined || request.noDefaultExclusions === true)
    line.add('--config=wimscript.ini').note('configFile');
  line.addIf(request.dereference, '--dereference').addIf(request.unixData, '--unix-data');
  acls(line, request.securityDescriptors);
}

/** Options about what a target receives. */
export function target(
  line: LineBuilder,
  request: {
    readonly unixData?: boolean;
    readonly securityDescriptors?: 'none' | 'lenient' | 'strict';
    readonly includeInvalidNames?: boolean;
    readonly recoverData?: boolean;
  },
): void {
  line.addIf(request.unixData, '--unix-data');
  acls(line, request.securityDescriptors);
  line
    .addIf(request.includeInvalidNames, '--include-invalid-names')
    .addIf(request.recoverData, '--recover-data');
}

function acls(line: LineBuilder, choice: 'none' | 'lenient' | 'strict' | undefined): void {
  line.addIf(choice === 'none', '--no-acls').addIf(choice === 'strict', '--strict-acls');
}

/** --rpfix, --norpfix. */
export function fixup(line: LineBuilder, fix: boolean | undefined): void {
  if (fix !== undefined) line.add(fix ? '--rpfix' : '--norpfix');
}

/** Further WIM files, one option each. */
export function references(line: LineBuilder, ref: readonly string[] | undefined): void {
  for (const pattern of ref ?? []) line.add(`--ref=${pattern}`);
}

/** Properties of an image in their order; FLAGS has an option of its own. */
export function properties(line: LineBuilder, all: readonly (readonly [string, string])[] | undefined): void {
  for (const [name, value] of all ?? []) {
    line.add(name === 'FLAGS' ? `--flags=${value}` : `--image-property=${name}=${value}`);
  }
}

/** A name that reads as a number or as "all" would choose another image. */
export function imageText(image: ImageChoice): string {
  if (typeof image === 'number') {
    if (image < 1) throw new NoLine('imageName');
    return String(image);
  }
  if (image !== ALL_IMAGES && (/^\s*\+?\d+$/.test(image) || /^(all|\*)$/i.test(image)))
    throw new NoLine('imageName');
  return image;
}

/** The command line takes words such as /boot for misspelt switches. */
export function refuseSwitches(...texts: readonly (string | undefined)[]): void {
  if (texts.some((text) => text !== undefined && /^\/[a-z]+$/i.test(text)))
    throw new NoLine('nameLooksLikeSwitch');
}

/** The operands; behind "--" when one of them begins as an option does. */
export function operands(line: LineBuilder, all: readonly string[]): LineBuilder {
  return line
    .addIf(
      all.some((operand) => operand.startsWith('-')),
      '--',
    )
    .add(...all);
}
