import { textOf } from '../../linux/systemFiles';

/** Where systems keep the PCI ID Repository's list, below /usr/share. */
const places = ['misc/pci.ids', 'hwdata/pci.ids'];

/**
 * Names of PCI devices by 'VVVV:DDDD' in upper case, as far as the list has them. Its format: a vendor's line begins
 * with four digits, a device's with a tab before them.
 */
export function readPciNames(
  share: string,
  wanted: readonly { readonly vendor: string; readonly device: string }[],
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const text = places.map((place) => textOf(share, place)).find((one) => one !== undefined);
  if (text === undefined) return names;
  const keys = new Set(wanted.map(({ vendor, device }) => `${vendor}:${device}`));
  let vendor = '';
  let maker = '';
  for (const line of text.split('\n')) {
    const [, tab, number, name] = /^(\t?)([0-9a-f]{4}) {2}(.+)$/i.exec(line) ?? [];
    if (number === undefined || name === undefined) continue;
    if (tab === '') {
      vendor = number.toUpperCase();
      maker = name.trim();
    } else {
      const key = `${vendor}:${number.toUpperCase()}`;
      if (keys.has(key)) names.set(key, `${maker} ${name.trim()}`);
    }
  }
  return names;
}
