import { z } from 'zod';
import type { ImageSummary, WimSummary, WindowsSummary } from '../model/summaries';
import { count } from './shapes';

const WindowsShape = z.object({
  architecture: z.string(),
  productName: z.string(),
  editionId: z.string(),
  installationType: z.string(),
  productType: z.string(),
  productSuite: z.string(),
  hal: z.string(),
  languages: z.array(z.string()).readonly(),
  defaultLanguage: z.string(),
  systemRoot: z.string(),
  majorVersion: z.number().nullable(),
  minorVersion: z.number().nullable(),
  build: z.number().nullable(),
  servicePackBuild: z.number().nullable(),
  servicePackLevel: z.number().nullable(),
}) satisfies z.ZodType<WindowsSummary>;

const ImageShape = z.object({
  index: count,
  name: z.string(),
  description: z.string(),
  displayName: z.string(),
  displayDescription: z.string(),
  directoryCount: count,
  fileCount: count,
  totalBytes: count,
  hardLinkBytes: count,
  creationTime: z.string().nullable(),
  lastModificationTime: z.string().nullable(),
  flags: z.string(),
  wimboot: z.boolean(),
  bootable: z.boolean(),
  windows: WindowsShape.nullable(),
}) satisfies z.ZodType<ImageSummary>;

/** A WIM and its images. */
export const WimShape = z.object({
  path: z.string(),
  guid: z.string(),
  version: count,
  imageCount: count,
  compression: z.enum(['none', 'xpress', 'lzx', 'lzms']),
  chunkSize: count,
  partNumber: count,
  totalParts: count,
  bootIndex: count,
  size: count,
  fileSize: count,
  attributes: z.object({
    pipable: z.boolean(),
    integrity: z.boolean(),
    relativeJunction: z.boolean(),
    resourceOnly: z.boolean(),
    metadataOnly: z.boolean(),
    readOnly: z.boolean(),
    spanned: z.boolean(),
    writeInProgress: z.boolean(),
    solid: z.boolean(),
  }),
  images: z.array(ImageShape).readonly(),
  leftoverBytes: count,
  warnings: z.array(z.string()).readonly(),
}) satisfies z.ZodType<WimSummary>;
