import type { DriverWork } from '../contract/work';
import { NoLine, type LineBuilder } from './shapes';
import { imageText, integrity, operands, threads } from './wimsmithOptions';

/** Fields of a request about the file that is written for which the line has no word. */
const unspoken = [
  'compression',
  'chunkSize',
  'pipable',
  'recompress',
  'solid',
  'solidCompression',
  'solidChunkSize',
  'noSolidSort',
  'retainGuid',
];

/** A `wimsmith drivers ...` line for work on the drivers of an offline Windows. */
export function driversLine(line: LineBuilder, work: DriverWork): LineBuilder {
  line.add('drivers');
  switch (work.verb) {
    case 'driversAdd': {
      const { request } = work;
      line.add('add');
      for (const path of request.drivers) line.add(`--driver=${path}`);
      if (request.devices !== undefined) devices(line, request.devices);
      for (const hash of request.only ?? []) line.add(`--only=${hash}`);
      if (request.method !== undefined) line.add(`--method=${request.method}`);
      line.addIf(request.registerForBoot, '--boot').addIf(request.setupComplete, '--setup-complete');
      line.addIf(request.noAnswerFile, '--no-answer-file');
      if (request.answerFile !== undefined) line.add(`--answer-file=${request.answerFile}`);
      if (request.skipFaulty === true && request.forceFaulty === true) throw new NoLine('noVerb');
      line.addIf(request.skipFaulty, '--skip-faulty').addIf(request.forceFaulty, '--force-faulty');
      integrity(line, work.verb, request);
      line.addIf(request.rebuild, '--rebuild');
      threads(line, request);
      line.omit(request, unspoken);
      return operands(line, place(line, request));
    }
    case 'driversExport': {
      const { request } = work;
      line.add('export');
      for (const name of request.drivers ?? []) line.add(`--driver-name=${name}`);
      return operands(line, [...place(line, request), request.destination]);
    }
    case 'driversRemove': {
      const { request } = work;
      line.add('remove').addIf(request.drivers === 'all', '--all-staged');
      const names = request.drivers === 'all' ? [] : request.drivers;
      // By their ending they are told from the image.
      if (names.some((name) => !/\.inf$/i.test(name))) throw new NoLine('imageName');
      integrity(line, work.verb, request);
      line.addIf(request.rebuild, '--rebuild');
      threads(line, request);
      line.omit(request, unspoken);
      const where = place(line, request);
      if (where.slice(1).some((image) => /\.inf$/i.test(image))) throw new NoLine('imageName');
      return operands(line, [...where, ...names]);
    }
  }
}

type Place = Pick<DriverWork['request'], 'path' | 'image' | 'volume'>;

/** TARGET [IMAGE] */
function place(line: LineBuilder, { path, image, volume }: Place): string[] {
  if (volume !== undefined) line.add(`--volume=${volume}`);
  // A volume has no images.
  if (image === undefined || volume !== undefined) return [path];
  const text = imageText(image);
  if (text === 'all') throw new NoLine('allImages');
  return [path, text];
}

function devices(
  line: LineBuilder,
  choice: NonNullable<Extract<DriverWork, { verb: 'driversAdd' }>['request']['devices']>,
): void {
  if (choice.kind === 'this-pc') line.add('--match=this-pc');
  // A file of that name is not this PC.
  else if (choice.kind === 'file')
    line.add(`--match=${/^this-pc$/i.test(choice.path) ? `./${choice.path}` : choice.path}`);
  else line.add('--match=devices.txt').note('deviceList');
}
