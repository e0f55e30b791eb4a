import type { Phase, Progress } from '../../src-shared/model/progress';
import { cutEnd, cutMiddle, displayWidth, harmless } from './text/display';
import { countText, durationText, sizeText } from './text/figures';

/** Shortest time between two rewrites of the line, in milliseconds. */
const REWRITE_INTERVAL = 100;
/** Time over which the speed is measured, in milliseconds. */
const SPEED_WINDOW = 5000;
/** No speed is shown before this time, in milliseconds: the first figures mislead. */
const SPEED_DELAY = 500;
/** Columns below which a longer path is left out rather than cut. */
const SHORTEST_PATH = 12;

/** Where the line is written, and what it depends on. */
export interface ProgressTerminal {
  write(text: string): void;
  /** Columns at this moment; the window may change its size. */
  columns(): number;
  /** Milliseconds, never going back. */
  now(): number;
}

/**
 * One line on a terminal, rewritten in place at most ten times a second, never wider than the terminal. Within a phase
 * the figures never go back, even when reports arrive out of order.
 */
export class ProgressLine {
  private shownWidth = 0;
  private lastWrite = -Infinity;
  private current: Progress | undefined;
  private samples: { readonly time: number; readonly bytes: number }[] = [];
  private phaseStart = 0;

  constructor(private readonly terminal: ProgressTerminal) {}

  update(progress: Progress): void {
    const now = this.terminal.now();
    if (this.current?.phase !== progress.phase) {
      this.current = progress;
      this.samples = [];
      this.phaseStart = now;
    } else {
      this.current = forward(this.current, progress);
    }
    if (now - this.lastWrite < REWRITE_INTERVAL) return;
    this.lastWrite = now;
    this.sample(now, this.current.bytesDone);
    this.show(this.compose(this.current, now));
  }

  /** Takes the line away, before something else is printed. It comes back with the next report. */
  clear(): void {
    if (this.shownWidth === 0) return;
    this.terminal.write(`\r${' '.repeat(this.shownWidth)}\r`);
    this.shownWidth = 0;
    this.lastWrite = -Infinity;
  }

  private show(text: string): void {
    const width = displayWidth(text);
    this.terminal.write(
      `\r${text}${' '.repeat(Math.max(0, Math.min(this.shownWidth, this.room()) - width))}`,
    );
    this.shownWidth = width;
  }

  /** The last column stays free: terminals wrap when it is written. */
  private room(): number {
    return Math.max(1, this.terminal.columns() - 1);
  }

  private sample(now: number, bytes: number): void {
    this.samples.push({ time: now, bytes });
    while (this.samples.length > 2 && this.samples[1].time < now - SPEED_WINDOW) this.samples.shift();
  }

  private compose(progress: Progress, now: number): string {
    const room = this.room();
    const speed = this.speed(now);
    let line: string = progress.phase;
    // The most telling figures come first; what does not fit any more is left out.
    for (const part of parts(progress, speed)) {
      if (displayWidth(line) + 2 + displayWidth(part) <= room) line += `  ${part}`;
    }
    const left = room - displayWidth(line) - 2;
    const path = harmless(progress.currentPath ?? '');
    if (path !== '' && left >= Math.min(SHORTEST_PATH, displayWidth(path)))
      line += `  ${cutMiddle(path, left)}`;
    return cutEnd(line, room);
  }

  /** Bytes per second over the last seconds; undefined while nothing can be said. */
  private speed(now: number): number | undefined {
    if (now - this.phaseStart < SPEED_DELAY || this.samples.length < 2) return undefined;
    const first = this.samples[0];
    const last = this.samples[this.samples.length - 1];
    return last.time > first.time
      ? ((last.bytes - first.bytes) * 1000) / (last.time - first.time)
      : undefined;
  }
}

function parts(progress: Progress, speed: number | undefined): string[] {
  const { filesDone, filesTotal, bytesDone, bytesTotal } = progress;
  const list: string[] = [];
  if (bytesTotal > 0) list.push(`${Math.min(100, Math.floor((bytesDone / bytesTotal) * 100))} %`);
  else if (filesTotal > 0) list.push(`${Math.min(100, Math.floor((filesDone / filesTotal) * 100))} %`);
  if (bytesTotal > 0) list.push(`${sizeText(bytesDone)} of ${sizeText(bytesTotal)}`);
  else if (bytesDone > 0) list.push(sizeText(bytesDone));
  if (speed !== undefined && speed > 0) {
    list.push(`${sizeText(speed)}/s`);
    if (bytesTotal > 0) list.push(`${durationText((bytesTotal - bytesDone) / speed)} left`);
  }
  if (filesTotal > 0) list.push(`${countText(filesDone)} of ${countText(filesTotal)} files`);
  else if (filesDone > 0) list.push(`${countText(filesDone)} files`);
  return list;
}

/** `next`, but nothing smaller than before. */
function forward(before: Progress, next: Progress): Progress {
  return {
    ...next,
    filesDone: Math.max(before.filesDone, next.filesDone),
    filesTotal: Math.max(before.filesTotal, next.filesTotal),
    bytesDone: Math.max(before.bytesDone, next.bytesDone),
    bytesTotal: Math.max(before.bytesTotal, next.bytesTotal),
  };
}

/** Progress as JSON lines, at most ten a second and one for each new phase. */
export class ProgressLines {
  private lastWrite = -Infinity;
  private lastPhase: Phase | undefined;

  constructor(
    private readonly write: (text: string) => void,
    private readonly now: () => number,
  ) {}

  update(progress: Progress): void {
    const now = this.now();
    if (progress.phase === this.lastPhase && now - this.lastWrite < REWRITE_INTERVAL) return;
    this.lastPhase = progress.phase;
    this.lastWrite = now;
    this.write(`${JSON.stringify({ progress })}\n`);
  }
}
