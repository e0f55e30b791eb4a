import { isDriverWork, type Work, type WorkOf } from '../contract/work';
import { ALL_IMAGES, type CompressionChoice, type ImageChoice, type WriteChoices } from '../model/requests';
import { dismDriversLine } from './dismDrivers';
import { windowsWord } from './quoting';
import { driveLetter, lastPart, LineBuilder, lineOrReason, NoLine, type CommandLine } from './shapes';

const words = { none: 'none', xpress: 'fast', lzx: 'max' } as const;

/** The line of DISM for a piece of work, as cmd.exe takes it. */
export function dismLine(work: Work): CommandLine {
  if (isDriverWork(work)) return dismDriversLine(work);
  return lineOrReason(() => {
    const line = new LineBuilder('Dism', windowsWord);
    switch (work.verb) {
      case 'capture':
      case 'append':
        return capture(line, work);
      case 'apply':
        return apply(line, work);
      case 'delete':
        return deleteImage(line, work);
      case 'export':
        return exportImage(line, work);
      case 'split':
        return split(line, work);
      case 'extract':
      case 'info':
      case 'join':
      case 'optimize':
      case 'update':
      case 'verify':
      case 'diskCreate':
      case 'diskPrepare':
      case 'diskConvert':
      case 'diskWipe':
        throw new NoLine('noVerb');
    }
  });
}

function capture(line: LineBuilder, { verb, request }: WorkOf<'capture' | 'append'>): LineBuilder {
  if (request.sourceList !== undefined) throw new NoLine('sourceList');
  if (request.solid === true) throw new NoLine('solid');
  if ((request.deltaFrom ?? []).length > 0) throw new NoLine('delta');
  if (request.pipable === true) throw new NoLine('pipable');
  line.add(verb === 'capture' ? '/Capture-Image' : '/Append-Image');
  line.value('/ImageFile:', request.wim).value('/CaptureDir:', driveLetter(line, request) ?? request.source);
  line.value('/Name:', request.name ?? lastPart(request.source));
  if (request.description !== undefined && request.description !== '')
    line.value('/Description:', request.description);
  if (verb === 'capture') compress(line, request.compression ?? { format: 'lzx' });
  if (request.config !== undefined || request.noDefaultExclusions === true)
    line.add('/ConfigFile:wimscript.ini').note('configFile');
  check(line, request);
  line.addIf(request.boot, '/Bootable').addIf(request.fixReparsePoints === false, '/NoRpFix');
  line.addIf(request.wimboot, '/WIMBoot');
  return line.omit(request, [
    'chunkSize',
    'rebuild',
    'recompress',
    'threads',
    'memory',
    'retainGuid',
    'dereference',
    'unixData',
    'updateOf',
    'ref',
    'properties',
    ...(request.securityDescriptors === 'lenient' ? [] : ['securityDescriptors']),
    ...(verb === 'append' ? ['create'] : []),
  ]);
}

function apply(line: LineBuilder, { request }: WorkOf<'apply'>): LineBuilder {
  line.add('/Apply-Image').value('/ImageFile:', request.wim);
  image(line, '/Index:', '/Name:', request.image ?? 1);
  line.value('/ApplyDir:', driveLetter(line, request) ?? request.target);
  line
    .addIf(request.verifyIntegrity, '/CheckIntegrity')
    .addIf(request.fixReparsePoints === false, '/NoRpFix');
  references(line, request.ref);
  return line.omit(request, [
    'unixData',
    'includeInvalidNames',
    'recoverData',
    'strictSymlinks',
    'strictTimestamps',
    'strictShortNames',
    'sparse',
    'compact',
    'threads',
    'memory',
    ...(request.securityDescriptors === 'lenient' ? [] : ['securityDescriptors']),
  ]);
}

function deleteImage(line: LineBuilder, { request }: WorkOf<'delete'>): LineBuilder {
  line.add('/Remove-Image').value('/ImageFile:', request.wim);
  image(line, '/Index:', '/Name:', request.image);
  check(line, request);
  return line.note('deleteKeepsData', request.soft !== true);
}

function exportImage(line: LineBuilder, { request }: WorkOf<'export'>): LineBuilder {
  if (request.pipable === true) throw new NoLine('pipable');
  line.add('/Export-Image').value('/SourceImageFile:', request.wim);
  image(line, '/SourceIndex:', '/SourceName:', request.image);
  line.value('/DestinationImageFile:', request.destination);
  if (request.name !== undefined) line.value('/DestinationName:', request.name);
  if (request.solid === true) recovery(line, request);
  else if (request.compression !== undefined) compress(line, request.compression);
  line.addIf(request.boot, '/Bootable').addIf(request.wimboot, '/WIMBoot');
  check(line, request);
  references(line, request.ref);
  return line.omit(request, [
    'description',
    'chunkSize',
    'rebuild',
    'recompress',
    'threads',
    'memory',
    'retainGuid',
  ]);
}

function split(line: LineBuilder, { request }: WorkOf<'split'>): LineBuilder {
  const size = Math.max(1, Math.floor(request.partSize / 2 ** 20));
  line.add('/Split-Image').value('/ImageFile:', request.wim).value('/SWMFile:', request.destination);
  line.add(`/FileSize:${size}`);
  check(line, request);
  line.omit(request, ['compression', 'threads', 'memory']);
  return line.note('roundedSize', size * 2 ** 20 !== request.partSize);
}

/** What DISM calls recovery is solid LZMS; it makes such files only when it exports. */
function recovery(line: LineBuilder, request: WriteChoices): void {
  const { format, level } = request.solidCompression ?? { format: 'lzms' };
  if (format !== 'lzms') throw new NoLine('solid');
  line.add('/Compress:recovery').omit({ level }, ['level']);
  line.omit(request, ['compression', 'solidChunkSize', 'noSolidSort']);
}

/** Files that are compressed with LZMS one by one DISM only reads. */
function compress(line: LineBuilder, { format, level }: CompressionChoice): void {
  if (format === 'lzms') throw new NoLine('lzms');
  line.add(`/Compress:${words[format]}`);
  if (level !== undefined) line.omit({ level }, ['level']);
}

function check(
  line: LineBuilder,
  request: { readonly integrity?: boolean; readonly verifyIntegrity?: boolean },
): void {
  if (request.integrity === true || request.verifyIntegrity === true) line.add('/CheckIntegrity');
}

function references(line: LineBuilder, ref: readonly string[] | undefined): void {
  for (const pattern of ref ?? []) line.value('/SWMFile:', pattern);
}

function image(line: LineBuilder, byIndex: string, byName: string, choice: ImageChoice): void {
  if (choice === ALL_IMAGES) throw new NoLine('allImages');
  if (typeof choice === 'number') line.add(`${byIndex}${choice}`);
  else line.value(byName, choice);
}
