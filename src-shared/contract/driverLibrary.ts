import { z } from 'zod';
import { architecture } from './driverShapes';
import { path } from './shapes';

/** Folders and archives of the driver library. */
export const SOURCES_MAXIMUM = 100;
/** Sets that are kept, and packages that are chosen for one of them by hand. */
export const SETS_MAXIMUM = 100;
export const SET_PACKAGES_MAXIMUM = 500;

export const driverSources = z.array(path).max(SOURCES_MAXIMUM);

/** The drivers of a PC model: what serves its devices best, and what was chosen besides. */
export const DriverSet = z.object({
  id: z
    .string()
    .regex(/^[0-9a-z-]+$/)
    .max(64),
  name: z.string().min(1).max(200),
  /** Id of a kept list of devices; '': none, and only what was chosen belongs to the set. */
  model: z.string().max(64),
  /** SHA-256 of the INFs of packages that belong to it whatever they serve. */
  packages: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(SET_PACKAGES_MAXIMUM),
  /** Name of the Windows that it is for: '11-24H2'; '': the newest. */
  windows: z.string().max(100),
  architecture,
});
export type DriverSet = z.infer<typeof DriverSet>;

export const driverSets = z.array(DriverSet).max(SETS_MAXIMUM);
