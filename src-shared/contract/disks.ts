import { z } from 'zod';
import { channel, job, request } from '../rpc/declare';
import { EntryRow } from './browse';
import {
  DiskInfoShape,
  DiskShape,
  LayoutShape,
  layoutChoice,
  layoutNames,
  PhysicalDiskShape,
  PlannedPartitionShape,
  volumeChoice,
} from './diskShapes';
import { count, path, Progress } from './shapes';

const session = z.string().min(1).max(100);

/** A layout that the program brings. */
export const NamedLayout = z.object({ name: z.enum(layoutNames), layout: LayoutShape });
export type NamedLayout = z.infer<typeof NamedLayout>;

/**
 * Looking at disks, and into their volumes; all of it only reads. What changes a disk is work (work.ts). A session is a
 * volume whose directories were read; it ends when its disk changes, and when it was idle for long ('session/closed').
 */
export const disks = channel('disks', {
  /** Disks of this machine, each with why it may not be a target where it may not. */
  physical: request({ in: z.object({}), out: z.array(PhysicalDiskShape).readonly() }),
  /** What a disk file or a physical disk holds. */
  info: request({
    in: DiskInfoShape,
    out: DiskShape,
    errors: [
      'io/not-found',
      'io/no-permission',
      'disk/not-a-disk',
      'disk/malformed',
      'disk/truncated',
      'disk/unsupported',
      'disk/no-parent',
    ],
  }),
  layouts: request({ in: z.object({}), out: z.array(NamedLayout).readonly() }),
  /** Where the partitions of a layout come to lie on a disk of that size. */
  plan: request({
    in: z.object({ layout: layoutChoice, size: count, sectorSize: count }),
    out: z.array(PlannedPartitionShape).readonly(),
    errors: ['layout/invalid', 'disk/too-small'],
  }),
  /** A layout from a person's file. */
  readLayout: request({
    in: z.object({ path }),
    out: LayoutShape,
    errors: ['io/not-found', 'io/no-permission', 'layout/invalid'],
  }),
  /** Reads the directories of a volume. */
  openVolume: job({
    in: z.object({ disk: path, volume: volumeChoice }),
    progress: Progress,
    out: z.object({
      session,
      label: z.string(),
      files: count,
      directories: count,
    }),
    errors: [
      'io/not-found',
      'io/no-permission',
      'disk/not-a-disk',
      'disk/no-such-volume',
      'disk/ambiguous-volume',
      'volume/malformed',
      'volume/unsupported',
      'volume/encrypted',
      'volume/in-use',
    ],
  }),
  closeVolume: request({ in: z.object({ session }), out: z.null() }),
  /** One stretch of a directory, as the channel browse gives it. */
  folder: request({
    in: z.object({
      session,
      path: z.string(),
      offset: count,
      limit: count.max(1000),
      sort: z.enum(['name', 'size', 'modified', 'type']),
      descending: z.boolean(),
      directoriesOnly: z.boolean(),
    }),
    out: z.object({ total: count, rows: z.array(EntryRow) }),
    errors: ['session/closed', 'wim/no-such-path'],
  }),
});
