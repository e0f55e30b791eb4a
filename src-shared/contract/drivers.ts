import { z } from 'zod';
import { channel, job, request } from '../rpc/declare';
import {
  architecture,
  DeviceListChoiceShape,
  DeviceListShape,
  DeviceShape,
  DriverCandidateShape,
  driverKind,
  DriverPackageShape,
  driverPlaces,
  DriverRemarkShape,
  OfflinePlaceShape,
  OfflineWindowsShape,
  signatureState,
  StoredDriverShape,
  whyNotCode,
  WindowsTargetShape,
} from './driverShapes';
import { count, listed, path, Progress } from './shapes';

const session = z.string().min(1).max(100);
const hashes = z.array(z.string().max(64)).max(100_000);
const page = { offset: count, limit: count.max(1000) };
const paged = <T extends z.ZodType>(row: T) => z.object({ total: count, rows: z.array(row) });

/** A Windows that drivers can be chosen for: its name in requests ('11-24H2') and for people ('Windows 11 24H2'). */
export const NamedWindows = z.object({ name: z.string(), title: z.string(), target: WindowsTargetShape });
export type NamedWindows = z.infer<typeof NamedWindows>;

/** A package as a row of a table. */
export const PackageRow = z.object({
  id: z.string(),
  infSha256: z.string(),
  name: z.string(),
  inf: z.string(),
  provider: z.string(),
  className: z.string(),
  kind: driverKind,
  date: z.string(),
  version: z.string(),
  architectures: z.array(architecture).readonly(),
  bytes: count,
  signature: signatureState,
  bootCritical: z.boolean(),
  /** Remarks of each severity. */
  errors: count,
  warnings: count,
  /** The gravest of them, '' where there is none. */
  fault: z.string(),
  /** It is a copy of another of the scan, or a newer version is there. */
  duplicate: z.boolean(),
  superseded: z.boolean(),
});
export type PackageRow = z.infer<typeof PackageRow>;

/** A device with what wins it, as a row of a table. */
export const DeviceRow = z.object({
  index: count,
  name: z.string(),
  className: z.string(),
  instanceId: z.string(),
  /** Its first identifier. */
  hardwareId: z.string(),
  problem: z.string().exactOptional(),
  /** The package that wins; absent where none serves it. */
  winner: z.string().exactOptional(),
  /** The package that would win it if it did not stay out. */
  keptOut: z.string().exactOptional(),
  candidates: count,
  extensions: count,
  /** Why the winner wins, or why none does. */
  why: z.string(),
});
export type DeviceRow = z.infer<typeof DeviceRow>;

/** What becomes of a package, as a row of a table. */
export const UseRow = z.object({
  package: z.string(),
  goesIn: z.boolean(),
  /** Devices that it wins or extends, and those that it would if it were not kept out. */
  usedFor: count,
  wouldServe: count,
  /** Names of the first of these devices. */
  devices: z.array(z.string()),
  /** Why it does not go in; absent where it does. */
  whyNot: z.string().exactOptional(),
  whyNotCode: z.enum([...whyNotCode.options, 'kept-out']).exactOptional(),
});
export type UseRow = z.infer<typeof UseRow>;

/** A device with all that could serve it. */
export const DeviceDetails = z.object({
  device: DeviceShape,
  candidates: z.array(DriverCandidateShape).readonly(),
  extensions: z.array(DriverCandidateShape).readonly(),
  /** Packages that could serve it and stay out, best first. */
  out: z.array(DriverCandidateShape).readonly(),
  why: z.string().exactOptional(),
});
export type DeviceDetails = z.infer<typeof DeviceDetails>;

/** What a look through folders and archives found. Its packages come in pages. */
export const ScanSummary = z.object({
  session,
  packages: count,
  /** Packages with a fault that keeps them out of an image unless the person says so. */
  faulty: count,
  infs: count,
  bytes: count,
  /** What is about no package: an archive that cannot be read. */
  remarks: listed(DriverRemarkShape),
});
export type ScanSummary = z.infer<typeof ScanSummary>;

