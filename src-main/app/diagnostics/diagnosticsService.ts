import os from 'node:os';
import { AppError } from '../../../src-shared/errors/appError';
import type { app, Settings } from '../../../src-shared/contract/app';
import type { JobRecord } from '../../../src-shared/contract/jobs';
import type { Handlers } from '../../../src-shared/rpc/server';
import { writeAtomically } from '../../platform/smallFiles';
import { volumeSpace } from '../../platform/pathFacts';
import { personNames } from '../../platform/personFolders';
import type { PathRules } from '../files/pathRules';
import { scrubber } from './scrub';
import { zipStream, type ZipEntry } from './zipStream';

/** A log as it goes into the bundle. */
export interface DiagnosticsLog {
  /** A file name: "jobs/12.log", "program.log". */
  readonly name: string;
  readonly text: string;
}

export interface DiagnosticsOptions {
  readonly version: string;
  readonly shell: 'electron' | 'headless';
  readonly dataDirectory: string;
  readonly rules: PathRules;
  readonly home: string;
  readonly settings: () => Settings;
  /** The last jobs, newest first, and what the program and they logged. */
  readonly jobs: () => Promise<readonly JobRecord[]>;
  readonly logs: () => Promise<readonly DiagnosticsLog[]>;
}

const README = `Wimsmith diagnostics

system.json    versions of the program and its runtime, the system, memory
settings.json  the settings
jobs.json      the last jobs: what was asked for, how they ended
logs/          what the program and the jobs logged

Nothing that images hold is in here. Paths are; in them <user> stands for the name of the person.
`;

/** The handler of app.saveDiagnostics: a zip that a person can look through and send. */
export function createDiagnosticsService(options: DiagnosticsOptions): {
  readonly handlers: Pick<Handlers<typeof app.members>, 'saveDiagnostics'>;
} {
  return {
    handlers: {
      async saveDiagnostics({ path: typed, overwrite }) {
        const file = options.rules.absolute(typed);
        const content = zipStream(await entriesOf(options), new Date());
        return { path: file, size: await writeAtomically(file, content, { overwrite }) };
      },
    },
  };
}

async function entriesOf(options: DiagnosticsOptions): Promise<ZipEntry[]> {
  const { settings, jobs, logs, home } = options;
  const scrub = scrubber(personNames(home));
  const json = (value: unknown): string => scrub(JSON.stringify(value, null, 2));
  const facts = await systemFacts(options);
  const records = await orProblem<readonly unknown[]>(jobs, (problem) => [{ problem }]);
  const texts = await orProblem(logs, (problem) => [{ name: 'missing.txt', text: problem }]);
  const names = new Set<string>();
  return [
    { name: 'README.txt', pieces: () => [README] },
    { name: 'system.json', pieces: () => [json(facts)] },
    { name: 'settings.json', pieces: () => [json(settings())] },
    { name: 'jobs.json', pieces: () => jsonList(records, json) },
    ...texts.map(({ name, text }): ZipEntry => {
      return {
        name: `logs/${uniqueName(safeName(name), names)}`,
        pieces: () => mapped(linesOf(text), scrub),
      };
    }),
  ];
}

/** A JSON array, one element at a time: a record may be long. */
function* jsonList(values: readonly unknown[], json: (value: unknown) => string): Generator<string> {
  yield '[';
  for (const [i, value] of values.entries()) yield `${i === 0 ? '' : ','}\n${json(value)}`;
  yield '\n]\n';
}

function* mapped(pieces: Iterable<string>, map: (piece: string) => string): Generator<string> {
  for (const piece of pieces) yield map(piece);
}

/** Characters of a piece, about. */
const PIECE = 1 << 15;

/** Cuts a text after line ends: what a line holds is never torn. */
function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at + PIECE) + 1 || text.length;
    yield text.slice(at, end);
    at = end;
  }
}

/** A bundle is asked for when something is broken: what cannot be told says why. */
async function orProblem<T>(ask: () => Promise<T>, instead: (problem: string) => T): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return instead(error.message);
  }
}

/** No name of an archive leads out of the folder that it is unpacked to. */
function safeName(name: string): string {
  const parts = name.split(/[\\/]+/).filter((part) => part !== '' && part !== '.' && part !== '..');
  return parts.map((part) => part.replace(/[^\w .()-]/g, '_')).join('/') || 'log';
}

function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let number = 2; taken.has(unique); number++) unique = `${name}-${number}`;
  taken.add(unique);
  return unique;
}

async function systemFacts({ version, shell, dataDirectory }: DiagnosticsOptions): Promise<object> {
  const processors = os.cpus();
  return {
    madeAt: new Date().toISOString(),
    program: { version, shell, dataDirectory, uptimeSeconds: Math.round(process.uptime()) },
    runtime: {
      node: process.versions.node,
      electron: process.versions['electron'] ?? null,
      chrome: process.versions['chrome'] ?? null,
      v8: process.versions.v8,
      memory: process.memoryUsage(),
    },
    system: {
      platform: process.platform,
      architecture: process.arch,
      release: os.release(),
      version: os.version(),
      processors: { count: processors.length, model: processors.at(0)?.model ?? '' },
      memory: { total: os.totalmem(), free: os.freemem() },
      dataVolume: await volumeSpace(dataDirectory),
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      locale: Intl.DateTimeFormat().resolvedOptions().locale,
    },
  };
}
