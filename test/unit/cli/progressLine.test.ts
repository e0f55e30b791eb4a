import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProgressLine, ProgressLines } from '../../../src-main/cli/progressLine';
import { cutMiddle, displayWidth } from '../../../src-main/cli/text/display';
import type { Progress } from '../../../src-shared/model/progress';

class Terminal {
  time = 0;
  width = 80;
  readonly written: string[] = [];
  write(text: string): void {
    this.written.push(text);
  }
  columns(): number {
    return this.width;
  }
  now(): number {
    return this.time;
  }
  last(): string {
    return this.written.at(-1)?.replace(/^\r/, '').trimEnd() ?? '';
  }
}

const archiving: Progress = {
  phase: 'Archiving',
  filesDone: 0,
  filesTotal: 3000,
  bytesDone: 0,
  bytesTotal: 2e9,
};

describe('the progress line', () => {
  it('shows phase, bytes, speed, time left and files, and the path where there is room', () => {
    const terminal = new Terminal();
    const line = new ProgressLine(terminal);
    line.update(archiving);
    for (let second = 1; second <= 4; second++) {
      terminal.time = second * 1000;
      line.update({ ...archiving, filesDone: second * 300, bytesDone: second * 2e8 });
    }
    expect(terminal.last()).toBe(
      'Archiving  40 %  800 MB of 2.0 GB  200 MB/s  0:06 left  1,200 of 3,000 files',
    );
    terminal.width = 120;
    terminal.time += 1000;
    line.update({
      ...archiving,
      filesDone: 1500,
      bytesDone: 1e9,
      currentPath: '/Windows/System32/drivers/etc/a-long-name-here/hosts',
    });
    expect(terminal.last()).toBe(
      'Archiving  50 %  1.0 GB of 2.0 GB  200 MB/s  0:05 left  1,500 of 3,000 files  /Windows/System32/dr…long-name-here/hosts',
    );
    expect(terminal.last()).toHaveLength(119);
  });

  it('is rewritten at most ten times a second, never wider than the terminal, and covers what was there', () => {
    const anyProgress = fc.record({
      wait: fc.integer({ min: 0, max: 300 }),
      width: fc.integer({ min: 1, max: 120 }),
      phase: fc.constantFrom('Scanning', 'Archiving', 'Writing metadata'),
      filesDone: fc.nat(1e6),
      filesTotal: fc.nat(1e6),
      bytesDone: fc.nat(1e12),
      bytesTotal: fc.nat(1e12),
      currentPath: fc.string({ unit: 'binary', maxLength: 200 }),
    });
    fc.assert(
      fc.property(fc.array(anyProgress), (reports) => {
        const terminal = new Terminal();
        const line = new ProgressLine(terminal);
        const times: number[] = [];
        for (const { wait, width, ...progress } of reports) {
          terminal.time += wait;
          terminal.width = width;
          const before = terminal.written.length;
          line.update(progress);
          if (terminal.written.length === before) continue;
          times.push(terminal.time);
          const text = terminal.last();
          expect(displayWidth(text)).toBeLessThanOrEqual(Math.max(1, width - 1));
          expect(text).not.toMatch(/\p{Cc}/u);
        }
        times.forEach((time, i) => {
          if (i > 0) expect(time - times[i - 1]).toBeGreaterThanOrEqual(100);
        });
      }),
    );
  });

  it('never goes back within a phase, and begins anew with the next one', () => {
    const terminal = new Terminal();
    const line = new ProgressLine(terminal);
    line.update({ ...archiving, bytesDone: 1e9, filesDone: 2000 });
    terminal.time = 200;
    line.update({ ...archiving, bytesDone: 5e8, filesDone: 1000 });
    expect(terminal.last()).toBe('Archiving  50 %  1.0 GB of 2.0 GB  2,000 of 3,000 files');
    terminal.time = 400;
    line.update({ phase: 'Verifying', filesDone: 0, filesTotal: 0, bytesDone: 12, bytesTotal: 100 });
    expect(terminal.last()).toBe('Verifying  12 %  12 bytes of 100 bytes');
  });

  it('clears what it wrote', () => {
    const terminal = new Terminal();
    const line = new ProgressLine(terminal);
    line.clear();
    expect(terminal.written).toEqual([]);
    line.update({ phase: 'Scanning', filesDone: 5, filesTotal: 0, bytesDone: 0, bytesTotal: 0 });
    line.clear();
    expect(terminal.written).toEqual(['\rScanning  5 files', `\r${' '.repeat(17)}\r`]);
  });

  it('cuts wide characters by their width', () => {
    expect(displayWidth('日本語a')).toBe(7);
    expect(cutMiddle('日本語日本語', 8)).toBe('日本…語');
    expect(cutMiddle('abcdefgh', 5)).toBe('ab…gh');
  });

  it('writes JSON lines at most ten times a second', () => {
    let time = 0;
    const written: string[] = [];
    const lines = new ProgressLines(
      (text) => void written.push(text),
      () => time,
    );
    for (; time < 1000; time += 10) lines.update({ ...archiving, bytesDone: time });
    lines.update({ ...archiving, phase: 'Writing metadata' });
    expect(written).toHaveLength(11);
    expect(JSON.parse(written[1])).toEqual({ progress: { ...archiving, bytesDone: 100 } });
  });
});
