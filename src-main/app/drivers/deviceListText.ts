import type { DeviceList } from '../../../src-shared/model/drivers';

/** A list of devices as text that is read back as the same list: JSON in the terms of the program's own lists. */
export function deviceListText({ label, model, devices }: DeviceList): string {
  return `${JSON.stringify({ label, ...(model === undefined ? {} : { model }), devices }, null, 1)}\n`;
}
