import type { AppInfo, Settings } from '../../../src-shared/contract/app';

/** What a draft begins with. */
export interface Beginning {
  /** Of the route. */
  readonly params: Readonly<Record<string, string>>;
  readonly settings: Settings;
  readonly info: AppInfo | null;
}
