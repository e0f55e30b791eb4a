import type {
  DriversAddReport,
  DriversAddRequest,
  DriversExportReport,
  DriversExportRequest,
  DriversRemoveReport,
  DriversRemoveRequest,
} from '../../../src-shared/model/drivers';
import type { VerbContext } from '../../engine/wim/ops/common';

type Verb<Request, Report> = (request: Request, context: VerbContext) => Promise<Report>;

/** The engine's verbs that jobs about drivers call. */
export interface DriverVerbs {
  readonly driversAdd: Verb<DriversAddRequest, DriversAddReport>;
  readonly driversExport: Verb<DriversExportRequest, DriversExportReport>;
  readonly driversRemove: Verb<DriversRemoveRequest, DriversRemoveReport>;
}
