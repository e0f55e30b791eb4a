import { AppError } from '../../../../src-shared/errors/appError';
import type { OfflineTree } from '../../offline/offlineTree';
import type { StagingInput, StagingOptions, StagingPlan } from './stagingModel';

/**
 * What puts packages into an offline Windows so that its Setup or its first start installs them.
 * @throws AppError `offline/read-only`, `offline/too-large`; FormatError for a hive that is damaged
 */
export function planStaging(
  tree: OfflineTree,
  packages: readonly StagingInput[],
  options: StagingOptions,
): StagingPlan {
  throw new AppError('offline/read-only', `${tree.label}: ${packages.length} ${options.windows.systemRoot}`);
}
