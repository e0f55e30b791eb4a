import { describe, expect, it } from 'vitest';
import { meteredAs, ProgressMeter } from '../../../../src-main/app/jobs/progressMeter';
import { Throughput, THROUGHPUT_POINTS } from '../../../../src-main/app/jobs/throughput';
import type { Phase, Progress } from '../../../../src-shared/model/progress';

const MB = 1_000_000;

function counts(phase: Phase, bytesDone: number, bytesTotal: number): Progress {
  return { phase, filesDone: 0, filesTotal: 0, bytesDone, bytesTotal };
}

describe('the progress of a job', () => {
  it('has no fraction while nothing is known, then one that never goes back and ends at 1', () => {
    const meter = new ProgressMeter('capture', 0);
    meter.add(counts('Scanning', 5 * MB, 0), 100);
    expect(meter.read(100)?.fraction).toBeNull();
    const fractions: number[] = [];
    const see = (progress: Progress, at: number): void => {
      meter.add(progress, at);
      fractions.push(meter.read(at)?.fraction ?? -1);
    };
    for (let i = 0; i <= 10; i++) see(counts('Archiving', i * MB, 10 * MB), 1000 + i * 100);
    // The total was too small: files grew.
    see(counts('Archiving', 10 * MB, 20 * MB), 2100);
    see(counts('Writing metadata', 0, 0), 2200);
    see(counts('Calculating integrity table', 0, 10 * MB), 2300);
    see(counts('Calculating integrity table', 10 * MB, 10 * MB), 2400);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions[0]).toBeLessThan(0.1);
    expect(fractions[5]).toBeGreaterThan(0.4);
    expect(fractions.at(-1)).toBe(1);
  });

  it('does not take a phase that comes a second time for a step back', () => {
    const meter = new ProgressMeter('export', 0);
    meter.add(counts('Copying', 10, 10), 100);
    const before = meter.read(100)?.fraction;
    meter.add(counts('Copying', 1, 10), 200);
    expect(meter.read(200)?.fraction).toBe(before);
  });

  it('gives the compressing before a split most of its bar', () => {
    const request = { wim: '/a.wim', destination: '/a.swm', partSize: 1 };
    expect(meteredAs({ verb: 'split', request })).toBe('split');
    const kind = meteredAs({ verb: 'split', request: { ...request, compression: { format: 'lzx' } } });
    const meter = new ProgressMeter(kind, 0);
    meter.add(counts('Copying', 100 * MB, 100 * MB), 10);
    expect(meter.read(10)?.fraction).toBeGreaterThan(0.8);
    meter.add(counts('Splitting', 100 * MB, 100 * MB), 20);
    expect(meter.read(20)?.fraction).toBeGreaterThan(0.95);
  });

  it('counts files where bytes are not known', () => {
    const meter = new ProgressMeter('verify', 0);
    meter.add({ phase: 'Verifying', filesDone: 1, filesTotal: 2, bytesDone: 0, bytesTotal: 0 }, 10);
    expect(meter.read(10)?.fraction).toBeCloseTo(0.6, 5);
  });

  it('tells the speed of the last seconds, not counting what is only looked at', () => {
    const meter = new ProgressMeter('apply', 0);
    meter.add(counts('Setting metadata', 90 * MB, 100 * MB), 500);
    expect(meter.read(500)?.bytesPerSecond).toBe(0);
    for (let second = 1; second <= 10; second++) {
      meter.add(counts('Extracting', second * 10 * MB, 1000 * MB), second * 1000);
    }
    expect(meter.read(10_000)?.bytesPerSecond).toBe(10 * MB);
    for (let second = 11; second <= 20; second++) {
      meter.add(counts('Extracting', 100 * MB + (second - 10) * 50 * MB, 1000 * MB), second * 1000);
    }
    expect(meter.read(20_000)?.bytesPerSecond).toBe(50 * MB);
    expect(meter.read(30_000)?.bytesPerSecond).toBe(0);
  });

  it('tells the time left once it has settled', () => {
    const meter = new ProgressMeter('verify', 0);
    for (let second = 1; second <= 20; second++) {
      meter.add(counts('Verifying', second * MB, 100 * MB), second * 1000);
      if (second === 1) expect(meter.read(1000)?.secondsLeft).toBeNull();
    }
    expect(meter.read(20_000)?.secondsLeft).toBe(80);
    expect(meter.read(20_000)?.secondsElapsed).toBe(20);
  });
});

describe('the throughput of a job', () => {
  it('is a point for each second', () => {
    const throughput = new Throughput(1000);
    throughput.add(3000, 2000);
    throughput.add(3000, 3000);
    throughput.add(5000, 5000);
    expect(throughput.points()).toEqual([3000, 0, 1000, 1000]);
  });

  it('tells a second that is not over by the time that it has lasted', () => {
    const throughput = new Throughput(0);
    throughput.add(1000, 1500);
    expect(throughput.points()).toEqual([667, 667]);
  });

  it('keeps to its number of points over hours, and loses no byte', () => {
    const throughput = new Throughput(0);
    const seconds = 5 * 3600;
    for (let second = 1; second <= seconds; second++) throughput.add(second * 1000, second * 1000);
    const points = throughput.points();
    expect(points.length).toBeGreaterThan(THROUGHPUT_POINTS / 2);
    expect(points.length).toBeLessThanOrEqual(THROUGHPUT_POINTS);
    for (const point of points) expect(point).toBe(1000);
  });

  it('counts from any beginning: clocks have fractions', () => {
    for (const start of [0.1, 1234.567, 98_765.4321, 1e9 / 3]) {
      const throughput = new Throughput(start);
      for (let tick = 1; tick <= 5000; tick++) throughput.add(tick * 100, start + tick * 100);
      expect(throughput.points().every((point) => point === 1000)).toBe(true);
    }
  });

  it('is not confused by a count or a clock that goes back', () => {
    const throughput = new Throughput(0);
    throughput.add(1000, 1000);
    throughput.add(500, 2000);
    throughput.add(900, 1500);
    expect(throughput.points()).toEqual([1000, 0]);
  });
});
