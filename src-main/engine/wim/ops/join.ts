import { AppError } from '../../../../src-shared/errors/appError';
import type { WriteReport } from '../../../../src-shared/model/reports';
import type { JoinRequest } from '../../../../src-shared/model/requests';
import { bytesEqual } from '../../binary/bytesEqual';
import type { EngineHost } from '../../os';
import { BlobPlace } from '../blobTable';
import { checkIntegrity } from '../integrity';
import { expandReferences } from '../siblings';
import { openWim, readHeader } from '../openWim';
import type { WimHeader } from '../records/wimHeader';
import type { Wim } from '../wim';
import { copyBlobs } from '../write/copyBlobs';
import { OutputBlobs } from '../write/outputBlobs';
import { assertWimPlace, replaceFile } from '../write/wimSession';
import { keptFlags, WimWriter, type WriterOptions } from '../write/wimWriter';
import {
  chooseSolid,
  DEFAULT_LEVEL,
  hasIntegrity,
  ProgressCounter,
  reportWarnings,
  type VerbContext,
} from './common';
import { writeImageMetadata } from './rewrite';

/** A file that was named as a part. */
interface NamedPart {
  readonly path: string;
  readonly header: WimHeader;
}

/**
 * Makes one WIM of all parts of a split set, given in any order. Data and metadata are copied as they are; XML data,
 * boot index and GUID are those of the first part.
 * @throws AppError `wim/missing-part`, `usage/invalid` when a file is not a part of the set or a part is given twice
 */
export async function join(
  host: EngineHost,
  request: JoinRequest,
  context: VerbContext = {},
): Promise<WriteReport> {
  // Shells of Windows leave patterns to the program; a file of that very name comes first.
  const named = request.parts.flatMap((part) =>
    host.files.status(host.files.absolute(part)) === undefined ? expandReferences(host, [part]) : [part],
  );
  const parts = orderedParts(host, named);
  const path = host.files.absolute(request.destination);
  assertReplacesNoPart(host, path, parts);
  const wim = await openWim(host, parts[0].path, {
    ref: parts.slice(1).map((part) => part.path),
    siblings: false,
    signal: context.signal,
    onProgress: context.onProgress,
  });
  try {
    assertJoinable(wim);
    assertWimPlace(host, path);
    if (request.verifyIntegrity === true)
      for (const part of wim.parts) await checkIntegrity(host, part, context);
    const warnings = reportWarnings(wim, context);
    const rows = storedRows(wim);
    const needed = wim.parts.reduce((sum, { file }) => sum + file.size, 0);
    const free = host.files.freeSpace(host.files.directoryName(path));
    if (request.dryRun === true) return planned(host, wim, path, needed, free, warnings);
    if (needed > free) {
      throw new AppError(
        'io/no-space',
        `${path} needs about ${needed} bytes and ${free} are free; nothing was written`,
        {
          needed,
          free,
        },
      );
    }
    return await replaceFile(host, path, async (file) => {
      const writer = new WimWriter(
        host,
        file,
        new OutputBlobs(wim.blobs),
        joinedOptions(wim, request, context),
        0,
      );
      const bytes = rows.reduce((sum, row) => sum + wim.blobs.size[row], 0);
      const progress = new ProgressCounter(context, host, 'Joining', rows.length, bytes);
      const { copiedBytes } = await copyBlobs(writer, wim, rows, {
        recompress: false,
        onCopied: (count, size) => progress.add(count, size),
      });
      for (const image of wim.images) await writeImageMetadata(host, wim, writer, image, false);
      progress.report();
      await writer.finish({
        xml: wim.xml,
        bootIndex: wim.main.header.bootIndex,
        references: (row) => wim.blobs.referenceCount[row],
      });
      return {
        wim: path,
        image: 0,
        size: writer.output.position,
        bytesStored: 0,
        bytesCopied: copiedBytes,
        warnings,
      };
    });
  } finally {
    wim.close();
  }
}

