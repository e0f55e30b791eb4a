import { isDiskWork, isDriverWork, type Work, type WorkOf } from '../contract/work';
import { ALL_IMAGES } from '../model/requests';
import { quoteFor } from './quoting';
import { LineBuilder, lineOrReason, NoLine, type CommandLine, type ShellStyle } from './shapes';
import { diskLine, layout, sizeText, target as diskTarget } from './wimsmithDisk';
import { driversLine } from './wimsmithDrivers';
import {
  compressionText,
  fixup,
  imageText,
  integrity,
  operands,
  properties,
  references,
  refuseSwitches,
  source,
  target,
  threads,
  write,
} from './wimsmithOptions';

/** Chunk size of XPRESS unless --wimboot sets another. */
const XPRESS_CHUNK_SIZE = 32_768;

/** The line of `wimsmith` for a piece of work. */
export function wimsmithLine(work: Work, style: ShellStyle): CommandLine {
  return lineOrReason(() => {
    const line = new LineBuilder('wimsmith', quoteFor(style));
    if (isDiskWork(work)) return diskLine(line, work);
    if (isDriverWork(work)) return driversLine(line, work);
    line.add(work.verb);
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
      case 'extract':
        return extract(line, work);
      case 'info':
        return info(line, work);
      case 'join':
        integrity(line, work.verb, work.request);
        return operands(line, [work.request.destination, ...work.request.parts]);
      case 'optimize':
        return optimize(line, work);
      case 'split':
        integrity(line, work.verb, work.request);
        if (work.request.compression !== undefined)
          line.add(`--compress=${compressionText(work.request.compression)}`);
        threads(line, work.request);
        return operands(line, [
          work.request.wim,
          work.request.destination,
          String(work.request.partSize / 2 ** 20),
        ]);
      case 'update':
        return update(line, work);
      case 'verify':
        return verify(line, work);
    }
  });
}

function capture(line: LineBuilder, { verb, request }: WorkOf<'capture' | 'append'>): LineBuilder {
  const { name, description } = request;
  if (request.ref !== undefined && request.ref.length > 0) throw new NoLine('references');
  const makes = verb === 'capture' || request.create === true;
  const { compression, ...rest } = request;
  write(line, makes && compression !== undefined ? { ...rest, compression } : rest);
  if (makes && request.wimboot === true) {
    // --wimboot alone changes what the format and its chunks are.
    if (compression === undefined) line.add('--compress=maximum');
    if (compression?.format === 'xpress' && request.chunkSize === undefined)
      line.add(`--chunk-size=${XPRESS_CHUNK_SIZE}`);
  }
  integrity(line, verb, request);
  source(line, request);
  fixup(line, request.fixReparsePoints);
  if (request.volume !== undefined) line.add(`--volume=${request.volume}`);
  for (const base of request.deltaFrom ?? []) line.add(`--delta-from=${base}`);
  updateOf(line, { verb, request });
  line.addIf(request.wimboot, '--wimboot').addIf(request.boot, '--boot');
  line.addIf(verb === 'append' && request.create, '--create');
  properties(line, request.properties);
  line.omit(request, ['recompress', 'retainGuid']);
  line.note('overwrites', verb === 'capture' && request.overwrite !== true);
  if (request.sourceList !== undefined) line.add('--source-list').note('sourceList');
  refuseSwitches(name, description);
  const named = name === undefined ? [] : [name];
  if (name === undefined && description !== undefined)
    line.add(`--image-property=DESCRIPTION=${description}`);
  if (name !== undefined && description !== undefined) named.push(description);
  const from = request.sourceList === undefined ? request.source : 'sources.txt';
  return operands(line, [from, request.wim, ...named]);
}

function updateOf(line: LineBuilder, { verb, request }: WorkOf<'capture' | 'append'>): void {
  if (request.updateOf === undefined) return;
  const { image } = request.updateOf;
  // With --delta-from an unnamed WIM is that one, not the one appended to.
  const own = verb === 'append' && (request.deltaFrom ?? []).length > 0 ? request.wim : undefined;
  const wim = request.updateOf.wim ?? own;
  if (wim === undefined && verb === 'capture') throw new NoLine('updateOf');
  const text = imageText(image);
  if (image === ALL_IMAGES || text.includes(':') || /^-\d+$/.test(text)) throw new NoLine('imageName');
  line.add(`--update-of=${wim === undefined ? '' : `${wim}:`}${text}`);
}

function apply(line: LineBuilder, { request }: WorkOf<'apply'>): LineBuilder {
  line.addIf(request.verifyIntegrity, '--check');
  references(line, request.ref);
  target(line, request);
  fixup(line, request.fixReparsePoints);
  if (request.volume !== undefined) line.add(`--volume=${request.volume}`);
  prepare(line, request);
  diskTarget(line, request);
  line.omit(request, ['strictSymlinks', 'strictTimestamps', 'strictShortNames', 'sparse']);
  threads(line, request);
  const image = request.image === undefined ? [] : [imageText(request.image)];
  return operands(line, [request.wim, ...image, request.target]);
}

