import { z } from 'zod';
import type {
  ApplyRequest,
  CaptureRequest,
  DeleteRequest,
  ExportRequest,
  ExtractRequest,
  InfoRequest,
  JoinRequest,
  OptimizeRequest,
  SourceChoices,
  SplitRequest,
  UpdateEdit,
  UpdateRequest,
  VerifyRequest,
} from '../model/requests';
import {
  compactChoice,
  DiskConvertShape,
  DiskCreateShape,
  DiskPlanShape,
  DiskPrepareShape,
  DiskShape,
  DiskWipeShape,
  PrepareShape,
  targetFields,
  volumeChoice,
} from './diskShapes';
import { DriversAddShape, DriversExportShape, DriversRemoveShape, DriversResultShape } from './driverShapes';
import { count, listed, path, Remark, text } from './shapes';
import { compression, flag, image, writeChoices } from './writeChoices';

/** What the engine can be asked to do, as data: a job, its history and a recipe are made of it. */

const paths = z.array(path).max(10_000).exactOptional();
const properties = z
  .array(z.tuple([text, text]).readonly())
  .readonly()
  .exactOptional();

const securityDescriptors = z.enum(['none', 'lenient', 'strict']).exactOptional();
const sourceChoices = {
  dereference: flag,
  unixData: flag,
  fixReparsePoints: flag,
  securityDescriptors,
  config: z.string().max(1_000_000).exactOptional(),
  noDefaultExclusions: flag,
};
export const SourceChoicesShape = z.object(sourceChoices) satisfies z.ZodType<SourceChoices>;

/** A WIM on disk: channels never speak of standard input and output. */
const wim = path.refine((name) => name !== '-', 'a file is wanted');

const CaptureShape = z.object({
  ...writeChoices,
  ...sourceChoices,
  source: path,
  sourceList: z.string().max(1_000_000).exactOptional(),
  volume: volumeChoice.exactOptional(),
  wim,
  name: text.exactOptional(),
  description: text.exactOptional(),
  properties,
  boot: flag,
  verifyIntegrity: flag,
  updateOf: z.object({ wim: wim.exactOptional(), image }).exactOptional(),
  deltaFrom: paths,
  ref: paths,
  wimboot: flag,
  create: flag,
  overwrite: flag,
}) satisfies z.ZodType<CaptureRequest>;

const ApplyShape = z.object({
  wim,
  image: image.exactOptional(),
  target: path,
  volume: volumeChoice.exactOptional(),
  prepare: PrepareShape.exactOptional(),
  compact: compactChoice.exactOptional(),
  ...targetFields,
  ref: paths,
  verifyIntegrity: flag,
  unixData: flag,
  fixReparsePoints: flag,
  securityDescriptors,
  includeInvalidNames: flag,
  recoverData: flag,
  strictSymlinks: flag,
  strictTimestamps: flag,
  strictShortNames: flag,
  sparse: flag,
  threads: count.exactOptional(),
  memory: count.exactOptional(),
}) satisfies z.ZodType<ApplyRequest>;

const DeleteShape = z.object({
  ...writeChoices,
  wim,
  image,
  soft: flag,
  verifyIntegrity: flag,
}) satisfies z.ZodType<DeleteRequest>;

const ExportShape = z.object({
  ...writeChoices,
  wim,
  image,
  destination: wim,
  name: text.exactOptional(),
  description: text.exactOptional(),
  boot: flag,
  ref: paths,
  verifyIntegrity: flag,
  wimboot: flag,
}) satisfies z.ZodType<ExportRequest>;

const ExtractShape = z.object({
  wim,
  image: image.exactOptional(),
  volume: volumeChoice.exactOptional(),
  paths: z.array(z.string().max(32_768)).max(10_000),
  destination: wim,
  globs: flag,
  nullGlob: flag,
  preserveStructure: flag,
  ref: paths,
  verifyIntegrity: flag,
  unixData: flag,
  securityDescriptors,
  includeInvalidNames: flag,
  recoverData: flag,
  strictSymlinks: flag,
  threads: count.exactOptional(),
  memory: count.exactOptional(),
}) satisfies z.ZodType<ExtractRequest>;

