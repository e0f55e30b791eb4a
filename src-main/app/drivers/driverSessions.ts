import { AppError } from '../../../src-shared/errors/appError';
import type { DriversListReport, DriversScanReport } from '../../../src-shared/model/drivers';
import type { ScannedDrivers } from '../../engine/drivers/packages/scanDrivers';
import type { ChosenDrivers } from './chooseDrivers';

/** Packages that were looked for, and what is told of them. */
export interface KeptScan {
  readonly scan: ScannedDrivers;
  readonly report: DriversScanReport;
}

/** Findings of one kind that are kept; the one used longest ago makes room. */
class Shelf<T> {
  private readonly kept = new Map<string, T>();
  private next = 1;

  constructor(
    private readonly kind: string,
    private readonly most: number,
  ) {}

  /** @returns the name of the session */
  keep(finding: T): string {
    const name = `${this.kind}-${this.next++}`;
    this.kept.set(name, finding);
    const [oldest] = this.kept.keys();
    if (this.kept.size > this.most && oldest !== undefined) this.kept.delete(oldest);
    return name;
  }

  /** @throws AppError `session/closed` */
  get(name: string): T {
    const found = this.kept.get(name);
    if (found === undefined) throw new AppError('session/closed', 'what was found is not kept any more');
    this.kept.delete(name);
    this.kept.set(name, found);
    return found;
  }

  close(name: string): void {
    this.kept.delete(name);
  }
}

/**
 * What windows look at page by page. Few are kept: the index of ten thousand packages may take 300 MB.
 */
export class DriverSessions {
  readonly scans = new Shelf<KeptScan>('scan', 3);
  readonly matches = new Shelf<ChosenDrivers>('match', 6);
  readonly stores = new Shelf<DriversListReport>('store', 6);

  close(name: string): void {
    for (const shelf of [this.scans, this.matches, this.stores]) shelf.close(name);
  }
}
