/** Points at most. */
export const THROUGHPUT_POINTS = 240;

/** Bytes per second over a job's running time, evenly spaced; the spacing doubles when there are too many points. */
export class Throughput {
  private buckets: number[] = [];
  private interval = 1000;
  /** Milliseconds since the start: whole multiples of the interval are exact then. */
  private last = 0;
  private lastBytes = 0;

  /** @param startedAt milliseconds, as later times */
  constructor(private readonly startedAt: number) {}

  /** @param bytes moved since the start */
  add(bytes: number, at: number): void {
    const now = at - this.startedAt;
    if (now <= this.last) return;
    const perMillisecond = Math.max(0, bytes - this.lastBytes) / (now - this.last);
    while (now > this.interval * THROUGHPUT_POINTS) this.halve();
    // What was moved since the last time is spread evenly over that time.
    for (let from = this.last; from < now;) {
      const bucket = Math.floor(from / this.interval);
      const to = Math.min(now, (bucket + 1) * this.interval);
      this.buckets[bucket] = (this.buckets[bucket] ?? 0) + perMillisecond * (to - from);
      from = to;
    }
    this.last = now;
    this.lastBytes = Math.max(this.lastBytes, bytes);
  }

  /** Bytes per second of each interval; the last one, which is not full yet, by the time that it has lasted. */
  points(): number[] {
    return this.buckets.map((bytes, index) => {
      const lasted = Math.min(this.interval, this.last - index * this.interval);
      return lasted <= 0 ? 0 : Math.round((bytes / lasted) * 1000);
    });
  }

  private halve(): void {
    const halved: number[] = [];
    for (let i = 0; i < this.buckets.length; i += 2)
      halved.push(this.buckets[i] + (this.buckets[i + 1] ?? 0));
    this.buckets = halved;
    this.interval *= 2;
  }
}
