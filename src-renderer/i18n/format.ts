import { currentLanguage } from './translate';

const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(currentLanguage(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** 98,214 */
export function formatCount(value: number): string {
  return number(value);
}

/** A size in the unit that suits it, powers of 1024 as Windows shows them: "5.2 GB". */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  // 1,023.95 would be shown as 1,024.0 of the smaller unit.
  if (unit > 0 && unit < units.length - 1 && Math.round(value * 10) >= 10_240) {
    value /= 1024;
    unit += 1;
  }
  return `${number(value, unit === 0 || value >= 100 ? 0 : 1)} ${units[unit]}`;
}

/** 212 MB/s */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** 63 % */
export function formatPercent(fraction: number): string {
  return `${number(Math.floor(fraction * 100))} %`;
}

/** 0:40, 1:20, 2:05:10 */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A day and a time as lists show them: 2026-11-02 09:14, in local time. */
export function formatTime(iso: string | null): string {
  if (iso === null) return '–';
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
