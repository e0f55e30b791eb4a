import type { Work, WorkOf } from '../contract/work';
import { ALL_IMAGES, type CompressionChoice, type ImageChoice } from '../model/requests';
import { windowsWord } from './quoting';
import { driveLetter, lastPart, LineBuilder, lineOrReason, NoLine, type CommandLine } from './shapes';

const words = { none: 'none', xpress: 'fast', lzx: 'maximum' } as const;

/** The line of ImageX for a piece of work, as cmd.exe takes it. */
export function imagexLine(work: Work): CommandLine {
  return lineOrReason(() => {
    const line = new LineBuilder('imagex', windowsWord);
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
      case 'info':
        return info(line, work);
      case 'split':
        return split(line, work);
      case 'extract':
      case 'join':
      case 'optimize':
      case 'update':
      case 'verify':
      case 'diskCreate':
      case 'diskPrepare':
      case 'diskConvert':
      case 'diskWipe':
      case 'driversAdd':
      case 'driversExport':
      case 'driversRemove':
        throw new NoLine('noVerb');
    }
  });
}

function capture(line: LineBuilder, { verb, request }: WorkOf<'capture' | 'append'>): LineBuilder {
  if (request.sourceList !== undefined) throw new NoLine('sourceList');
  if (request.solid === true) throw new NoLine('solid');
  if ((request.deltaFrom ?? []).length > 0) throw new NoLine('delta');
  if (request.pipable === true) throw new NoLine('pipable');
  const other = (request.properties ?? []).filter(([name]) => name !== 'FLAGS');
  if (other.length > 0) throw new NoLine('properties');
  line.add(
    `/${verb}`,
    driveLetter(line, request) ?? folder(request.source),
    file(request.wim),
    word(request.name ?? lastPart(request.source)),
  );
  if (request.description !== undefined) line.add(word(request.description));
  if (verb === 'capture') compress(line, request.compression ?? { format: 'lzx' });
  check(line, request);
  line.addIf(request.boot, '/boot').addIf(request.fixReparsePoints === false, '/norpfix');
  if (request.config !== undefined || request.noDefaultExclusions === true)
    line.add('/config', 'wimscript.ini').note('configFile');
  const flags = request.properties?.at(-1)?.[1];
  if (flags !== undefined) line.add('/flags', word(flags));
  line.note('overwrites', verb === 'capture' && request.overwrite !== true);
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
    'wimboot',
    'ref',
    ...(request.securityDescriptors === 'lenient' ? [] : ['securityDescriptors']),
    ...(verb === 'append' ? ['create'] : []),
  ]);
}

function apply(line: LineBuilder, { request }: WorkOf<'apply'>): LineBuilder {
  const target = driveLetter(line, request) ?? folder(request.target);
  if (request.image === ALL_IMAGES) throw new NoLine('allImages');
  // The grammar takes a bare number at the end for the image.
  if (/^\d+$/.test(target)) throw new NoLine('path');
  line.add('/apply', file(request.wim), imageText(request.image ?? 1), target);
  line.addIf(request.verifyIntegrity, '/check').addIf(request.fixReparsePoints === false, '/norpfix');
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
  if (request.image === ALL_IMAGES) throw new NoLine('allImages');
  line.add('/delete', file(request.wim), imageText(request.image));
  check(line, request);
  return line.note('deleteKeepsData', request.soft !== true);
}

function exportImage(line: LineBuilder, { request }: WorkOf<'export'>): LineBuilder {
  const { image, name, description } = request;
  if (request.solid === true) throw new NoLine('solid');
  if (request.pipable === true) throw new NoLine('pipable');
  if (name === undefined && description !== undefined) throw new NoLine('needsName');
  line.add(
    '/export',
    file(request.wim),
    image === ALL_IMAGES ? '*' : imageText(image),
    file(request.destination),
  );
  if (name !== undefined) line.add(word(name));
  if (description !== undefined) line.add(word(description));
  line.addIf(request.boot, '/boot');
  if (request.compression !== undefined) compress(line, request.compression);
  check(line, request);
  references(line, request.ref);
  return line.omit(request, [
    'chunkSize',
    'rebuild',
    'recompress',
    'threads',
    'memory',
    'retainGuid',
    'wimboot',
  ]);
}

function info(line: LineBuilder, { request }: WorkOf<'info'>): LineBuilder {
  const { image, newName, newDescription } = request;
  if ((request.properties ?? []).length > 0) throw new NoLine('properties');
  if (request.readOnly !== undefined || image === undefined) throw new NoLine('noVerb');
  if (newName === undefined && newDescription !== undefined) throw new NoLine('needsName');
  line.add('/info', file(request.wim), image === 0 ? '0' : imageText(image));
  if (newName !== undefined) line.add(word(newName));
  if (newDescription !== undefined) line.add(word(newDescription));
  line.addIf(request.boot, '/boot');
  check(line, request);
  return line;
}

function split(line: LineBuilder, { request }: WorkOf<'split'>): LineBuilder {
  const size = Math.max(1, Math.floor(request.partSize / 2 ** 20));
  line.add('/split', file(request.wim), file(request.destination), String(size));
  check(line, request);
  line.omit(request, ['compression', 'threads', 'memory']);
  return line.note('roundedSize', size * 2 ** 20 !== request.partSize);
}

function compress(line: LineBuilder, { format, level }: CompressionChoice): void {
  if (format === 'lzms') throw new NoLine('lzms');
  line.add('/compress', words[format]);
  if (level !== undefined) line.omit({ level }, ['level']);
}

function check(
  line: LineBuilder,
  request: { readonly integrity?: boolean; readonly verifyIntegrity?: boolean },
): void {
  if (request.integrity !== true && request.verifyIntegrity !== true) return;
  line
    .add('/check')
    .note('checkDoesBoth', request.integrity !== request.verifyIntegrity && request.integrity !== true);
}

function references(line: LineBuilder, ref: readonly string[] | undefined): void {
  for (const pattern of ref ?? []) line.add('/ref', file(pattern));
}

/** Switches of ImageX, as a path could look like one. */
const switches =
  /^[/-](capture|append|apply|delete|dir|export|info|split|mount|mountrw|remount|unmount|commit|cleanup|\?|h|help|boot|check|compress|config|count|flags|logfile|norpfix|ref|scroll|temp|verify|xml)([:=].*)?$/i;

function folder(path: string): string {
  return switches.test(path) ? file(`${path}/`) : file(path);
}

function file(path: string): string {
  if (switches.test(path) || path.startsWith('--')) throw new NoLine('path');
  return path;
}

/** A name or description. ImageX takes what begins so for a switch. */
function word(text: string): string {
  if (/^[/-][^/]+$/.test(text) || text.startsWith('--')) throw new NoLine('nameLooksLikeSwitch');
  return text;
}

function imageText(image: ImageChoice): string {
  if (typeof image === 'number') {
    if (image < 1) throw new NoLine('imageName');
    return String(image);
  }
  if (/^\s*\+?\d+$/.test(image) || /^(all|\*)$/i.test(image)) throw new NoLine('imageName');
  return word(image);
}
