import { AppError } from '../../../../src-shared/errors/appError';
import type { OfflineTree } from '../../offline/offlineTree';
import type { RemovalPlan, StagingOptions } from './stagingModel';

/**
 * What takes staged packages out again.
 * @param names INF names, or names of their folders; 'all' for every one
 * @throws AppError `drivers/no-such-driver` for a name that is not staged
 */
export function planRemoval(
  tree: OfflineTree,
  names: readonly string[] | 'all',
  options: Pick<StagingOptions, 'host' | 'windows'>,
): RemovalPlan {
  throw new AppError('drivers/no-such-driver', `${tree.label}: ${names.length} ${options.windows.systemRoot}`);
}
