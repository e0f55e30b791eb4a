import type { CaptureRequest } from '../../../src-shared/model/requests';
import type { Draft, WorkAction } from '../command';
import type { ArgumentReader } from './reader';
import { readVolume } from './volumeArguments';
import { readIntegrity, readProperties, readSourceChoices, readWimboot, readWriteChoices } from './shared';

/** The lines of capture and append. */
export function readCapture(args: ArgumentReader): WorkAction {
  args.expect(2, 4, 'SOURCE WIM [NAME [DESCRIPTION]]');
  const [source, wim, name, description] = args.operands as (string | undefined)[] & [string, string];
  args.refuseSwitches(name, description);
  const create = args.has('create');
  if (create && args.verb === 'capture') {
    throw args.usage('--create belongs to append: capture always makes the WIM');
  }
  const toOutput = wim === '-';
  if (toOutput && args.verb === 'append' && !create)
    throw args.usage('nothing can be appended to standard output');
  const verb = toOutput ? 'capture' : args.verb === 'append' ? 'append' : 'capture';
  if (args.has('unsafe-compact') && verb === 'capture')
    throw args.usage('--unsafe-compact belongs to append');

  const request: Draft<CaptureRequest> = { source, wim };
  if (name !== undefined) request.name = name;
  if (description !== undefined) request.description = description;
  readIntegrity(args, request);
  readWriteChoices(args, request);
  readSourceChoices(args, request);
  readWimboot(args, request, verb === 'capture');
  // Existing WIMs keep their compression.
  if (verb === 'append' && !create) delete request.compression;
  if (verb === 'capture') request.overwrite = true;
  if (verb === 'append' && create) request.create = true;
  if (toOutput) request.pipable = true;
  if (args.has('boot')) request.boot = true;
  const properties = readProperties(args);
  if (properties.length > 0) request.properties = properties;
  const deltaFrom = args.all('delta-from');
  if (deltaFrom.length > 0) request.deltaFrom = deltaFrom;
  if (args.has('snapshot'))
    args.refusals.push('--snapshot: shadow copies are not made yet; capture what is not in use');
  readVolume(args, request, source);
  if (request.volume !== undefined && args.has('source-list'))
    throw args.usage('--source-list names directories and files, not volumes: leave out --volume');
  const fromEnd = readUpdateOf(args, request, verb);
  const configFile = args.last('config');
  return {
    verb,
    request,
    ...(configFile === undefined ? {} : { configFile }),
    ...(args.has('source-list') ? { sourceList: true } : {}),
    ...(fromEnd === undefined ? {} : { updateOfFromEnd: fromEnd }),
  };
}

/** Sets `updateOf`; returns N when the image is the N-th from the end ("-N"). */
function readUpdateOf(
  args: ArgumentReader,
  request: Draft<CaptureRequest>,
  verb: 'capture' | 'append',
): number | undefined {
  const given = args.all('update-of');
  if (given.length === 0) return undefined;
  if (given.length > 1) throw args.usage('--update-of can be given once');
  const colon = given[0].lastIndexOf(':');
  const imageText = given[0].slice(colon + 1);
  let wim = colon < 0 ? undefined : given[0].slice(0, colon);
  const bases = request.deltaFrom ?? [];
  if (wim === undefined && bases.length === 1) wim = bases[0];
  if (wim === undefined && verb === 'capture') {
    throw args.usage('--update-of needs the WIM here: --update-of=WIM:IMAGE');
  }
  const fromEnd = /^-(\d+)$/.exec(imageText);
  const image = fromEnd === null ? args.singleImage(imageText) : 0;
  request.updateOf = { ...(wim === undefined ? {} : { wim }), image };
  return fromEnd === null ? undefined : Number(fromEnd[1]);
}
