import type { DriverArchitecture } from '../../../../src-shared/model/drivers';
import type { Hive, HiveKey } from '../../registry/hive';
import {
  dwordOf,
  RegistryType,
  setDword,
  setMultiText,
  setText,
  textOf,
} from '../../registry/registryValues';
import { SCSI_ADAPTER, type BootFacts } from './bootFacts';

/*
 * A storage driver in the registry of an offline Windows, so that its first start finds the disk: what
 * libguestfs-common (mlcustomize/inject_virtio_win.ml, used by virt-v2v) writes for its storage drivers, and nothing
 * else. docs/decisions/0017 compares it with what Windows itself wrote. Plug and Play installs the package properly
 * when it finds it; until then this is a bare binding without the INF's registry values.
 */

/** What was written, so that it can be taken out again. */
export interface BootRecord {
  readonly infSha256: string;
  readonly database: 'DriverDatabase' | 'CriticalDeviceDatabase';
  readonly controlSet: string;
  readonly service: string;
  readonly imagePath: string;
  /** Name of the package in DriverDatabase; '' in CriticalDeviceDatabase. */
  readonly label: string;
  readonly devices: readonly string[];
  /** The driver's file in System32\drivers, where it was not there before. */
  readonly file?: { readonly path: string; readonly sha256: string };
}

const CONFIGURATION = 'wimsmith_boot';

/** An entry of DeviceIds: the same four bytes in 2933 of the 2934 that Windows wrote in the hives at hand. */
const DEVICE_ENTRY = Uint8Array.of(0x01, 0xff, 0x00, 0x00);

/** Version: architecture 9, the class SCSIAdapter, no date and no version, so that the real package always wins. */
const VERSION = Uint8Array.of(
  ...[0x00, 0xff, 0x09, 0x00, 0x00, 0x00, 0x00, 0x00],
  ...[0x7b, 0xe9, 0x36, 0x4d, 0x25, 0xe3, 0xce, 0x11, 0xbf, 0xc1, 0x08, 0x00, 0x2b, 0xe1, 0x03, 0x18],
  ...Array.from({ length: 24 }, () => 0),
);

/** Why nothing can be registered in a Windows, as a clause; undefined where it can. */
export function bootRefusal(system: Hive, architecture: DriverArchitecture): string | undefined {
  if (architecture !== 'amd64' && architecture !== 'x86') {
    return `the pattern is proven for x86 and amd64, and this Windows is for ${architecture}`;
  }
  return system.key('Select') === undefined ? 'its SYSTEM hive has no control set' : undefined;
}

/**
 * Registers a storage driver.
 * @returns what was written; a reason, as a clause, where something is there already
 */
export function registerForBoot(
  system: Hive,
  controlSet: string,
  facts: BootFacts,
  infSha256: string,
  architecture: DriverArchitecture,
): BootRecord | string {
  if (system.key(`${controlSet}\\Services\\${facts.service}`) !== undefined) {
    return `the service ${facts.service} is in the registry already`;
  }
  const database = system.key('DriverDatabase') === undefined ? 'CriticalDeviceDatabase' : 'DriverDatabase';
  const inf = `wimsmith-${infSha256.slice(0, 8)}.inf`;
  const record: BootRecord = {
    infSha256,
    database,
    controlSet,
    service: facts.service,
    imagePath: `system32\\drivers\\${facts.binary}`,
    label: database === 'DriverDatabase' ? `${inf}_${architecture}_0000000000000000` : '',
    devices: facts.devices,
  };
  if (database === 'DriverDatabase') writeDriverDatabase(system.root, record);
  else {
    const taken = record.devices.find((device) => criticalKey(system, record, device) !== undefined);
    if (taken !== undefined) return `PCI#${taken} has a driver in CriticalDeviceDatabase already`;
    writeCriticalDevices(system.root, record);
  }
  writeService(system.root.ensure(`${controlSet}\\Services\\${facts.service}`), record);
  return record;
}

function infOf(record: BootRecord): string {
  return record.label.slice(0, record.label.indexOf('.inf') + '.inf'.length);
}

