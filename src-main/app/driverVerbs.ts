import type {
  DeviceList,
  DriversAddReport,
  DriversAddRequest,
  DriversExportReport,
  DriversExportRequest,
  DriversListReport,
  DriversListRequest,
  DriversMatchReport,
  DriversMatchRequest,
  DriversRemoveReport,
  DriversRemoveRequest,
  DriversScanReport,
  DriversScanRequest,
} from '../../src-shared/model/drivers';
import { collectScript } from '../engine/devices/collectScript';
import type { EngineHost } from '../engine/os';
import type { VerbContext } from '../engine/wim/ops/common';

/**
 * The verbs on drivers. Their code, with the libraries that it takes for catalogs and code pages, is loaded when the
 * first one is used: all other verbs start without it.
 */
export function createDriverVerbs(host: EngineHost) {
  return {
    async driversScan(request: DriversScanRequest, context: VerbContext): Promise<DriversScanReport> {
      const { driversScan } = await import('../engine/drivers/ops/driversScan');
      return driversScan(host, request, context);
    },
    async driversCheck(request: DriversScanRequest, context: VerbContext): Promise<DriversScanReport> {
      const { driversCheck } = await import('../engine/drivers/ops/driversScan');
      return driversCheck(host, request, context);
    },
    async driversMatch(request: DriversMatchRequest, context: VerbContext): Promise<DriversMatchReport> {
      const { driversMatch } = await import('../engine/drivers/ops/driversMatch');
      return driversMatch(host, request, context);
    },
    async driversAdd(request: DriversAddRequest, context: VerbContext): Promise<DriversAddReport> {
      const { driversAdd } = await import('../engine/drivers/ops/driversAdd');
      return driversAdd(host, request, context);
    },
    async driversList(request: DriversListRequest, context: VerbContext): Promise<DriversListReport> {
      const { driversList } = await import('../engine/drivers/ops/driversList');
      return driversList(host, request, context);
    },
    async driversExport(request: DriversExportRequest, context: VerbContext): Promise<DriversExportReport> {
      const { driversExport } = await import('../engine/drivers/ops/driversExport');
      return driversExport(host, request, context);
    },
    async driversRemove(request: DriversRemoveRequest, context: VerbContext): Promise<DriversRemoveReport> {
      const { driversRemove } = await import('../engine/drivers/ops/driversRemove');
      return driversRemove(host, request, context);
    },
    async driversDevices(request: { readonly path?: string }): Promise<DeviceList> {
      const { driversDevices } = await import('../engine/drivers/ops/driversMatch');
      return driversDevices(host, request);
    },
    collectScript,
  };
}
