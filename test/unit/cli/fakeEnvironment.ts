import type { CliEnvironment } from '../../../src-main/cli/environment';
import { runCli } from '../../../src-main/cli/main';
import type { VerbContext, Verbs } from '../../../src-main/cli/verbs';
import { AppError } from '../../../src-shared/errors/appError';
import type {
  ApplyReport,
  CaptureReport,
  VerifyReport,
  WriteReport,
} from '../../../src-shared/model/reports';
import type { DriversScanReport } from '../../../src-shared/model/drivers';
import type { DiskReport, DiskSummary } from '../../../src-shared/model/disks';
import type { ImageSummary, WimSummary } from '../../../src-shared/model/summaries';

export const capturedReport: CaptureReport = {
  wim: 'a.wim',
  image: 1,
  size: 593,
  bytesStored: 23,
  bytesCopied: 0,
  warnings: [],
  directories: 3,
  files: 4,
  streams: 3,
  bytes: 26,
  bytesSavedBySingleInstancing: 3,
  bytesSavedByCompression: 0,
  streamsReused: 0,
  excluded: [],
  notKept: [],
  changed: [],
};

export const appliedReport: ApplyReport = {
  target: 'out',
  image: 1,
  directories: 1,
  files: 2,
  links: 0,
  bytes: 5,
  notKept: [],
  damaged: [],
  warnings: [],
};

export const writeReport: WriteReport = {
  wim: 'a.wim',
  image: 1,
  size: 1000,
  bytesStored: 0,
  bytesCopied: 700,
  warnings: [],
};

export const soundReport: VerifyReport = {
  wim: 'a.wim',
  images: 1,
  blobs: 3,
  bytes: 1200,
  integrity: 'ok',
  faults: [],
  perImage: [],
  warnings: [],
};

export const diskSummary: DiskSummary = {
  path: '/absolute/pc.vhdx',
  format: 'vhdx',
  kind: 'dynamic',
  size: 64 * 2 ** 30,
  allocated: 36 * 2 ** 20,
  sectorSize: 512,
  physicalSectorSize: 4096,
  table: 'gpt',
  diskId: '01234567-89ab-cdef-0123-456789abcdef',
  partitions: [],
  warnings: [],
};

export const diskReport: DiskReport = {
  disk: '/absolute/pc.vhdx',
  summary: diskSummary,
  faults: [],
  warnings: [],
};

export function imageSummary(index: number, name: string): ImageSummary {
  return {
    index,
    name,
    description: '',
    displayName: '',
    displayDescription: '',
    directoryCount: 1,
    fileCount: 0,
    totalBytes: 0,
    hardLinkBytes: 0,
    creationTime: null,
    lastModificationTime: null,
    flags: '',
    wimboot: false,
    bootable: false,
    windows: null,
  };
}

export function wimSummary(...names: string[]): WimSummary {
  return {
    path: '/absolute/a.wim',
    guid: '00'.repeat(16),
    version: 0x10d00,
    imageCount: names.length,
    compression: 'lzx',
    chunkSize: 32768,
    partNumber: 1,
    totalParts: 1,
    bootIndex: 0,
    size: 100,
    fileSize: 120,
    attributes: {
      pipable: false,
      integrity: false,
      relativeJunction: true,
      resourceOnly: false,
      metadataOnly: false,
      readOnly: false,
      spanned: false,
      writeInProgress: false,
      solid: false,
    },
    images: names.map((name, i) => imageSummary(i + 1, name)),
    leftoverBytes: 0,
    warnings: [],
  };
}

const noPackages: DriversScanReport = { packages: [], remarks: [], infs: 0, bytes: 0 };

/** A world of strings: what went in, what came out. */
export class FakeWorld {
  readonly calls: { readonly verb: string; readonly request: unknown }[] = [];
  readonly written = new Map<string, string>();
  readonly files = new Map<string, string>();
  input = '';
  /** Lines that a person types when asked. */
  lines: string[] = [];
  /** Called instead of taking the next line. */
  onQuestion: (() => Promise<string>) | undefined;
  out = '';
  error = '';
  exited: number | undefined;
  terminal = false;
  /** A person is at standard input and has not ended it. */
  typing = false;
  platform = 'linux';
  /** Called instead of writing to standard output. */
  onOutput: ((data: string | Uint8Array) => void) | undefined;
  interrupt: () => void = () => undefined;
  private time = 0;

  constructor(private readonly verbs: Partial<Verbs> = {}) {}

  /** Runs a command line; words are separated by single spaces. */
  run(line: string | readonly string[]): Promise<number> {
    return runCli(typeof line === 'string' ? line.split(' ') : line, this.environment());
  }