const InfoShape = z.object({
  wim,
  image: image.exactOptional(),
  newName: text.exactOptional(),
  newDescription: text.exactOptional(),
  properties,
  boot: flag,
  verifyIntegrity: flag,
  integrity: flag,
  readOnly: flag,
}) satisfies z.ZodType<InfoRequest>;

const JoinShape = z.object({
  parts: z.array(wim).min(1).max(10_000),
  destination: wim,
  integrity: flag,
  verifyIntegrity: flag,
}) satisfies z.ZodType<JoinRequest>;

const OptimizeShape = z.object({
  ...writeChoices,
  wim,
  verifyIntegrity: flag,
}) satisfies z.ZodType<OptimizeRequest>;

const SplitShape = z.object({
  wim,
  destination: wim,
  partSize: count,
  compression: compression.exactOptional(),
  threads: count.exactOptional(),
  memory: count.exactOptional(),
  integrity: flag,
  verifyIntegrity: flag,
}) satisfies z.ZodType<SplitRequest>;

const imagePath = z.string().max(32_768);
const EditShape = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('add'),
    source: path,
    target: imagePath,
    choices: SourceChoicesShape.exactOptional(),
    noReplace: flag,
  }),
  z.object({ kind: z.literal('delete'), path: imagePath, force: flag, recursive: flag }),
  z.object({ kind: z.literal('rename'), from: imagePath, to: imagePath }),
]) satisfies z.ZodType<UpdateEdit>;

const UpdateShape = z.object({
  ...writeChoices,
  ...sourceChoices,
  wim,
  image: image.exactOptional(),
  edits: z.array(EditShape).min(1).max(100_000),
  verifyIntegrity: flag,
  ref: paths,
}) satisfies z.ZodType<UpdateRequest>;

const VerifyShape = z.object({
  wim,
  ref: paths,
  verifyIntegrity: flag,
  threads: count.exactOptional(),
  memory: count.exactOptional(),
}) satisfies z.ZodType<VerifyRequest>;

/** One piece of work for the engine. `info` edits properties; reading them is a request of the library channel. */
export const Work = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('capture'), request: CaptureShape }),
  z.object({ verb: z.literal('append'), request: CaptureShape }),
  z.object({ verb: z.literal('apply'), request: ApplyShape }),
  z.object({ verb: z.literal('delete'), request: DeleteShape }),
  z.object({ verb: z.literal('export'), request: ExportShape }),
  z.object({ verb: z.literal('extract'), request: ExtractShape }),
  z.object({ verb: z.literal('info'), request: InfoShape }),
  z.object({ verb: z.literal('join'), request: JoinShape }),
  z.object({ verb: z.literal('optimize'), request: OptimizeShape }),
  z.object({ verb: z.literal('split'), request: SplitShape }),
  z.object({ verb: z.literal('update'), request: UpdateShape }),
  z.object({ verb: z.literal('verify'), request: VerifyShape }),
  z.object({ verb: z.literal('diskCreate'), request: DiskCreateShape }),
  z.object({ verb: z.literal('diskPrepare'), request: DiskPrepareShape }),
  z.object({ verb: z.literal('diskConvert'), request: DiskConvertShape }),
  z.object({ verb: z.literal('diskWipe'), request: DiskWipeShape }),
  z.object({ verb: z.literal('driversAdd'), request: DriversAddShape }),
  z.object({ verb: z.literal('driversExport'), request: DriversExportShape }),
  z.object({ verb: z.literal('driversRemove'), request: DriversRemoveShape }),
]);
export type Work = z.infer<typeof Work>;
export type Verb = Work['verb'];
export type WorkOf<V extends Verb> = Extract<Work, { verb: V }>;

/** Verbs that make or change a disk, and nothing else. */
export const diskVerbs = ['diskCreate', 'diskPrepare', 'diskConvert', 'diskWipe'] as const;
export type DiskVerb = (typeof diskVerbs)[number];
export type DiskWork = WorkOf<DiskVerb>;

export function isDiskWork(work: Work): work is DiskWork {
  return (diskVerbs as readonly Verb[]).includes(work.verb);
}

/** Verbs about the drivers of an offline Windows. */
export const driverVerbs = ['driversAdd', 'driversExport', 'driversRemove'] as const;
export type DriverVerb = (typeof driverVerbs)[number];
export type DriverWork = WorkOf<DriverVerb>;