/** Which package serves which device, and what goes into the image for it. Rows come in pages. */
export const MatchSummary = z.object({
  session,
  /** Absent where packages are taken whatever they serve. */
  list: z
    .object({
      label: z.string(),
      model: z.string().exactOptional(),
      warnings: z.array(z.string()).readonly(),
    })
    .exactOptional(),
  devices: count,
  /** Devices that a package serves which goes in. */
  served: count,
  /** SHA-256 of the INFs that go in, each once; and the bytes of their packages. */
  chosen: z.array(z.string()),
  bytes: count,
});
export type MatchSummary = z.infer<typeof MatchSummary>;

/** The drivers of an offline Windows. They come in pages. */
export const StoreSummary = z.object({
  session,
  place: z.string(),
  windows: OfflineWindowsShape,
  drivers: count,
  warnings: listed(z.string()),
});
export type StoreSummary = z.infer<typeof StoreSummary>;

/**
 * Looking at drivers: in heaps of packages, of devices, and in an offline Windows; all of it only reads. What changes an
 * image is work (work.ts). A session is what a look found; it ends when others take its room ('session/closed').
 */
export const drivers = channel('drivers', {
  /** Windows that drivers can be chosen for. Newest first, workstations before servers. */
  targets: request({ in: z.object({ architecture }), out: z.array(NamedWindows).readonly() }),
  /** Looks for packages, and checks every file of theirs against its catalog. */
  scan: job({
    in: z.object({ paths: driverPlaces, check: z.boolean() }),
    progress: Progress,
    out: ScanSummary,
    errors: ['io/not-found', 'io/no-permission'],
  }),
  packages: request({
    in: z.object({ session, ...page }),
    out: paged(PackageRow),
    errors: ['session/closed'],
  }),
  /** Everything about one package of a scan. */
  package: request({
    in: z.object({ session, id: z.string() }),
    out: DriverPackageShape,
    errors: ['session/closed', 'io/not-found'],
  }),
  /** Says which of the packages of a scan go in: those that serve a device best, or all that fit. */
  match: request({
    in: z.object({
      session,
      target: WindowsTargetShape,
      /** Absent: all packages that the Windows can take. */
      devices: DeviceListChoiceShape.exactOptional(),
      /** SHA-256 of INFs that stay out, and of those that go in although they have faults. */
      leaveOut: hashes,
      takeIn: hashes,
    }),
    out: MatchSummary,
    errors: ['session/closed', 'devices/unreadable', 'io/not-found'],
  }),
  matched: request({
    in: z.object({ session, ...page }),
    out: paged(DeviceRow),
    errors: ['session/closed'],
  }),
  matchedDevice: request({
    in: z.object({ session, index: count }),
    out: DeviceDetails,
    errors: ['session/closed', 'io/not-found'],
  }),
  uses: request({ in: z.object({ session, ...page }), out: paged(UseRow), errors: ['session/closed'] }),
  /** The devices of this PC, or of a file; of a long list the first, as many as a model may have. */
  devices: request({
    in: z.object({ choice: DeviceListChoiceShape }),
    out: DeviceListShape,
    errors: ['devices/unreadable', 'io/not-found', 'io/no-permission'],
  }),
  /** Writes a list of devices as a file that `--match` takes. */
  saveDevices: request({
    in: z.object({ list: DeviceListShape, path, overwrite: z.boolean() }),
    out: z.object({ path: z.string() }),
    errors: ['io/exists', 'io/no-space', 'io/no-permission'],
  }),
  /** Writes the script that collects the devices of a PC that has no network. */
  saveScript: request({
    in: z.object({ path, overwrite: z.boolean() }),
    out: z.object({ path: z.string() }),
    errors: ['io/exists', 'io/no-space', 'io/no-permission'],
  }),
  /** What Windows an image, a folder or a volume holds, with its drivers. @param all inbox drivers, too */
  list: job({
    in: z.object({ place: OfflinePlaceShape, all: z.boolean() }),
    progress: Progress,
    out: StoreSummary,
    errors: ['io/not-found', 'wim/not-a-wim', 'wim/no-such-image', 'offline/not-windows'],
  }),
  stored: request({
    in: z.object({ session, ...page }),
    out: paged(StoredDriverShape),
    errors: ['session/closed'],
  }),
  close: request({ in: z.object({ session }), out: z.null() }),
});
