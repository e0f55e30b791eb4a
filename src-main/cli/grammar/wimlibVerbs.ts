import { ALL_IMAGES, type ApplyRequest } from '../../../src-shared/model/requests';
import type {
  DirRequest,
  ExportRequest,
  ExtractRequest,
  InfoRequest,
} from '../../../src-shared/model/requests';
import type { OptimizeRequest, UpdateRequest, VerifyRequest } from '../../../src-shared/model/requests';
import type { DeleteRequest, JoinRequest, SplitRequest } from '../../../src-shared/model/requests';
import type { Draft, PathGroup, WorkAction, WorkVerb } from '../command';
import type { ArgumentReader } from './reader';
import {
  readFixup,
  readIntegrity,
  readProperties,
  readRef,
  readSourceChoices,
  readTargetChoices,
  readThreads,
  readWimboot,
  readWriteChoices,
} from './shared';
import { parseCompression, parseImage, parsePartSize } from './values';
import { isDiskName, readCompact, readDiskTarget, readVolume } from './volumeArguments';
import { readCapture } from './wimlibCapture';

/** How each verb's line becomes a request, in wimlib-imagex's argument order. */
export const wimlibVerbs: Readonly<Record<WorkVerb, (args: ArgumentReader) => WorkAction>> = {
  capture: readCapture,
  append: readCapture,
  apply: readApply,
  delete: readDelete,
  dir: readDir,
  export: readExport,
  extract: readExtract,
  info: readInfo,
  join: readJoin,
  optimize: readOptimize,
  split: readSplit,
  update: readUpdate,
  verify: readVerify,
};

function readApply(args: ArgumentReader): WorkAction {
  args.expect(2, 3, 'WIM [IMAGE] TARGET');
  const { operands } = args;
  const request: Draft<ApplyRequest> = { wim: operands[0], target: operands[operands.length - 1] };
  if (operands.length === 3) request.image = parseImage(operands[1]);
  readRef(args, request);
  if (request.wim === '-' && request.ref !== undefined) {
    throw args.usage('--ref cannot be used with a WIM from standard input');
  }
  readTargetChoices(args, request);
  readFixup(args, request);
  const layoutFile = readDiskTarget(args, request);
  const compact = readCompact(args);
  if (compact !== undefined) {
    if (request.volume === undefined && request.prepare === undefined)
      args.refusals.push(
        '--compact: only files of an NTFS volume can be compressed so; leave the option out',
      );
    request.compact = compact;
  }
  return { verb: 'apply', request, ...(layoutFile === undefined ? {} : { layoutFile }) };
}

function readDelete(args: ArgumentReader): WorkAction {
  args.expect(2, 2, 'WIM IMAGE');
  const request: Draft<DeleteRequest> = { wim: args.operands[0], image: parseImage(args.operands[1]) };
  readIntegrity(args, request);
  readWriteChoices(args, request);
  if (args.has('soft')) request.soft = true;
  return { verb: 'delete', request };
}

function readDir(args: ArgumentReader): WorkAction {
  args.expect(1, 2, 'WIM [IMAGE]');
  const request: Draft<DirRequest> = { wim: args.operands[0] };
  if (args.operands.length === 2) request.image = parseImage(args.operands[1]);
  const path = args.last('path');
  if (path !== undefined) request.path = path;
  if (args.has('one-file-only')) request.oneFileOnly = true;
  readRef(args, request);
  readVolume(args, request, request.wim);
  if (request.volume !== undefined && request.image !== undefined)
    throw args.usage('a volume has no images: wimsmith dir DISK [--volume=VOLUME]');
  return { verb: 'dir', request, detailed: args.has('detailed') };
}

function readExport(args: ArgumentReader): WorkAction {
  args.expect(3, 5, 'WIM IMAGE DESTINATION [NAME [DESCRIPTION]]');
  const [wim, image, destination, name, description] = args.operands as (string | undefined)[] &
    [string, string, string];
  args.refuseSwitches(image, name, description);
  const request: Draft<ExportRequest> = { wim, image: parseImage(image), destination };
  if (name !== undefined) request.name = name;
  if (description !== undefined) request.description = description;
  if (args.has('boot')) request.boot = true;
  readIntegrity(args, request);
  readWriteChoices(args, request);
  // What a new destination gets depends on whether it is new.
  readWimboot(args, request, false);
  readRef(args, request);
  if (destination === '-') request.pipable = true;
  return { verb: 'export', request };
}

function readExtract(args: ArgumentReader): WorkAction {
  const isDisk = args.has('volume') || (args.operands.length > 0 && isDiskName(args.operands[0]));
  if (isDisk) args.expect(1, Infinity, 'DISK [PATH | @LISTFILE]...');
  else args.expect(2, Infinity, 'WIM IMAGE [PATH | @LISTFILE]...');
  const [wim, ...rest] = args.operands;
  const paths = isDisk ? rest : rest.slice(1);
  args.exclusive('no-globs', 'nullglob');
  const request: Draft<ExtractRequest> = {
    wim,
    ...(isDisk ? {} : { image: args.singleImage(rest[0]) }),
    paths: [],
    destination: args.last('dest-dir') ?? '.',
    globs: !args.has('no-globs'),
  };
  if (args.has('to-stdout')) {
    request.toStdout = true;
    request.destination = '-';
  }
  if (isDisk) readVolume(args, request, wim);
  if (readCompact(args) !== undefined)
    args.refusals.push('--compact: only files of an NTFS volume can be compressed so; leave the option out');
  if (args.has('nullglob')) request.nullGlob = true;
  if (args.has('preserve-dir-structure')) request.preserveStructure = true;
  readRef(args, request);
  readTargetChoices(args, request);
  return { verb: 'extract', request, groups: groupPaths(paths) };
}