  /** The document of --json. */
  json(): unknown {
    return JSON.parse(this.out);
  }

  private environment(): CliEnvironment {
    return {
      verbs: () => Promise.resolve(this.recorded()),
      stdout: {
        isTTY: this.terminal,
        columns: 80,
        write: (data) => {
          this.onOutput?.(data);
          this.out += typeof data === 'string' ? data : Buffer.from(data).toString('latin1');
          return Promise.resolve();
        },
      },
      stderr: {
        isTTY: this.terminal,
        columns: 80,
        write: (data) => {
          this.error += String(data);
          return Promise.resolve();
        },
      },
      stdin: {
        isTTY: this.typing,
        readLine: () => this.onQuestion?.() ?? Promise.resolve(this.lines.shift()),
        readAll: () =>
          this.typing ? new Promise(() => undefined) : Promise.resolve(Buffer.from(this.input)),
        chunks: oneChunk(Buffer.from(this.input)),
      },
      files: {
        read: (path) => {
          const text = this.files.get(path);
          return text === undefined
            ? Promise.reject(new AppError('io/not-found', `cannot read ${path}: it does not exist`))
            : Promise.resolve(Buffer.from(text));
        },
        write: (path, bytes) => {
          this.written.set(path, Buffer.from(bytes).toString('utf16le'));
          return Promise.resolve();
        },
        append: (path, text) => {
          this.written.set(path, (this.written.get(path) ?? '') + text);
          return Promise.resolve();
        },
      },
      platform: this.platform,
      version: '1.2.3',
      now: () => (this.time += 1000),
      time: () => '2026-11-20T14:00:00.000Z',
      onInterrupt: (listener) => {
        this.interrupt = listener;
        return () => (this.interrupt = () => undefined);
      },
      exitNow: (code) => (this.exited = code),
      lowerPriority: () => undefined,
      breathe: () => Promise.resolve(),
    };
  }

  private recorded(): Verbs {
    const standard: Verbs = {
      capture: () => Promise.resolve(capturedReport),
      append: () => Promise.resolve(capturedReport),
      apply: () => Promise.resolve(appliedReport),
      delete: () => Promise.resolve(writeReport),
      export: () => Promise.resolve(writeReport),
      extract: () => Promise.resolve(appliedReport),
      join: () => Promise.resolve(writeReport),
      optimize: () => Promise.resolve(writeReport),
      update: () => Promise.resolve({ ...writeReport, excluded: [], notKept: [], changed: [] }),
      split: () => Promise.resolve({ parts: [{ path: 'a.swm', size: 100 }], warnings: [] }),
      verify: () => Promise.resolve(soundReport),
      info: () => Promise.resolve(wimSummary('one', 'two')),
      xml: () => Promise.resolve(Buffer.from('\ufeff<WIM/>', 'utf16le')),
      header: () => Promise.reject(new Error('no header here')),
      blobs: () => Promise.resolve([]),
      dir: () => Promise.resolve([]),
      dirPaths: () => Promise.resolve(['/', '/a', '/a/b']),
      diskList: () => Promise.resolve([]),
      diskInfo: () => Promise.resolve(diskSummary),
      diskCreate: () => Promise.resolve(diskReport),
      diskPrepare: () => Promise.resolve(diskReport),
      diskConvert: () => Promise.resolve(diskReport),
      diskWipe: () => Promise.resolve(diskReport),
      diskRepair: () => Promise.resolve(diskReport),
      driversScan: () => Promise.resolve(noPackages),
      driversCheck: () => Promise.resolve(noPackages),
      driversMatch: () => Promise.reject(new Error('nothing is matched here')),
      driversAdd: () => Promise.reject(new Error('nothing is added here')),
      driversList: () => Promise.reject(new Error('nothing is listed here')),
      driversExport: () => Promise.reject(new Error('nothing is exported here')),
      driversRemove: () => Promise.reject(new Error('nothing is removed here')),
      driversDevices: () => Promise.resolve({ label: 'this PC', devices: [], warnings: [] }),
      collectScript: () => '@echo off\r\n',
      ...this.verbs,
    };
    const works = Object.entries(standard) as [string, Work][];
    return Object.fromEntries(
      works.map(([verb, work]) => [
        verb,
        (request: unknown, context: VerbContext) => {
          this.calls.push({ verb, request });
          return work(request, context);
        },
      ]),
    ) as unknown as Verbs;
  }
}

type Work = (request: unknown, context: VerbContext) => Promise<unknown>;

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}
