import type { EngineHost } from '../os';
import type { BlockDevice } from './blockDevice';

export type DiskAccess = 'read' | 'write';

/** Physical disks, where the system has a way to them. */
export interface DiskDevices {
  /**
   * Opens a physical disk.
   * @returns undefined when `path` does not name one
   * @throws AppError `io/no-permission`, `disk/in-use`, `disk/gone`, `io/failed`
   */
  open(path: string, access: DiskAccess): BlockDevice | undefined;
}

/** What the code for disks needs of the system. */
export type DiskHost = Pick<EngineHost, 'files' | 'randomBytes' | 'now'> & {
  readonly devices?: DiskDevices;
};
