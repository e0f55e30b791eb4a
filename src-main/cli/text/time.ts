const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What a WIM shows that does not tell a time: the beginning of FILETIME. */
const ZERO_TIME = '1601-01-01T00:00:00Z';

/**
 * "Sat Jan 06 05:12:56 2018 UTC" from an ISO 8601 time, as wimlib-imagex prints times: whole seconds, rounded down.
 * @param time null for a time that the WIM does not give
 */
export function timeText(time: string | null): string {
  const match = /^([+-]?\d{4,6})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(time ?? ZERO_TIME);
  if (match === null) return time ?? '';
  const [, year, month, day, hour, minute, second] = match;
  // Date.UTC takes years below 100 for the 1900s; no FILETIME lies there.
  const weekday = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDay();
  return `${days[weekday]} ${months[Number(month) - 1]} ${day} ${hour}:${minute}:${second} ${Number(year)} UTC`;
}
