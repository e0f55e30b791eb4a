import { z } from 'zod';
import type {
  DiskConvertRequest,
  DiskCreateRequest,
  DiskErasure,
  DiskInfoRequest,
  DiskLayout,
  DiskPlan,
  DiskPrepareRequest,
  DiskSummary,
  DiskWipeRequest,
  LayoutChoice,
  PartitionSpec,
  PartitionSummary,
  PhysicalDisk,
  PlannedPartition,
} from '../model/disks';
import type { CompactChoice, PrepareChoice, VolumeChoice } from '../model/requests';
import { count, path, text } from './shapes';

/** The types of model/disks.ts as they travel. */

const flag = z.boolean().exactOptional();
const short = z.string().max(4096);
/** Disks have at most 128 partitions as a rule, and never more than this. */
const PARTITIONS = 4096;

export const diskFormat = z.enum(['raw', 'vhd', 'vhdx']);
const role = z.enum(['efi', 'msr', 'system', 'windows', 'recovery', 'data', 'other']);
const table = z.enum(['gpt', 'mbr', 'none']);
const madeKind = z.enum(['fixed', 'dynamic']);

export const PartitionShape = z.object({
  number: count,
  offset: count,
  size: count,
  type: z.string(),
  typeName: z.string(),
  role,
  id: z.string().exactOptional(),
  name: z.string().exactOptional(),
  attributes: z.string().exactOptional(),
  active: flag,
  fileSystem: z.enum(['ntfs', 'fat32', 'fat16', 'fat12', 'exfat', 'refs', 'bitlocker', 'unknown', 'none']),
  label: z.string().exactOptional(),
  clusterSize: count.exactOptional(),
  used: count.exactOptional(),
  free: count.exactOptional(),
  serial: z.string().exactOptional(),
  hasWindows: flag,
  found: z.array(z.string()).readonly(),
  problem: z.string().exactOptional(),
}) satisfies z.ZodType<PartitionSummary>;

export const DiskShape = z.object({
  path: z.string(),
  format: diskFormat,
  kind: z.enum(['fixed', 'dynamic', 'differencing', 'physical']),
  size: count,
  allocated: count,
  sectorSize: count,
  physicalSectorSize: count,
  table,
  diskId: z.string().exactOptional(),
  partitions: z.array(PartitionShape).max(PARTITIONS).readonly(),
  blockSize: count.exactOptional(),
  parents: z.array(z.string()).readonly().exactOptional(),
  warnings: z.array(z.string()).readonly(),
}) satisfies z.ZodType<DiskSummary>;

export const PhysicalDiskShape = z.object({
  path: z.string(),
  identity: z.string(),
  name: z.string(),
  model: z.string(),
  serial: z.string(),
  wwn: z.string().exactOptional(),
  size: count,
  sectorSize: count,
  physicalSectorSize: count,
  bus: z.string(),
  removable: z.boolean(),
  readOnly: z.boolean(),
  uses: z.array(z.string()).readonly(),
  letters: z.array(z.string()).readonly().exactOptional(),
  isSystem: z.boolean(),
  refusal: z.string().exactOptional(),
}) satisfies z.ZodType<PhysicalDisk>;

const specFields = {
  role,
  size: z.string().max(40),
  fileSystem: z.enum(['ntfs', 'fat32', 'none']),
  label: short.exactOptional(),
  name: short.exactOptional(),
  type: short.exactOptional(),
  clusterSize: count.exactOptional(),
};
export const PartitionSpecShape = z.object(specFields) satisfies z.ZodType<PartitionSpec>;

export const PlannedPartitionShape = z.object({
  ...specFields,
  number: count,
  offset: count,
  bytes: count,
}) satisfies z.ZodType<PlannedPartition>;

export const LayoutShape = z.object({
  table: z.enum(['gpt', 'mbr']),
  alignment: count.exactOptional(),
  partitions: z.array(PartitionSpecShape).max(PARTITIONS).readonly(),
}) satisfies z.ZodType<DiskLayout>;

/** Names of the layouts that the program brings. */
export const layoutNames = ['uefi', 'bios', 'data'] as const;
export const layoutChoice = z.union([z.enum(layoutNames), LayoutShape]) satisfies z.ZodType<LayoutChoice>;

export const volumeChoice = text.min(1) satisfies z.ZodType<VolumeChoice>;
export const compactChoice = z.enum([
  'xpress4k',
  'xpress8k',
  'xpress16k',
  'lzx',
]) satisfies z.ZodType<CompactChoice>;
export const PrepareShape = z.object({
  layout: layoutChoice,
  size: count.exactOptional(),
  format: diskFormat.exactOptional(),
  kind: madeKind.exactOptional(),
  sectorSize: count.exactOptional(),
}) satisfies z.ZodType<PrepareChoice>;

/** What a physical disk has to be, and what the person typed. */
export const targetFields = {
  identity: short.exactOptional(),
  confirmation: short.exactOptional(),
  overwrite: flag,
};

export const DiskCreateShape = z.object({
  path,
  size: count,
  format: diskFormat,
  kind: z.enum(['fixed', 'dynamic', 'differencing']).exactOptional(),
  parent: path.exactOptional(),
  sectorSize: count.exactOptional(),
  blockSize: count.exactOptional(),
  layout: layoutChoice.exactOptional(),
  overwrite: flag,
}) satisfies z.ZodType<DiskCreateRequest>;

export const DiskPrepareShape = z.object({
  disk: path,
  layout: layoutChoice,
  ...targetFields,
}) satisfies z.ZodType<DiskPrepareRequest>;

export const DiskConvertShape = z.object({
  disk: path,
  destination: path,
  format: diskFormat,
  kind: madeKind.exactOptional(),
  blockSize: count.exactOptional(),
  overwrite: flag,
}) satisfies z.ZodType<DiskConvertRequest>;

export const DiskWipeShape = z.object({
  disk: path,
  all: flag,
  ...targetFields,
}) satisfies z.ZodType<DiskWipeRequest>;

export const DiskInfoShape = z.object({ disk: path }) satisfies z.ZodType<DiskInfoRequest>;

const DiskErasureShape = z.object({
  disk: z.string(),
  what: z.string(),
  bytes: count,
  found: z.array(z.string()).readonly(),
}) satisfies z.ZodType<DiskErasure>;

export const DiskPlanShape = z.object({
  disk: z.string(),
  steps: z.array(z.string()).readonly(),
  warnings: z.array(z.string()).readonly(),
  erases: z.array(DiskErasureShape).readonly(),
  partitions: z.array(PlannedPartitionShape).readonly(),
  size: count,
  table,
  spaceNeeded: count.nullable(),
  spaceFree: count.nullable(),
  fingerprint: z.string(),
  identity: z.string().exactOptional(),
  confirmation: z.string().exactOptional(),
}) satisfies z.ZodType<DiskPlan>;
