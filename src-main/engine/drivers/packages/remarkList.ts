import type { DriverRemark } from '../../../../src-shared/model/drivers';

/** Remarks of one code that are kept word for word; a hostile archive could make millions. */
const KEPT = 50;

/** Collects remarks; of each code the first ones are kept and the rest counted. */
export class RemarkList {
  private readonly kept: DriverRemark[] = [];
  private readonly counts = new Map<string, number>();

  /** @param place what the counting remark is about: the container */
  constructor(private readonly place: string) {}

  add(remark: DriverRemark): void {
    const key = `${remark.severity} ${remark.code}`;
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    if (count <= KEPT) this.kept.push(remark);
  }

  list(): readonly DriverRemark[] {
    const rest: DriverRemark[] = [];
    for (const remark of new Map(this.kept.map((one) => [`${one.severity} ${one.code}`, one])).values()) {
      const more = (this.counts.get(`${remark.severity} ${remark.code}`) ?? 0) - KEPT;
      if (more > 0) {
        const { severity, code } = remark;
        rest.push({ severity, code, file: this.place, problem: `${more} more files have such a fault` });
      }
    }
    return [...this.kept, ...rest];
  }
}
