import type { DeviceList } from '../../../src-shared/model/drivers';

/** The Plug and Play devices of this machine: `EngineHost.pnp`, absent where nobody can tell them. */
export interface PnpDevices {
  /** @throws AppError `devices/unreadable`, `io/failed` where the system does not tell them */
  list(): DeviceList;
}
