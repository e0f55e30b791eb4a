import type { WorkVerb } from '../command';
import type { OptionSpec } from './options';
import { applyDiskOptions, volumeOption } from './volumeOptions';

const option = (names: string, help: string, value?: string): OptionSpec => ({
  names: names.split(' '),
  help,
  ...(value === undefined ? {} : { value }),
});

const boot = option('boot', 'make the image the one that boots');
const checkWritten = option('check', 'check the integrity of what is read, write an integrity table');
const checkRead = option('check', 'check the integrity table first');
const includeIntegrity = option('include-integrity', 'write an integrity table, check nothing first');
const noCheck = option('nocheck no-check', 'write no integrity table');
const compress = option(
  'compress',
  'none, fast (XPRESS), maximum (LZX), lzms; with :LEVEL 1 to 100',
  'TYPE[:LEVEL]',
);
const chunkSize = option('chunk-size', 'bytes compressed together; K and M suffixes', 'SIZE');
const recompress = option('recompress', 'compress again what is compressed already');
const threads = option('threads', 'how many threads; 0 or absent: one for each processor', 'N');
const memory = option('memory', 'memory that threads may use; half of the machine’s when absent', 'SIZE');
const rebuild = option('rebuild', 'write the whole file anew instead of adding to its end');
const pipable = option('pipable', 'a WIM that can be applied from a pipe');
const notPipable = option('not-pipable', 'an ordinary WIM even when the old one was pipable');
const ref = option('ref', 'files that hold missing data; globs; repeatable', 'GLOB');
const verbose = option('verbose', '');
const unixData = option('unix-data', 'owner, group, mode, devices and extended attributes of UNIX');
const noAcls = option('no-acls noacls', 'leave security descriptors out');
const strictAcls = option('strict-acls', 'fail when a security descriptor cannot be kept whole');
const rpfix = option('rpfix', 'adjust the targets of absolute symbolic links');
const norpfix = option('norpfix', 'leave the targets of absolute symbolic links as they are');
const config = option('config', 'capture configuration (wimscript.ini) with exclusions', 'FILE');
const dereference = option('dereference', 'store what symbolic links point to');
const imageProperty = option(
  'image-property',
  'set a property, for example WINDOWS/EDITIONID=Pro; repeatable',
  'NAME=VALUE',
);
const invalidNames = option('include-invalid-names', 'give files whose name cannot be used another name');
const recoverData = option('recover-data', 'keep damaged data, and say so, instead of stopping');
const noAttributes = option('no-attributes', 'do not set Windows file attributes');
const wimboot = option('wimboot', '');
const forWimboot = option(
  'wimboot',
  'mark the image for WIMBoot; XPRESS in small chunks unless --compress says else',
);
const compact = option(
  'compact',
  'on a volume: keep system files compressed: xpress4k, xpress8k, xpress16k or lzx',
  'FORMAT',
);
const unsafeCompact = option('unsafe-compact', '');
const solid = [
  option('solid', 'compress all data together: smallest, and slow to write'),
  option('solid-compress', 'of solid data: lzms (default), maximum (LZX), fast (XPRESS)', 'TYPE[:LEVEL]'),
  option('solid-chunk-size', 'bytes of solid data compressed together; 64M for lzms', 'SIZE'),
  option('no-solid-sort', 'leave solid data in the order of the tree'),
];

const capture = [
  compress,
  chunkSize,
  boot,
  checkWritten,
  noCheck,
  includeIntegrity,
  config,
  option('flags', 'edition of Windows, for the FLAGS property', 'EDITIONID'),
  imageProperty,
  threads,
  rebuild,
  unixData,
  dereference,
  noAcls,
  strictAcls,
  rpfix,
  norpfix,
  option('source-list', 'SOURCE is a file: each line a source and its place in the image'),
  option('update-of', 'do not read again what is unchanged since that image', '[WIM:]IMAGE'),
  option('delta-from', 'store only what that WIM does not hold; repeatable', 'WIM'),
  pipable,
  notPipable,
  verbose,
  forWimboot,
  unsafeCompact,
  option('snapshot', ''),
  ...solid,
];

