import type { DriverPackage, DriverRemark } from '../../../../src-shared/model/drivers';
import { compareVersions } from '../../inf/match/versions';

/** The packages, with remarks on copies of another and on those of which a newer version is there. */
export function withCopies(packages: readonly DriverPackage[]): DriverPackage[] {
  const first = new Map<string, DriverPackage>();
  const newest = new Map<string, DriverPackage>();
  for (const one of packages) {
    if (!first.has(one.infSha256)) first.set(one.infSha256, one);
    const best = newest.get(familyOf(one));
    if (best === undefined || isNewer(one, best)) newest.set(familyOf(one), one);
  }
  return packages.map((one) => {
    const remarks: DriverRemark[] = [];
    const original = first.get(one.infSha256);
    if (original !== undefined && original !== one) {
      remarks.push(note('duplicate', one, `it is a copy of ${original.inf}`));
    }
    const best = newest.get(familyOf(one));
    if (best !== undefined && best.infSha256 !== one.infSha256 && isNewer(best, one)) {
      remarks.push(
        note('superseded', one, `${best.inf} is a newer version: ${best.version} of ${best.date}`),
      );
    }
    return remarks.length === 0 ? one : { ...one, remarks: [...one.remarks, ...remarks] };
  });
}

/** Packages of which one takes the place of another: of one name, provider, class and architectures. */
function familyOf({ name, provider, classGuid, architectures }: DriverPackage): string {
  return [name, provider, classGuid, ...architectures].join('\t').toLowerCase();
}

function isNewer(a: DriverPackage, b: DriverPackage): boolean {
  return a.date === b.date ? compareVersions(a.version, b.version) > 0 : a.date > b.date;
}

function note(code: 'duplicate' | 'superseded', { inf }: DriverPackage, problem: string): DriverRemark {
  return { severity: 'note', code, file: inf, problem };
}
