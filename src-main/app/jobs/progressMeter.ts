import type { JobProgress } from '../../../src-shared/contract/jobs';
import type { Verb, Work } from '../../../src-shared/contract/work';
import type { Phase, Progress } from '../../../src-shared/model/progress';

/** A phase and its part of the whole. */
type Share = readonly [phase: Phase, weight: number];

/** Work whose phases are alike. */
export type MeteredWork = Verb | 'split anew';

/** A split that compresses the data first takes most of its time for that. */
export function meteredAs(work: Work): MeteredWork {
  return work.verb === 'split' && work.request.compression !== undefined ? 'split anew' : work.verb;
}

/** Phases of each verb in their order, by the time that they take as a rule. Phases that are left out pass at once. */
const shares: Readonly<Record<MeteredWork, readonly Share[]>> = {
  capture: [
    ['Verifying integrity', 2],
    ['Scanning', 4],
    ['Archiving', 90],
    ['Writing metadata', 1],
    ['Calculating integrity table', 5],
  ],
  append: [
    ['Verifying integrity', 5],
    ['Scanning', 4],
    ['Copying', 10],
    ['Archiving', 80],
    ['Writing metadata', 1],
    ['Calculating integrity table', 5],
  ],
  update: [
    ['Verifying integrity', 5],
    ['Scanning', 4],
    ['Copying', 20],
    ['Archiving', 66],
    ['Writing metadata', 1],
    ['Calculating integrity table', 5],
  ],
  apply: [
    ['Verifying integrity', 10],
    ['Creating directories', 2],
    ['Extracting', 86],
    ['Setting metadata', 2],
  ],
  extract: [
    ['Verifying integrity', 10],
    ['Creating directories', 2],
    ['Extracting', 86],
    ['Setting metadata', 2],
  ],
  delete: rewriting(),
  export: rewriting(),
  info: rewriting(),
  optimize: rewriting(),
  join: [
    ['Verifying integrity', 20],
    ['Joining', 75],
    ['Calculating integrity table', 5],
  ],
  split: [
    ['Verifying integrity', 20],
    ['Splitting', 75],
    ['Calculating integrity table', 5],
  ],
  'split anew': [
    ['Verifying integrity', 10],
    ['Copying', 75],
    ['Writing metadata', 1],
    ['Splitting', 10],
    ['Calculating integrity table', 4],
  ],
  verify: [
    ['Verifying integrity', 20],
    ['Verifying', 80],
  ],
  diskCreate: making(),
  diskPrepare: making(),
  diskConvert: [
    ['Copying', 95],
    ['Verifying', 5],
  ],
  diskWipe: making(),
  driversAdd: changingDrivers(),
  driversExport: [
    ['Verifying integrity', 10],
    ['Scanning', 5],
    ['Extracting', 85],
  ],
  driversRemove: changingDrivers(),
};

function changingDrivers(): readonly Share[] {
  return [
    ['Verifying integrity', 10],
    ['Scanning', 5],
    ['Reading drivers', 20],
    ['Installing drivers', 60],
    ['Copying', 20],
    ['Archiving', 34],
    ['Writing metadata', 1],
    ['Calculating integrity table', 5],
  ];
}

function making(): readonly Share[] {
  return [
    ['Writing metadata', 80],
    ['Verifying', 20],
  ];
}

function rewriting(): readonly Share[] {
  return [
    ['Verifying integrity', 10],
    ['Copying', 85],
    ['Writing metadata', 1],
    ['Calculating integrity table', 4],
  ];
}

/** Bytes that these phases count are looked at, not moved. */
const lookingPhases: ReadonlySet<Phase> = new Set<Phase>([
  'Scanning',
  'Creating directories',
  'Setting metadata',
]);

/** Milliseconds over which speed and time left are averaged. */
const SPEED_WINDOW = 4000;
const RATE_WINDOW = 12_000;
/** Milliseconds before a time left is told: the first moments say little. */
const SETTLING = 2000;

interface Point {
  readonly at: number;
  readonly value: number;
}