export function isDriverWork(work: Work): work is DriverWork {
  return (driverVerbs as readonly Verb[]).includes(work.verb);
}

const Excluded = z.object({ path: z.string(), pattern: z.string() });

/** What the reports of all verbs are made of; a field is absent where a verb has no such thing. Sizes in bytes. */
export const WorkResult = z.object({
  verb: z.enum([
    'capture',
    'append',
    'apply',
    'delete',
    'export',
    'extract',
    'info',
    'join',
    'optimize',
    'split',
    'update',
    'verify',
    ...diskVerbs,
    ...driverVerbs,
  ]),
  /** The WIM that was written, changed or read; '' for work on disks alone. */
  wim: z.string(),
  /** Index of the image that was added, changed or applied; absent when it concerns all or none. */
  image: count.exactOptional(),
  /** The directory or the disk that was filled, made or changed. */
  target: z.string().exactOptional(),
  /** Size of the WIM afterwards. */
  size: count.exactOptional(),
  bytesStored: count.exactOptional(),
  bytesCopied: count.exactOptional(),
  directories: count.exactOptional(),
  files: count.exactOptional(),
  streams: count.exactOptional(),
  links: count.exactOptional(),
  bytes: count.exactOptional(),
  bytesSavedBySingleInstancing: count.exactOptional(),
  bytesSavedByCompression: count.exactOptional(),
  streamsReused: count.exactOptional(),
  excluded: listed(Excluded).exactOptional(),
  notKept: listed(Remark).exactOptional(),
  changed: listed(Remark).exactOptional(),
  damaged: listed(Remark).exactOptional(),
  /** verify */
  images: count.exactOptional(),
  blobs: count.exactOptional(),
  integrity: z.enum(['ok', 'absent', 'failed']).exactOptional(),
  faults: listed(Remark).exactOptional(),
  /** verify: one row for each image; `faults` counts the damaged or missing blobs and metadata that it names. */
  perImage: z
    .array(z.object({ index: count, name: z.string(), faults: count, blobs: count, bytes: count }))
    .exactOptional(),
  /** A disk as it is now; `faults` tells what the check of it found. */
  disk: DiskShape.exactOptional(),
  /** Work on drivers. */
  drivers: DriversResultShape.exactOptional(),
  /** split */
  parts: z.array(z.object({ path: z.string(), size: count })).exactOptional(),
  warnings: listed(z.string()),
});
export type WorkResult = z.infer<typeof WorkResult>;

/** Something that the work takes away: it is named before anything is done. */
export const Erasure = z.object({
  what: z.enum(['file', 'image', 'folder', 'partition', 'disk']),
  path: z.string(),
  /** A partition or a disk without any, in words: 'Partition 2, NTFS "Windows", 40 GB'. */
  name: z.string().exactOptional(),
  /** A file, partition or disk: its size. A folder: the bytes of the files that would be replaced. */
  bytes: count,
  /** First things found there: images of a WIM, files of a folder or of a partition. */
  found: listed(z.string()),
});
export type Erasure = z.infer<typeof Erasure>;

/** What would be done, before anything is done. */
export const Plan = z.object({
  work: Work,
  /** Changes when anything that the plan rests on changes; goes along with the order to run. */
  fingerprint: z.string().max(200),
  /** The engine's own steps, in words. */
  steps: z.array(z.string()),
  warnings: listed(z.string()),
  erases: z.array(Erasure),
  /** Bytes; null when it cannot be told. */
  spaceNeeded: count.nullable(),
  spaceFree: count.nullable(),
  /** Figures of a capture or an application, from the dry run. */
  files: count.exactOptional(),
  directories: count.exactOptional(),
  bytes: count.exactOptional(),
  excluded: listed(Excluded).exactOptional(),
  notKept: listed(Remark).exactOptional(),
  /** Of work on drivers: what would become of each package. */
  drivers: DriversResultShape.exactOptional(),
  /** Of work that makes or divides a disk. */
  disk: DiskPlanShape.exactOptional(),
  /** Of work that erases a physical disk: the name that the person has to type. It goes into the request. */
  confirmation: z.string().exactOptional(),
});
export type Plan = z.infer<typeof Plan>;
