import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createDiagnosticsService,
  type DiagnosticsLog,
} from '../../../../src-main/app/diagnostics/diagnosticsService';
import { scrubber } from '../../../../src-main/app/diagnostics/scrub';
import { createPathRules } from '../../../../src-main/app/files/pathRules';
import { defaultSettings } from '../../../../src-shared/contract/app';
import type { JobRecord } from '../../../../src-shared/contract/jobs';
import { AppError } from '../../../../src-shared/errors/appError';
import { describeWithTools, temporaryDirectory } from '../../../support/tools';

const job: JobRecord = {
  id: 'job-1',
  work: { verb: 'verify', request: { wim: path.join(os.homedir(), 'lab.wim') } },
  state: 'done',
  queuedAt: '2026-01-01T00:00:00Z',
  startedAt: null,
  endedAt: null,
  progress: null,
  result: null,
  error: null,
  aftermath: null,
  throughput: [],
};

function serviceIn(directory: string, logs: () => Promise<DiagnosticsLog[]>) {
  return createDiagnosticsService({
    version: '1.2.3',
    shell: 'headless',
    dataDirectory: directory,
    rules: createPathRules(process.platform === 'win32', directory),
    home: os.homedir(),
    settings: () => ({ ...defaultSettings, imageFolder: path.join(os.homedir(), 'Images') }),
    jobs: () => Promise.resolve([job]),
    logs,
  }).handlers;
}

describeWithTools(['7z'], 'a diagnostics bundle', () => {
  it('is a zip that 7-Zip takes, with versions, settings, jobs and logs, and without names and tokens', async () => {
    const directory = temporaryDirectory();
    const long = 'a line of a log that is long enough to need many pieces\n'.repeat(40_000);
    const handlers = serviceIn(directory, () =>
      Promise.resolve([
        { name: 'program.log', text: `http://127.0.0.1:1/?token=s3cr3t#x\n${os.homedir()}/a\n` },
        { name: '../../jobs/1.log', text: long },
        { name: 'jobs/1.log', text: 'ä' },
        { name: 'empty.log', text: '' },
      ]),
    );
    const saved = await handlers.saveDiagnostics({ path: 'bundle.zip', overwrite: false });
    const zip = path.join(directory, 'bundle.zip');
    expect(saved).toEqual({ path: zip, size: readFileSync(zip).length });
    const out = path.join(directory, 'out');
    expect(execFileSync('7z', ['t', zip], { encoding: 'utf8' })).toContain('Everything is Ok');
    execFileSync('7z', ['x', `-o${out}`, zip]);
    const read = (name: string): string => readFileSync(path.join(out, name), 'utf8');
    expect(readdirSync(out).sort()).toEqual([
      'README.txt',
      'jobs.json',
      'logs',
      'settings.json',
      'system.json',
    ]);
    expect(JSON.parse(read('system.json'))).toMatchObject({
      program: { version: '1.2.3', shell: 'headless' },
      runtime: { node: process.versions.node },
    });
    const someone = path.join(path.dirname(os.homedir()), '<user>');
    expect(JSON.parse(read('settings.json'))).toMatchObject({ imageFolder: path.join(someone, 'Images') });
    expect(JSON.parse(read('jobs.json'))).toMatchObject([
      { id: 'job-1', work: { request: { wim: path.join(someone, 'lab.wim') } } },
    ]);
    expect(read('logs/program.log')).toBe(`http://127.0.0.1:1/?token=<removed>#x\n${someone}/a\n`);
    expect(read('logs/jobs/1.log')).toBe(long);
    expect(read('logs/jobs/1.log-2')).toBe('ä');
    expect(read('logs/empty.log')).toBe('');
  });

  it('is made although the history cannot be read, and says so', async () => {
    const directory = temporaryDirectory();
    const handlers = serviceIn(directory, () =>
      Promise.reject(new AppError('host/lost', 'the store has ended')),
    );
    await handlers.saveDiagnostics({ path: 'bundle.zip', overwrite: false });
    const text = execFileSync('7z', ['x', '-so', path.join(directory, 'bundle.zip'), 'logs/missing.txt']);
    expect(text.toString()).toBe('the store has ended');
  });

  it('replaces a file only when that is wanted', async () => {
    const directory = temporaryDirectory();
    const handlers = serviceIn(directory, () => Promise.resolve([]));
    const file = path.join(directory, 'mine.zip');
    writeFileSync(file, 'mine');
    await expect(handlers.saveDiagnostics({ path: file, overwrite: false })).rejects.toMatchObject({
      code: 'io/exists',
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    await handlers.saveDiagnostics({ path: file, overwrite: true });
    expect(execFileSync('7z', ['t', file], { encoding: 'utf8' })).toContain('Everything is Ok');
    expect(readdirSync(directory)).toEqual(['mine.zip']);
  });
});

describe("a person's name", () => {
  const scrub = scrubber(['Lena Köhler', 'lena']);

  it.each([
    ['/home/lena/wims', '/home/<user>/wims'],
    ['/home/lena', '/home/<user>'],
    ['C:\\Users\\Lena\\x', 'C:\\Users\\<user>\\x'],
    ['"C:\\\\Users\\\\Lena Köhler\\\\x"', '"C:\\\\Users\\\\<user>\\\\x"'],
    ['cannot open /home/lena: it is gone', 'cannot open /home/<user>: it is gone'],
    ['/srv/lenas/milena/lena.wim', '/srv/lenas/milena/lena.wim'],
    ['lena', 'lena'],
  ])('in %s', (text, scrubbed) => expect(scrub(text)).toBe(scrubbed));

  it('is the only thing that changes in words without doors', () => {
    expect(scrub('"token": "abc", Authorization: Bearer xyz; tokens are fine')).toBe(
      '"token": "<removed>", Authorization: <removed>; tokens are fine',
    );
  });
});
