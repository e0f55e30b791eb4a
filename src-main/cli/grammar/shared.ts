import type { SourceChoices, WriteChoices } from '../../../src-shared/model/requests';
import type { Draft } from '../command';
import type { ArgumentReader, OptionReader } from './reader';
import { parseChunkSize, parseCompression, parseMemory, parseProperty, parseThreads } from './values';

/** Chunk size of WIMs for WIMBoot, where Windows reads single files out of them. */
const WIMBOOT_CHUNK_SIZE = 4096;

/** --check, --include-integrity, --nocheck where a WIM is written. */
export function readIntegrity(
  args: OptionReader,
  request: Draft<{ readonly integrity?: boolean; readonly verifyIntegrity?: boolean }>,
): void {
  const wanted = args.has('check') || args.has('include-integrity');
  if (wanted && args.has('nocheck')) {
    throw args.usage('--nocheck excludes --check and --include-integrity');
  }
  if (args.has('check')) request.verifyIntegrity = true;
  if (wanted) request.integrity = true;
  if (args.has('nocheck')) request.integrity = false;
}

/** --threads and --memory. */
export function readThreads(
  args: OptionReader,
  request: Draft<{ readonly threads?: number; readonly memory?: number }>,
): void {
  const threads = args.last('threads');
  if (threads !== undefined && parseThreads(threads, args.verb) > 0) {
    request.threads = parseThreads(threads, args.verb);
  }
  const memory = args.last('memory');
  if (memory !== undefined) request.memory = parseMemory(memory, args.verb);
}

/** Options about the file that is written. */
export function readWriteChoices(args: ArgumentReader, request: Draft<WriteChoices>): void {
  const compress = args.last('compress');
  if (compress !== undefined) request.compression = parseCompression(compress, args.verb);
  const chunkSize = args.last('chunk-size');
  if (chunkSize !== undefined) request.chunkSize = parseChunkSize(chunkSize, args.verb);
  readThreads(args, request);
  if (args.has('recompress')) request.recompress = true;
  if (args.has('rebuild')) request.rebuild = true;
  args.exclusive('pipable', 'not-pipable');
  if (args.has('pipable')) request.pipable = true;
  if (args.has('not-pipable')) request.pipable = false;
  if (args.has('unsafe-compact')) {
    request.rebuild = true;
    args.notes.push(
      '--unsafe-compact is done as --rebuild, which gives the same file and loses nothing when it is interrupted',
    );
  }
  readSolid(args, request);
}

function readSolid(args: ArgumentReader, request: Draft<WriteChoices>): void {
  const compress = args.last('solid-compress');
  if (compress !== undefined) request.solidCompression = parseCompression(compress, args.verb);
  if (request.solidCompression?.format === 'none') {
    throw args.usage('--solid-compress: a solid resource is always compressed, with fast, maximum or lzms');
  }
  const chunkSize = args.last('solid-chunk-size');
  if (chunkSize !== undefined) request.solidChunkSize = parseChunkSize(chunkSize, args.verb);
  if (args.has('no-solid-sort')) request.noSolidSort = true;
  if (args.has('solid')) request.solid = true;
}

/** --wimboot where an image is captured: in a new file, XPRESS in small chunks unless something else is asked for. */
export function readWimboot(
  args: ArgumentReader,
  request: Draft<WriteChoices & { readonly wimboot?: boolean }>,
  newFile: boolean,
): void {
  if (!args.has('wimboot')) return;
  request.wimboot = true;
  if (!newFile) return;
  request.compression ??= { format: 'xpress' };
  if (request.compression.format === 'xpress') request.chunkSize ??= WIMBOOT_CHUNK_SIZE;
}

/** Options about reading or restoring security descriptors. */
export function readAcls(
  args: ArgumentReader,
  request: Draft<{ readonly securityDescriptors?: 'none' | 'lenient' | 'strict' }>,
): void {
  args.exclusive('no-acls', 'strict-acls');
  if (args.has('no-acls')) request.securityDescriptors = 'none';
  if (args.has('strict-acls')) request.securityDescriptors = 'strict';
}

export function readFixup(
  args: ArgumentReader,
  request: Draft<{ readonly fixReparsePoints?: boolean }>,
): void {
  args.exclusive('rpfix', 'norpfix');
  if (args.has('rpfix')) request.fixReparsePoints = true;
  if (args.has('norpfix')) request.fixReparsePoints = false;
}

export function readSourceChoices(args: ArgumentReader, request: Draft<SourceChoices>): void {
  if (args.has('dereference')) request.dereference = true;
  if (args.has('unix-data')) request.unixData = true;
  readAcls(args, request);
  readFixup(args, request);
}

export function readRef(args: ArgumentReader, request: Draft<{ readonly ref?: readonly string[] }>): void {
  const ref = args.all('ref');
  if (ref.length > 0) request.ref = ref;
}

/** Options of apply and extract about what the target receives. */
export function readTargetChoices(
  args: ArgumentReader,
  request: Draft<{
    readonly unixData?: boolean;
    readonly securityDescriptors?: 'none' | 'lenient' | 'strict';
    readonly includeInvalidNames?: boolean;
    readonly recoverData?: boolean;
    readonly verifyIntegrity?: boolean;
    readonly threads?: number;
    readonly memory?: number;
  }>,
): void {
  if (args.has('check')) request.verifyIntegrity = true;
  readThreads(args, request);
  if (args.has('unix-data')) request.unixData = true;
  readAcls(args, request);
  if (args.has('include-invalid-names')) request.includeInvalidNames = true;
  if (args.has('recover-data')) request.recoverData = true;
  if (args.has('wimboot')) {
    args.refusals.push('--wimboot: pointer files are made by Windows only; leave the option out');
  }
}

/** --flags and --image-property in the order in which they were given. */
export function readProperties(args: ArgumentReader): (readonly [name: string, value: string])[] {
  const properties: (readonly [string, string])[] = [];
  for (const { name, value } of args.options) {
    if (name === 'flags') properties.push(['FLAGS', value]);
    if (name === 'image-property') properties.push(parseProperty(value, args.verb));
  }
  return properties;
}