/** Neighbouring paths go together; each list file stands alone. */
function groupPaths(operands: readonly string[]): PathGroup[] {
  const groups: PathGroup[] = [];
  let together: string[] = [];
  for (const operand of operands) {
    if (operand.startsWith('@')) {
      together = [];
      groups.push({ kind: 'list', file: operand.slice(1) });
      continue;
    }
    if (together.length === 0) groups.push({ kind: 'paths', paths: together });
    together.push(operand);
  }
  return groups;
}

function readInfo(args: ArgumentReader): WorkAction {
  args.expect(1, 4, 'WIM [IMAGE [NEW_NAME [NEW_DESCRIPTION]]]');
  const [wim, image, newName, newDescription] = args.operands as (string | undefined)[] & [string];
  args.refuseSwitches(image, newName, newDescription);
  const request: Draft<InfoRequest> = { wim };
  if (image !== undefined) {
    const choice = image === '0' ? 0 : parseImage(image);
    if (choice !== ALL_IMAGES) request.image = choice;
  }
  if (newName !== undefined) request.newName = newName;
  if (newDescription !== undefined) request.newDescription = newDescription;
  const properties = readProperties(args);
  if (properties.length > 0) request.properties = properties;
  if (args.has('boot')) request.boot = true;
  args.exclusive('readonly', 'no-readonly');
  if (args.has('readonly')) request.readOnly = true;
  if (args.has('no-readonly')) request.readOnly = false;
  const integrity: Draft<InfoRequest> = { wim };
  readIntegrity(args, integrity);
  if (integrity.verifyIntegrity !== undefined) request.verifyIntegrity = integrity.verifyIntegrity;
  // Without a change nothing is written, and the integrity table stays as it is.
  if (changesInfo(request) && integrity.integrity !== undefined) request.integrity = integrity.integrity;
  const extractXml = args.last('extract-xml');
  return {
    verb: 'info',
    request,
    show: {
      header: args.has('header'),
      blobs: args.has('blobs'),
      xml: args.has('xml'),
      ...(extractXml === undefined ? {} : { extractXml }),
    },
  };
}

/** Whether `info` is asked to change the WIM. */
export function changesInfo(request: InfoRequest): boolean {
  return changesImage(request) || request.readOnly !== undefined;
}

/** Whether `info` is asked to change one image, or which one boots. */
export function changesImage(request: InfoRequest): boolean {
  const { newName, newDescription, properties, boot } = request;
  return newName !== undefined || newDescription !== undefined || properties !== undefined || boot === true;
}

function readJoin(args: ArgumentReader): WorkAction {
  args.expect(2, Infinity, 'OUTPUT_WIM PART...');
  const [destination, ...parts] = args.operands;
  const request: Draft<JoinRequest> = { parts, destination };
  readIntegrity(args, request);
  return { verb: 'join', request };
}

function readOptimize(args: ArgumentReader): WorkAction {
  args.expect(1, 1, 'WIM');
  const request: Draft<OptimizeRequest> = { wim: args.operands[0], rebuild: true };
  readIntegrity(args, request);
  readWriteChoices(args, request);
  if (request.compression !== undefined || request.solid === true) request.recompress = true;
  return { verb: 'optimize', request };
}

function readSplit(args: ArgumentReader): WorkAction {
  args.expect(3, 3, 'WIM FIRST_PART PART_SIZE_MB');
  const [wim, destination, size] = args.operands;
  const request: Draft<SplitRequest> = { wim, destination, partSize: parsePartSize(size, args.verb) };
  readIntegrity(args, request);
  const compress = args.last('compress');
  if (compress !== undefined) request.compression = parseCompression(compress, args.verb);
  readThreads(args, request);
  return { verb: 'split', request };
}

function readUpdate(args: ArgumentReader): WorkAction {
  args.expect(1, 2, 'WIM [IMAGE]');
  const request: Draft<UpdateRequest> = { wim: args.operands[0], edits: [] };
  if (args.operands.length === 2) request.image = args.singleImage(args.operands[1]);
  readIntegrity(args, request);
  readWriteChoices(args, request);
  readSourceChoices(args, request);
  readRef(args, request);
  const commands = args.all('command');
  if (commands.length > 1)
    throw args.usage('--command can be given once; give more commands on standard input');
  const configFile = args.last('config');
  const wimbootConfig = args.last('wimboot-config');
  return {
    verb: 'update',
    request,
    ...(configFile === undefined ? {} : { configFile }),
    ...(commands.length === 0 ? {} : { command: commands[0] }),
    ...(wimbootConfig === undefined ? {} : { wimbootConfig }),
    force: args.has('force'),
    recursive: args.has('recursive'),
    noReplace: args.has('no-replace'),
  };
}

function readVerify(args: ArgumentReader): WorkAction {
  args.expect(1, 1, 'WIM');
  const request: Draft<VerifyRequest> = { wim: args.operands[0], verifyIntegrity: !args.has('nocheck') };
  readThreads(args, request);
  readRef(args, request);
  return { verb: 'verify', request };
}
