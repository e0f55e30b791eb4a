const units = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** Size for people, in decimal units as disks are sold: "12.4 GB", "212 MB", "23 bytes". */
export function sizeText(bytes: number): string {
  if (bytes === 1) return '1 byte';
  let unit = 0;
  let value = bytes;
  // 999.5 would print as 1000.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** Whole number with thousands separated: "98,214". */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "1 file", "3 files". */
export function countedText(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** Duration as a clock: "0:07", "1:20", "2:03:11". */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const clock = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const parts = clock[0] > 0 ? clock : clock.slice(1);
  return parts.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