function writeDriverDatabase(root: HiveKey, record: BootRecord): void {
  const database = root.ensure('DriverDatabase');
  const infFile = database.ensure(`DriverInfFiles\\${infOf(record)}`);
  setMultiText(infFile, '', [record.label]);
  setText(infFile, 'Active', record.label);
  setMultiText(infFile, 'Configurations', [CONFIGURATION]);
  const driverPackage = database.ensure(`DriverPackages\\${record.label}`);
  driverPackage.setValue('Version', RegistryType.BINARY, VERSION);
  const configuration = driverPackage.ensure(`Configurations\\${CONFIGURATION}`);
  setDword(configuration, 'ConfigFlags', 0);
  setText(configuration, 'Service', record.service);
  for (const device of record.devices) {
    setText(driverPackage.ensure(`Descriptors\\PCI\\${device}`), 'Configuration', CONFIGURATION);
    database.ensure(`DeviceIds\\PCI\\${device}`).setValue(infOf(record), RegistryType.BINARY, DEVICE_ENTRY);
  }
}

/** Windows 7 and earlier. */
function writeCriticalDevices(root: HiveKey, record: BootRecord): void {
  for (const device of record.devices) {
    const key = root.ensure(`${criticalPath(record)}\\PCI#${device}`);
    setText(key, 'Service', record.service);
    setText(key, 'ClassGUID', SCSI_ADAPTER.toUpperCase());
  }
}

function criticalPath(record: BootRecord): string {
  return `${record.controlSet}\\Control\\CriticalDeviceDatabase`;
}

function criticalKey(system: Hive, record: BootRecord, device: string): HiveKey | undefined {
  return system.key(criticalPath(record))?.subkey(`PCI#${device}`);
}

function writeService(key: HiveKey, record: BootRecord): void {
  setDword(key, 'Type', 1);
  setDword(key, 'Start', 0);
  setText(key, 'Group', 'SCSI miniport');
  setDword(key, 'ErrorControl', 1);
  setText(key, 'ImagePath', record.imagePath, RegistryType.EXPAND_SZ);
}

/**
 * Takes a registration out. A service that Windows has installed properly since then stays, and its file with it.
 * @returns whether the service went, and what is to be told
 */
export function unregisterForBoot(
  system: Hive,
  record: BootRecord,
): { service: boolean; warnings: string[] } {
  if (record.database === 'DriverDatabase') removeFromDatabase(system, record);
  else {
    for (const device of record.devices) {
      if (textOf(criticalKey(system, record, device)?.value('Service')) !== record.service) continue;
      system.key(criticalPath(record))?.deleteSubkey(`PCI#${device}`);
    }
  }
  const services = system.key(`${record.controlSet}\\Services`);
  const key = services?.subkey(record.service);
  if (key === undefined)
    return { service: false, warnings: [`service ${record.service} is not there any more`] };
  if (!isOurService(key, record)) {
    return { service: false, warnings: [`service ${record.service} was changed meanwhile and stays`] };
  }
  services?.deleteSubkey(record.service);
  return { service: true, warnings: [] };
}

/** Windows adds values when it installs the package: Owners, Tag, DisplayName. */
function isOurService(key: HiveKey, record: BootRecord): boolean {
  return (
    key.values().length === 5 &&
    dwordOf(key.value('Start')) === 0 &&
    textOf(key.value('ImagePath')) === record.imagePath &&
    key.subkeys().length === 0
  );
}

function removeFromDatabase(system: Hive, record: BootRecord): void {
  const database = system.key('DriverDatabase');
  database?.subkey('DriverInfFiles')?.deleteSubkey(infOf(record));
  database?.subkey('DriverPackages')?.deleteSubkey(record.label);
  const devices = database?.subkey('DeviceIds')?.subkey('PCI');
  for (const device of record.devices) {
    const key = devices?.subkey(device);
    key?.deleteValue(infOf(record));
    if (key !== undefined && key.values().length === 0 && key.subkeys().length === 0)
      devices?.deleteSubkey(device);
  }
}
