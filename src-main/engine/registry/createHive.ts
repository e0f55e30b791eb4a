import { AppError } from '../../../src-shared/errors/appError';
import type { Hive } from './hive';

/** What a new hive may be told. */
export interface CreateHiveOptions {
  /** How errors call the hive. Default: "the new hive". */
  readonly label?: string;
  /** Name of the root key. Default: "ROOT". */
  readonly rootName?: string;
  /** Self-relative security descriptor of the root, which every key inherits. */
  readonly security?: Uint8Array;
  /** Time that keys get, FILETIME. Default: the clock. */
  readonly now?: () => bigint;
}

/** Makes an empty hive of format 1.5. */
export function createHive(options: CreateHiveOptions = {}): Hive {
  throw new AppError('registry/unsupported', options.label ?? 'the new hive');
}
