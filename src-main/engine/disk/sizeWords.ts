const units = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];

/**
 * Size of a disk or a partition as Windows shows it, in units of 1024: "260 MB", "465.8 GB". Layouts are written in the
 * same units, so that what was asked for is what is shown.
 */
export function diskSizeText(bytes: number): string {
  if (bytes === 1) return '1 byte';
  let unit = 0;
  let value = bytes;
  // 1023.95 would print as 1024.
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const rounded = Math.round(value * 10) / 10;
  return `${Number.isInteger(rounded) ? rounded : rounded.toFixed(1)} ${units[unit]}`;
}