/** Makes of the engine's counts what a person asks: how far, how fast, how long still. Times in milliseconds. */
export class ProgressMeter {
  private latest: Progress | undefined;
  private phaseIndex = -1;
  private fraction: number | null = null;
  private moved = 0;
  private readonly speeds: Point[] = [];
  private readonly rates: Point[] = [];
  private readonly shares: readonly Share[];

  constructor(
    kind: MeteredWork,
    private readonly startedAt: number,
  ) {
    this.shares = shares[kind];
    this.speeds.push({ at: startedAt, value: 0 });
  }

  /** Bytes read, copied or written so far over all phases. */
  get bytesMoved(): number {
    return this.moved;
  }

  /** Takes the engine's latest counts. */
  add(progress: Progress, now: number): void {
    if (!lookingPhases.has(progress.phase)) {
      const before = this.latest?.phase === progress.phase ? this.latest.bytesDone : 0;
      this.moved += Math.max(0, progress.bytesDone - before);
    }
    this.latest = progress;
    this.advance(progress, now);
    push(this.speeds, { at: now, value: this.moved }, now - SPEED_WINDOW);
  }

  /** What to tell now; undefined before there is anything. */
  read(now: number): JobProgress | undefined {
    if (this.latest === undefined) return undefined;
    const { phase, filesDone, filesTotal, bytesDone, bytesTotal, currentPath } = this.latest;
    return {
      phase,
      filesDone,
      filesTotal,
      bytesDone,
      bytesTotal,
      ...(currentPath === undefined ? {} : { currentPath }),
      fraction: this.fraction,
      bytesPerSecond: Math.round(this.speed(now)),
      secondsLeft: this.secondsLeft(now),
      secondsElapsed: Math.max(0, (now - this.startedAt) / 1000),
    };
  }

  private advance(progress: Progress, now: number): void {
    const index = this.shares.findIndex(([phase]) => phase === progress.phase);
    if (index < 0) return;
    if (index !== this.phaseIndex) this.rates.length = 0;
    this.phaseIndex = index;
    const part = partDone(progress);
    if (part === undefined && this.fraction === null) return;
    const whole = this.shares.reduce((sum, [, weight]) => sum + weight, 0);
    const before = this.shares.slice(0, index).reduce((sum, [, weight]) => sum + weight, 0);
    const reached = (before + this.shares[index][1] * (part ?? 0)) / whole;
    // A phase that comes twice, or whose total grows, holds the bar where it is.
    this.fraction = Math.min(1, Math.max(this.fraction ?? 0, reached));
    push(this.rates, { at: now, value: this.fraction }, now - RATE_WINDOW);
  }

  private speed(now: number): number {
    // Nothing that moved for the length of the window is no movement.
    const recent = this.speeds.filter(({ at }) => at >= now - SPEED_WINDOW);
    const first = recent.at(0);
    if (first === undefined) return 0;
    const elapsed = now - first.at;
    return elapsed <= 0 ? 0 : ((this.moved - first.value) / elapsed) * 1000;
  }

  private secondsLeft(now: number): number | null {
    const first = this.rates.at(0);
    const last = this.rates.at(-1);
    if (first === undefined || last === undefined || this.fraction === null) return null;
    if (now - this.startedAt < SETTLING || now - first.at < SETTLING) return null;
    const rate = (last.value - first.value) / (now - first.at);
    return rate <= 0 ? null : Math.round((1 - this.fraction) / rate / 1000);
  }
}

/** 0 to 1 of a phase; undefined while its total is not known. */
function partDone({ bytesDone, bytesTotal, filesDone, filesTotal }: Progress): number | undefined {
  if (bytesTotal > 0) return Math.min(1, bytesDone / bytesTotal);
  if (filesTotal > 0) return Math.min(1, filesDone / filesTotal);
  return undefined;
}

/** Adds a point and drops those before `oldest`, all but the last of them. */
function push(points: Point[], point: Point, oldest: number): void {
  points.push(point);
  while (points.length > 2 && points[1].at < oldest) points.shift();
}
