import type { WindowsTarget } from '../../../../src-shared/model/drivers';
import type { InfFile } from '../../inf/infFile';
import { installFor } from '../../inf/installSections';
import { modelsFor } from '../../inf/models';
import type { InfService } from '../../inf/services';

/** What is registered of a package; see docs/decisions/0017. */
export interface BootFacts {
  readonly service: string;
  /** Name of its file: 'viostor.sys'. */
  readonly binary: string;
  /** Device identifiers without the bus: 'VEN_1AF4&DEV_1001'. */
  readonly devices: readonly string[];
}

/** Classes of storage controllers: SCSIAdapter. The public pattern is of this class alone. */
export const SCSI_ADAPTER = '{4d36e97b-e325-11ce-bfc1-08002be10318}';
const NETWORK = '{4d36e972-e325-11ce-bfc1-08002be10318}';

const KERNEL_DRIVER = 1;
/** More than any storage driver serves. */
const MOST_DEVICES = 2000;

/** @returns a reason, as a clause, where the package is outside of the pattern that is proven */
export function bootFacts(inf: InfFile, target: WindowsTarget): BootFacts | string {
  if (inf.classGuid === NETWORK) {
    return 'a network driver is bound by the class installer, for which no public pattern is known';
  }
  if (inf.classGuid !== SCSI_ADAPTER)
    return 'only storage controllers of class SCSIAdapter can be registered';
  if (inf.kind !== 'device') return 'it is no package of a device';
  const services = new Map<string, InfService>();
  const devices = new Set<string>();
  for (const model of modelsFor(inf, target).flatMap(({ models }) => models)) {
    const own = installFor(inf, model.install, target)?.services.find(({ associated }) => associated);
    if (own?.bootCritical !== true) continue;
    services.set(own.name.toLowerCase(), own);
    for (const identifier of model.identifiers.slice(0, 1)) {
      if (/^PCI\\VEN_[0-9A-F]{4}[^\\]{0,180}$/i.test(identifier))
        devices.add(identifier.slice('PCI\\'.length));
    }
  }
  const [service, ...others] = [...services.values()] as [InfService | undefined, ...InfService[]];
  if (service === undefined) return 'it installs no service that the boot loader starts (StartType 0)';
  if (others.length > 0) return 'its devices have several services';
  if (devices.size === 0) return 'it serves no PCI devices that are named by their vendor';
  if (devices.size > MOST_DEVICES) return `it serves more than ${MOST_DEVICES} devices`;
  return withBinary(service, [...devices]);
}

function withBinary(service: InfService, devices: readonly string[]): BootFacts | string {
  if (service.serviceType !== undefined && service.serviceType !== KERNEL_DRIVER) {
    return `its service ${service.name} is no kernel driver`;
  }
  if (!/^[\w.-]{1,64}$/.test(service.name)) return `its service has the name ${service.name}`;
  const binary = /[\\/]([\w.-]{1,64}\.sys)$/i.exec(service.binary)?.[1];
  if (binary === undefined) return `its service has the file ${service.binary}`;
  return { service: service.name, binary, devices };
}
