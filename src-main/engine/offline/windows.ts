import { AppError } from '../../../src-shared/errors/appError';
import type { OfflineWindows } from '../../../src-shared/model/drivers';
import type { OfflineTree } from './offlineTree';

/**
 * What Windows a tree holds.
 * @throws AppError `offline/not-windows` where there is none, FormatError for files of it that are damaged
 */
export function inspectWindows(tree: OfflineTree): OfflineWindows {
  throw new AppError('offline/not-windows', `${tree.label}: no Windows is found`);
}