/** Options of each verb: wimlib-imagex 1.14's names, and after them wimsmith's own. */
export const optionTables: Readonly<Record<WorkVerb, readonly OptionSpec[]>> = {
  // `--create` is in both tables, as in wimlib-imagex: capture says what to use instead.
  capture: [...capture, option('create', '')],
  append: [...capture, option('create', 'make the WIM when it does not exist')],
  apply: [
    checkRead,
    ref,
    unixData,
    noAcls,
    strictAcls,
    rpfix,
    norpfix,
    invalidNames,
    recoverData,
    noAttributes,
    verbose,
    wimboot,
    compact,
  ],
  delete: [
    checkWritten,
    includeIntegrity,
    option('soft', 'leave the data of the image in the file; fast'),
    unsafeCompact,
  ],
  dir: [
    option('path', 'start at this path in the image', 'PATH'),
    option('detailed', 'everything that the image keeps of each file'),
    option('one-file-only', 'the file or directory at --path alone'),
    ref,
  ],
  export: [
    boot,
    checkWritten,
    noCheck,
    includeIntegrity,
    compress,
    recompress,
    chunkSize,
    ref,
    threads,
    rebuild,
    pipable,
    notPipable,
    forWimboot,
    unsafeCompact,
    ...solid,
  ],
  extract: [
    option('dest-dir', 'where the files go; the current directory when absent', 'DIRECTORY'),
    option('to-stdout', 'write the data of the files to standard output'),
    option('preserve-dir-structure', 'make the directories that lead to each path'),
    option('no-globs no-wildcards', 'take * ? [ in paths as they are'),
    option('nullglob', 'a path that matches nothing is no error'),
    checkRead,
    ref,
    unixData,
    noAcls,
    strictAcls,
    invalidNames,
    recoverData,
    noAttributes,
    verbose,
    wimboot,
    compact,
  ],
  info: [
    boot,
    option('check', 'check the integrity table first; write one with a change'),
    noCheck,
    includeIntegrity,
    option('header', 'print the header'),
    option('blobs lookup-table', 'print the blob table'),
    option('xml', 'write the XML data to standard output, UTF-16LE'),
    option('extract-xml', 'write the XML data to a file', 'FILE'),
    imageProperty,
  ],
  join: [checkWritten, includeIntegrity],
  optimize: [
    recompress,
    compress,
    chunkSize,
    checkWritten,
    noCheck,
    includeIntegrity,
    threads,
    pipable,
    notPipable,
    unsafeCompact,
    ...solid,
  ],
  split: [checkWritten, includeIntegrity],
  update: [
    option('command', 'one command instead of those on standard input', 'COMMAND'),
    option('force', 'for every delete: a path that is not there is no error'),
    option('recursive', 'for every delete: directories with all they hold'),
    config,
    dereference,
    unixData,
    noAcls,
    strictAcls,
    checkWritten,
    includeIntegrity,
    rebuild,
    threads,
    ref,
    option('wimboot-config', 'add FILE as Windows/System32/WimBootCompress.ini', 'FILE'),
    verbose,
    option('no-replace', 'for every add: refuse to replace a file'),
    unsafeCompact,
  ],
  verify: [ref, option('nocheck no-check', 'do not check the integrity table')],
};

/** wimsmith's own options of single verbs; wimlib-imagex does not have them. */
export const ownOptions: Readonly<Partial<Record<WorkVerb, readonly OptionSpec[]>>> = {
  split: [
    option('compress', 'compress the data anew first, as a solid WIM needs it', 'TYPE[:LEVEL]'),
    threads,
    memory,
  ],
  capture: [volumeOption, memory],
  append: [volumeOption, memory],
  apply: [...applyDiskOptions, threads, memory],
  dir: [volumeOption],
  delete: [threads, memory],
  export: [memory],
  extract: [volumeOption, threads, memory],
  optimize: [memory],
  update: [memory],
  info: [option('readonly', 'mark the WIM as read-only'), option('no-readonly', 'clear the read-only mark')],
  verify: [threads, memory],
};

/** Options of every verb. */
export const commonOptions: readonly OptionSpec[] = [
  option('json', 'print one JSON document'),
  option('progress', 'auto, line, json (lines on standard error) or none', 'FORM'),
  option('quiet', 'print nothing but data, warnings and errors'),
  option('verbose', 'print every remark, not only the first of many'),
  option('log', 'append what happens to a file', 'FILE'),
  option('low-priority', 'let other programs go first'),
  option('dry-run', 'say what would be done; write nothing'),
  option('help', 'print this page'),
  option('version', 'print the version'),
];