/** The New PC job: the disk is made or divided first. */
function prepare(line: LineBuilder, request: WorkOf<'apply'>['request']): void {
  if (request.prepare !== undefined) {
    const { size, format, kind, sectorSize } = request.prepare;
    layout(line, '--prepare', request.prepare.layout);
    if (size !== undefined) line.add(`--size=${sizeText(size)}`);
    if (format !== undefined) line.add(`--format=${format}`);
    line.addIf(kind === 'fixed', '--kind=fixed');
    if (sectorSize !== undefined) line.add(`--sector-size=${sectorSize}`);
  }
  if (request.compact !== undefined) line.add(`--compact=${request.compact}`);
}

function deleteImage(line: LineBuilder, { request }: WorkOf<'delete'>): LineBuilder {
  integrity(line, 'delete', request);
  threads(line, request);
  line
    .addIf(request.soft, '--soft')
    .omit(request, [
      'compression',
      'chunkSize',
      'pipable',
      'rebuild',
      'recompress',
      'solid',
      'solidCompression',
      'solidChunkSize',
      'noSolidSort',
      'retainGuid',
    ]);
  return operands(line, [request.wim, imageText(request.image)]);
}

function exportImage(line: LineBuilder, { request }: WorkOf<'export'>): LineBuilder {
  const { name, description } = request;
  write(line, request);
  integrity(line, 'export', request);
  references(line, request.ref);
  line
    .addIf(request.boot, '--boot')
    .addIf(request.wimboot, '--wimboot')
    .addIf(request.recompress, '--recompress');
  line.omit(request, ['retainGuid']);
  refuseSwitches(name, description);
  if (name === undefined && description !== undefined) line.omit({ description }, ['description']);
  const named = name === undefined ? [] : [name, ...(description === undefined ? [] : [description])];
  return operands(line, [request.wim, imageText(request.image), request.destination, ...named]);
}

function extract(line: LineBuilder, { request }: WorkOf<'extract'>): LineBuilder {
  line.addIf(request.verifyIntegrity, '--check').add(`--dest-dir=${request.destination}`);
  references(line, request.ref);
  target(line, request);
  if (request.volume !== undefined) line.add(`--volume=${request.volume}`);
  line.addIf(request.globs !== true, '--no-globs').addIf(request.nullGlob, '--nullglob');
  line.addIf(request.preserveStructure, '--preserve-dir-structure');
  line.omit(request, ['strictSymlinks']);
  threads(line, request);
  const image = imageText(request.image ?? 1);
  if (image === ALL_IMAGES) throw new NoLine('allImages');
  // Names that begin so are lists, or could not be told from options by everybody who reads the line.
  const listed = request.paths.some((path) => path.startsWith('@')) || request.paths.length > 20;
  if (listed) line.note('pathList');
  return operands(line, [request.wim, image, ...(listed ? ['@paths.txt'] : request.paths)]);
}

function info(line: LineBuilder, { request }: WorkOf<'info'>): LineBuilder {
  const { image, newName, newDescription } = request;
  const edits =
    newName !== undefined ||
    newDescription !== undefined ||
    request.properties !== undefined ||
    request.boot === true ||
    request.readOnly !== undefined;
  if (edits) integrity(line, 'info', request);
  else line.omit(request, ['integrity']).addIf(request.verifyIntegrity, '--check');
  line.addIf(request.boot, '--boot');
  if (request.readOnly !== undefined) line.add(request.readOnly ? '--readonly' : '--no-readonly');
  properties(line, request.properties);
  refuseSwitches(newName, newDescription);
  if (image === undefined) {
    if (newName !== undefined || newDescription !== undefined) throw new NoLine('imageName');
    return operands(line, [request.wim]);
  }
  const which = image === 0 ? '0' : imageText(image);
  if (newName === undefined && newDescription !== undefined)
    line.add(`--image-property=DESCRIPTION=${newDescription}`);
  const named =
    newName === undefined ? [] : [newName, ...(newDescription === undefined ? [] : [newDescription])];
  return operands(line, [request.wim, which, ...named]);
}

function optimize(line: LineBuilder, { request }: WorkOf<'optimize'>): LineBuilder {
  // It always writes the whole file anew.
  write(line, { ...request, rebuild: false });
  integrity(line, 'optimize', request);
  line.addIf(request.recompress === true, '--recompress').omit(request, ['retainGuid']);
  return operands(line, [request.wim]);
}

function update(line: LineBuilder, { request }: WorkOf<'update'>): LineBuilder {
  write(line, request);
  integrity(line, 'update', request);
  source(line, request);
  references(line, request.ref);
  line.omit(request, ['fixReparsePoints', 'recompress', 'retainGuid']);
  const image = request.image === undefined ? [] : [imageText(request.image)];
  return operands(line, [request.wim, ...image])
    .raw('< commands.txt')
    .note('updateCommands');
}

function verify(line: LineBuilder, { request }: WorkOf<'verify'>): LineBuilder {
  line.addIf(request.verifyIntegrity === false, '--nocheck');
  threads(line, request);
  references(line, request.ref);
  return operands(line, [request.wim]);
}
