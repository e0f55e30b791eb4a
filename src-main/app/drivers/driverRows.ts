import type { DeviceRow, PackageRow } from '../../../src-shared/contract/drivers';
import type { DeviceMatch, DriverPackage, DriverRemark } from '../../../src-shared/model/drivers';

/** Remarks of one package that travel: an INF may lack thousands of files. */
const REMARKS = 200;

/** Whether a package is kept out of an image unless the person says otherwise. */
export function isFaulty({ remarks }: DriverPackage): boolean {
  return remarks.some(({ severity }) => severity === 'error');
}

export function packageRow(found: DriverPackage): PackageRow {
  const { remarks } = found;
  const count = (severity: DriverRemark['severity']): number =>
    remarks.filter((remark) => remark.severity === severity).length;
  const gravest = remarks.find(({ severity }) => severity === 'error') ?? remarks.find(isWarning);
  return {
    id: found.id,
    infSha256: found.infSha256,
    name: found.name,
    inf: found.inf,
    provider: found.provider,
    className: found.className,
    kind: found.kind,
    date: found.date,
    version: found.version,
    architectures: found.architectures,
    bytes: found.bytes,
    signature: found.signature.state,
    bootCritical: found.bootCritical,
    errors: count('error'),
    warnings: count('warning'),
    fault: gravest?.problem ?? '',
    duplicate: remarks.some(({ code }) => code === 'duplicate'),
    superseded: remarks.some(({ code }) => code === 'superseded'),
  };
}

function isWarning({ severity }: DriverRemark): boolean {
  return severity === 'warning';
}

/** A package as it travels: errors first, and of very many remarks the first. */
export function packageDetails(found: DriverPackage): DriverPackage {
  const grave = (remark: DriverRemark): number => ['error', 'warning', 'note'].indexOf(remark.severity);
  const remarks = [...found.remarks].sort((a, b) => grave(a) - grave(b)).slice(0, REMARKS);
  return { ...found, remarks };
}

export function deviceRow(
  { device, candidates, extensions, why, keptOut }: DeviceMatch & { readonly keptOut?: string },
  index: number,
): DeviceRow {
  const winner = candidates.at(0);
  const { instanceId, className, hardwareIds, compatibleIds, problem } = device;
  const hardwareId = hardwareIds.at(0) ?? compatibleIds.at(0) ?? '';
  return {
    index,
    name: device.name === '' ? (winner?.description ?? hardwareId) : device.name,
    className,
    instanceId,
    hardwareId,
    ...(problem === undefined ? {} : { problem }),
    ...(winner === undefined ? {} : { winner: winner.package }),
    ...(keptOut === undefined ? {} : { keptOut }),
    candidates: candidates.length,
    extensions: extensions.length,
    why: winner?.why ?? why ?? '',
  };
}
