import {
  ALL_IMAGES,
  type ApplyRequest,
  type CaptureRequest,
  type DeleteRequest,
  type ExportRequest,
  type InfoRequest,
  type SplitRequest,
} from '../../../src-shared/model/requests';
import type { Draft, WorkAction } from '../command';
import { UsageError } from '../usageError';
import type { ImageXVerb } from './imagexSwitches';
import { refuseSwitches } from './suspectWords';
import { parseCompression, parseImage, parsePartSize } from './values';

/** An ImageX line, taken apart. */
export interface ImageXLine {
  readonly verb: ImageXVerb;
  readonly operands: readonly string[];
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** The request that an ImageX line makes. @throws UsageError when operands are missing or too many */
export function imagexAction(line: ImageXLine): WorkAction {
  switch (line.verb) {
    case 'capture':
    case 'append':
      return capture(line, line.verb);
    case 'apply':
      return apply(line);
    case 'delete':
      return deleteImage(line);
    case 'dir':
      expect(line, 1, 2, 'FILE [IMAGE]');
      refuseSwitches([line.operands[1]]);
      return { verb: 'dir', request: { wim: line.operands[0], ...imageAt(line, 1) }, detailed: false };
    case 'export':
      return exportImage(line);
    case 'info':
      return info(line);
    case 'split':
      return split(line);
  }
}

function capture(line: ImageXLine, verb: 'capture' | 'append'): WorkAction {
  expect(line, 2, 4, 'PATH FILE ["NAME" ["DESCRIPTION"]]');
  const [source, wim, name, description] = line.operands as (string | undefined)[] & [string, string];
  refuseSwitches([name, description]);
  const request: Draft<CaptureRequest> = { source, wim };
  if (name !== undefined) request.name = name;
  if (description !== undefined) request.description = description;
  if (verb === 'capture') {
    request.overwrite = true;
    // ImageX's default, unlike wimlib's.
    request.compression = { format: 'xpress' };
    readCompression(line, request);
  }
  readIntegrity(line, request);
  if (line.values.has('boot')) request.boot = true;
  if (line.values.has('norpfix')) request.fixReparsePoints = false;
  const flags = last(line, 'flags');
  if (flags !== undefined) request.properties = [['FLAGS', flags]];
  const configFile = last(line, 'config');
  return { verb, request, ...(configFile === undefined ? {} : { configFile }) };
}

function apply(line: ImageXLine): WorkAction {
  expect(line, 2, 3, 'FILE IMAGE PATH');
  const { operands } = line;
  const request: Draft<ApplyRequest> = { wim: operands[0], target: operands[operands.length - 1] };
  if (operands.length === 3) {
    // Some guides print the path before the index.
    refuseSwitches([operands[/^\d+$/.test(operands[2]) ? 2 : 1]]);
    const swapped = !/^\d+$/.test(operands[1]) && /^\d+$/.test(operands[2]);
    request.image = parseImage(swapped ? operands[2] : operands[1]);
    if (swapped) request.target = operands[1];
  }
  if (line.values.has('check')) request.verifyIntegrity = true;
  if (line.values.has('norpfix')) request.fixReparsePoints = false;
  readRef(line, request);
  return { verb: 'apply', request };
}

function deleteImage(line: ImageXLine): WorkAction {
  expect(line, 2, 2, 'FILE IMAGE');
  refuseSwitches([line.operands[1]]);
  const request: Draft<DeleteRequest> = { wim: line.operands[0], image: parseImage(line.operands[1]) };
  // ImageX leaves the data in the file, where /export to a new file is what removes it.
  request.soft = true;
  readIntegrity(line, request);
  return { verb: 'delete', request };
}

function exportImage(line: ImageXLine): WorkAction {
  expect(line, 3, 5, 'FILE IMAGE DESTINATION ["NAME" ["DESCRIPTION"]]');
  const [wim, image, destination, name, description] = line.operands as (string | undefined)[] &
    [string, string, string];
  refuseSwitches([image, name, description]);
  const request: Draft<ExportRequest> = { wim, image: parseImage(image), destination };
  if (name !== undefined) request.name = name;
  if (description !== undefined) request.description = description;
  if (line.values.has('boot')) request.boot = true;
  readCompression(line, request);
  readIntegrity(line, request);
  readRef(line, request);
  return { verb: 'export', request };
}

function info(line: ImageXLine): WorkAction {
  expect(line, 1, 4, 'FILE [IMAGE ["NEW NAME" ["NEW DESCRIPTION"]]]');
  const [wim, image, newName, newDescription] = line.operands as (string | undefined)[] & [string];
  refuseSwitches([image, newName, newDescription]);
  const request: Draft<InfoRequest> = { wim };
  if (image !== undefined) {
    const choice = image === '0' ? 0 : parseImage(image);
    if (choice !== ALL_IMAGES) request.image = choice;
  }
  if (newName !== undefined) request.newName = newName;
  if (newDescription !== undefined) request.newDescription = newDescription;
  if (line.values.has('boot')) request.boot = true;
  if (line.values.has('check')) {
    request.verifyIntegrity = true;
    if (request.boot === true || newName !== undefined) request.integrity = true;
  }
  return { verb: 'info', request, show: { header: false, blobs: false, xml: line.values.has('xml') } };
}

function split(line: ImageXLine): WorkAction {
  expect(line, 3, 3, 'FILE FIRST_PART SIZE_MB');
  const [wim, destination, size] = line.operands;
  const request: Draft<SplitRequest> = { wim, destination, partSize: parsePartSize(size, 'imagex') };
  readIntegrity(line, request);
  return { verb: 'split', request };
}

function expect(line: ImageXLine, minimum: number, maximum: number, names: string): void {
  const count = line.operands.length;
  if (count >= minimum && count <= maximum) return;
  if (count > maximum) refuseSwitches(line.operands.slice(maximum));
  const problem = count < minimum ? 'too few arguments' : 'too many arguments';
  throw new UsageError(`${problem}: wimsmith /${line.verb} ${names}`, 'imagex');
}

function imageAt(line: ImageXLine, index: number): { readonly image?: number | string } {
  return line.operands.length > index ? { image: parseImage(line.operands[index]) } : {};
}

function last(line: ImageXLine, name: string): string | undefined {
  return line.values.get(name)?.at(-1);
}

function readCompression(line: ImageXLine, request: Draft<Pick<CaptureRequest, 'compression'>>): void {
  const compress = last(line, 'compress');
  if (compress !== undefined) request.compression = parseCompression(compress, 'imagex');
}

function readIntegrity(
  line: ImageXLine,
  request: Draft<{ readonly integrity?: boolean; readonly verifyIntegrity?: boolean }>,
): void {
  if (!line.values.has('check')) return;
  request.verifyIntegrity = true;
  request.integrity = true;
}

function readRef(line: ImageXLine, request: Draft<{ readonly ref?: readonly string[] }>): void {
  const ref = line.values.get('ref');
  if (ref !== undefined) request.ref = ref;
}
