import type { Hive, HiveKey } from '../../registry/hive';
import { dwordOf, textOf } from '../../registry/registryValues';
import { readDriverVersion, type StoredVersion } from './driverVersion';

/** A package as DriverDatabase has it. */
export interface RegisteredPackage {
  /** Name of its folder in FileRepository: 'vboxguest.inf_amd64_7c8d1446c2599c22'. */
  readonly name: string;
  /** 'oem1.inf'; of an inbox package its own name. */
  readonly published: string;
  readonly original: string;
  readonly provider: string;
  readonly version: StoredVersion | undefined;
  /** Services that its configurations name. */
  readonly services: readonly string[];
}

/** More than a driver store of a server with every language has. */
const MOST_PACKAGES = 100_000;
const MOST_CONFIGURATIONS = 10_000;

/** Packages of a SYSTEM or DRIVERS hive, by name; nothing of one that has no DriverDatabase. */
export function registeredPackages(hive: Hive): RegisteredPackage[] {
  const packages = hive.key('DriverDatabase')?.subkey('DriverPackages')?.subkeys() ?? [];
  return packages.slice(0, MOST_PACKAGES).map((key) => {
    const data = key.value('Version')?.data;
    return {
      name: key.name,
      published: textOf(key.value('')) ?? infName(key.name),
      original: textOf(key.value('InfName')) ?? infName(key.name),
      provider: textOf(key.value('Provider')) ?? '',
      version: data === undefined ? undefined : readDriverVersion(data),
      services: servicesOf(key),
    };
  });
}

/** 'disk.inf' of 'disk.inf_amd64_a08f315558d0a31e'. */
export function infName(folder: string): string {
  const end = folder.toLowerCase().indexOf('.inf_');
  return end < 0 ? folder : folder.slice(0, end + '.inf'.length);
}

function servicesOf(key: HiveKey): string[] {
  const configurations = key.subkey('Configurations')?.subkeys() ?? [];
  const services = configurations
    .slice(0, MOST_CONFIGURATIONS)
    .map((configuration) => textOf(configuration.value('Service')) ?? '');
  return [...new Set(services.filter((service) => service !== ''))];
}

/** Whether the boot loader starts one of the services. */
export function startsAtBoot(system: Hive, controlSet: string, services: readonly string[]): boolean {
  const all = system.key(`${controlSet}\\Services`);
  return services.some((service) => dwordOf(all?.subkey(service)?.value('Start')) === 0);
}

/** Name of a device setup class: 'SCSIAdapter'; '' where the hive does not know it. */
export function classNameOf(system: Hive | undefined, controlSet: string, classGuid: string): string {
  return textOf(system?.key(`${controlSet}\\Control\\Class`)?.subkey(classGuid)?.value('Class')) ?? '';
}
