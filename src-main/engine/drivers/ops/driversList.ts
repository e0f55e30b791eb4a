import type { DriversListReport, DriversListRequest } from '../../../../src-shared/model/drivers';
import { inspectWindows } from '../../offline/windows';
import { openPlace } from '../../offline/openPlace';
import type { EngineHost } from '../../os';
import type { VerbContext } from '../../wim/ops/common';
import { listStore } from '../store/listStore';

/**
 * The drivers of an offline Windows: what its driver store has, and what was staged.
 * @throws AppError `offline/not-windows`, and as opening the place does
 */
export async function driversList(
  host: EngineHost,
  request: DriversListRequest,
  context: VerbContext = {},
): Promise<DriversListReport> {
  const place = await openPlace(host, request, false, context);
  try {
    const { tree } = place;
    const windows = inspectWindows(tree);
    const { drivers, warnings } = listStore(tree, windows, { inbox: request.all === true });
    return { place: tree.label, windows, drivers, warnings: [...place.warnings, ...warnings] };
  } finally {
    place.tree.close();
  }
}
