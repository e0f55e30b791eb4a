import { AppError } from '../../../src-shared/errors/appError';
import type { Device, DeviceList } from '../../../src-shared/model/drivers';
import { identifiersOfInstance } from './instanceIdentifiers';

/** More than any PC has; a list that is longer is refused. */
const mostDevices = 20_000;
/** Windows' own limit is 200 characters for an identifier (MAX_DEVICE_ID_LEN). */
const longestIdentifier = 400;
const mostIdentifiers = 500;
const longestName = 300;

/** A device as a list tells it; what is missing is empty. */
export interface ListedDevice {
  instanceId?: string | undefined;
  name?: string | undefined;
  className?: string | undefined;
  hardwareIds?: readonly string[] | undefined;
  compatibleIds?: readonly string[] | undefined;
  problem?: string | undefined;
  currentInf?: string | undefined;
}

/** Gathers devices within bounds, and what is to be said of them. */
export class DeviceListBuilder {
  model: string | undefined;
  readonly #devices: Device[] = [];
  readonly #warnings: string[] = [];
  #derived = 0;

  constructor(readonly label: string) {}

  get count(): number {
    return this.#devices.length;
  }

  warn(text: string): void {
    this.#warnings.push(text);
  }

  /**
   * Adds a device. Where the list gives no identifiers, those that its instance path tells stand for them.
   * @param line 1-based, for messages
   * @throws AppError `devices/unreadable` when a bound is passed
   */
  add(listed: ListedDevice, line: number): void {
    if (this.#devices.length >= mostDevices) {
      throw unreadable(this.label, `it has more than ${mostDevices} devices`, line);
    }
    const instanceId = (listed.instanceId ?? '').trim();
    if (instanceId.length > longestIdentifier)
      throw unreadable(this.label, 'an instance ID is too long', line);
    let hardwareIds = this.#identifiers(listed.hardwareIds, line);
    let compatibleIds = this.#identifiers(listed.compatibleIds, line);
    if (hardwareIds.length + compatibleIds.length === 0 && instanceId !== '') {
      ({ hardwareIds, compatibleIds } = identifiersOfInstance(instanceId));
      if (hardwareIds.length > 0) this.#derived++;
    }
    const problem = cut(listed.problem);
    const currentInf = cut(listed.currentInf);
    this.#devices.push({
      instanceId,
      name: cut(listed.name),
      className: cut(listed.className),
      hardwareIds,
      compatibleIds,
      ...(problem === '' ? {} : { problem }),
      ...(currentInf === '' ? {} : { currentInf }),
    });
  }

  build(): DeviceList {
    const warnings = [...this.#warnings];
    if (this.#derived > 0) {
      const devices = this.#derived === 1 ? 'one device' : `${this.#derived} devices`;
      warnings.push(
        `the list gives no identifiers of ${devices}: those that the instance ID tells are taken, and packages that name others are not found`,
      );
    }
    const model = cut(this.model);
    return { label: this.label, ...(model === '' ? {} : { model }), devices: this.#devices, warnings };
  }

  #identifiers(listed: readonly string[] | undefined, line: number): string[] {
    const identifiers: string[] = [];
    const seen = new Set<string>();
    for (const raw of listed ?? []) {
      const identifier = raw.trim();
      if (identifier === '' || seen.has(identifier.toUpperCase())) continue;
      if (identifier.length > longestIdentifier)
        throw unreadable(this.label, 'an identifier is too long', line);
      if (identifiers.length >= mostIdentifiers) {
        throw unreadable(this.label, `a device has more than ${mostIdentifiers} identifiers`, line);
      }
      seen.add(identifier.toUpperCase());
      identifiers.push(identifier);
    }
    return identifiers;
  }
}

function cut(text: string | undefined): string {
  return (text ?? '').replaceAll('\0', '').trim().slice(0, longestName);
}

/** The error for a list that cannot be read. */
export function unreadable(label: string, problem: string, line?: number): AppError {
  const place = line === undefined ? label : `${label}, line ${line}`;
  return new AppError('devices/unreadable', `${place}: ${problem}`, {
    list: label,
    ...(line === undefined ? {} : { line }),
  });
}

/**
 * What a problem code of the Device Manager means (cfg.h, CM_PROB_*), the common ones in words: 'no driver (28)'.
 * @returns undefined for 0
 */
export function problemText(code: number): string | undefined {
  if (!Number.isSafeInteger(code) || code <= 0) return undefined;
  const words = problems.get(code);
  return words === undefined ? `problem ${code}` : `${words} (${code})`;
}

const problems: ReadonlyMap<number, string> = new Map([
  [1, 'not configured'],
  [3, 'driver out of memory or damaged'],
  [10, 'cannot start'],
  [12, 'not enough resources'],
  [14, 'needs a restart'],
  [18, 'driver must be installed again'],
  [22, 'disabled'],
  [24, 'not present, or not working'],
  [28, 'no driver'],
  [31, 'driver cannot be loaded'],
  [32, 'driver disabled'],
  [37, 'driver cannot be initialized'],
  [39, 'driver missing or damaged'],
  [43, 'reported a failure'],
  [45, 'not connected'],
  [48, 'driver blocked'],
  [52, 'driver not signed'],
]);
