/** Says a time of today or yesterday in the person's language. */
export type SayWhen = (
  key: 'images.when.today' | 'images.when.yesterday',
  values: { time: string },
) => string;

/** A time as it is said: "today 14:02", "yesterday 09:30", else the day: "2026-11-02". Local time. */
export function whenText(iso: string, say: SayWhen, now: Date = new Date()): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (dayOf(date) === dayOf(now)) return say('images.when.today', { time });
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  return dayOf(date) === dayOf(yesterday) ? say('images.when.yesterday', { time }) : dayOf(date);
}

function dayOf(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