/** The parts by their numbers, after checking that they are all of one set. */
function orderedParts(host: EngineHost, given: readonly string[]): NamedPart[] {
  if (given.length === 0) throw new AppError('usage/invalid', 'no parts to join were given');
  const byNumber: (NamedPart | undefined)[] = [];
  let first: NamedPart | undefined;
  for (const name of given) {
    const part = namedPart(host, host.files.absolute(name));
    first ??= part;
    assertSameSet(first, part);
    const { partNumber } = part.header;
    const other = byNumber[partNumber];
    if (other !== undefined) {
      throw new AppError(
        'usage/invalid',
        `${other.path} and ${part.path} are both part ${partNumber} of the set`,
        {
          path: part.path,
        },
      );
    }
    byNumber[partNumber] = part;
  }
  const total = first?.header.totalParts ?? 0;
  const parts: NamedPart[] = [];
  const missing: number[] = [];
  for (let number = 1; number <= total; number++) {
    const part = byNumber[number];
    if (part === undefined) missing.push(number);
    else parts.push(part);
  }
  if (missing.length > 0) {
    const some = missing.slice(0, 10).join(', ') + (missing.length > 10 ? ' ...' : '');
    throw new AppError(
      'wim/missing-part',
      `the set that ${given[0]} belongs to has ${total} parts; missing: part ${some}`,
      { total, part: missing[0] },
    );
  }
  return parts;
}

function namedPart(host: EngineHost, path: string): NamedPart {
  const file = host.files.openRead(path);
  try {
    return { path, header: readHeader(file) };
  } finally {
    file.close();
  }
}

function assertSameSet(first: NamedPart, part: NamedPart): void {
  const refuse = (reason: string): never => {
    throw new AppError(
      'usage/invalid',
      `${part.path} is no part of the set that ${first.path} belongs to: ${reason}`,
      {
        path: part.path,
      },
    );
  };
  if (!bytesEqual(part.header.guid, first.header.guid)) refuse('its GUID differs');
  const { totalParts } = part.header;
  if (totalParts !== first.header.totalParts)
    refuse(`it is of a set of ${totalParts} parts, not ${first.header.totalParts}`);
}

function assertReplacesNoPart(host: EngineHost, path: string, parts: readonly NamedPart[]): void {
  const identity = host.files.status(path)?.identity;
  if (identity === undefined) return;
  if (parts.some((part) => host.files.status(part.path)?.identity === identity)) {
    throw new AppError('usage/invalid', `${path} is one of the parts; join them into another file`, { path });
  }
}

function assertJoinable(wim: Wim): void {
  const { main } = wim;
  for (const part of wim.parts) {
    if (part.format !== main.format || part.chunkSize !== main.chunkSize) {
      throw new AppError(
        'usage/invalid',
        `${part.path} is not compressed as ${main.path} is: they are of different sets`,
        {
          path: part.path,
        },
      );
    }
    if (part.pipable)
      throw new AppError('wim/unsupported', `${part.path} is pipable; such parts are not joined`);
  }
}

function storedRows(wim: Wim): number[] {
  const rows: number[] = [];
  for (let row = 0; row < wim.blobs.length; row++)
    if (wim.blobs.place[row] !== BlobPlace.MISSING) rows.push(row);
  return rows;
}

function joinedOptions(wim: Wim, request: JoinRequest, context: VerbContext): WriterOptions {
  const { main } = wim;
  return {
    compression: { format: main.format, chunkSize: main.chunkSize, level: DEFAULT_LEVEL },
    pipable: false,
    solid: chooseSolid({}, false, wim),
    integrity: request.integrity ?? hasIntegrity(wim),
    guid: main.header.guid,
    partNumber: 1,
    totalParts: 1,
    flags: keptFlags(main.header),
    threads: 0,
    signal: context.signal,
    onProgress: context.onProgress,
  };
}

function planned(
  host: EngineHost,
  wim: Wim,
  path: string,
  spaceNeeded: number,
  spaceFree: number,
  warnings: string[],
): WriteReport {
  const replaces = host.files.status(path) === undefined ? '' : ', replacing the file of that name';
  return {
    wim: path,
    image: 0,
    size: 0,
    bytesStored: 0,
    bytesCopied: 0,
    warnings,
    plan: {
      steps: [
        `Take ${wim.images.length} images from the ${wim.parts.length} parts of ${wim.path}`,
        `Write ${path}${replaces}`,
      ],
      warnings,
      spaceNeeded,
      spaceFree,
    },
  };
}
