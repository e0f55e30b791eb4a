import type { DriverArchitecture, OfflineWindows } from '../../../../src-shared/model/drivers';
import type { AnswerAddition } from '../../answer/mergeDriverPaths';
import type { BootRecord } from '../bootRegistration/bootRegistration';
import type { DevicePathRecord } from './devicePath';
import type { AnswerRecord, ScriptRecord, StagingManifest } from './manifest';
import { imagePath, isSafePath, stagingFolder } from './stagingPaths';
import type { StagedPackage } from './stagingModel';

/*
 * A manifest comes out of an image, which anybody may have made: every member is checked, and a path that does not lie
 * where this program puts things makes it unknown, so that an undo cannot be led to delete anything else.
 */

type Fields = Readonly<Record<string, unknown>>;

/** @returns undefined for what is none */
export function readManifestText(
  bytes: Uint8Array,
  windows: Pick<OfflineWindows, 'systemRoot'>,
): StagingManifest | undefined {
  try {
    return new Reader(windows).manifest(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (error) {
    // JSON.parse and TextDecoder, and the reader below.
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

const architectures: readonly DriverArchitecture[] = ['x86', 'amd64', 'arm64', 'arm', 'ia64'];
const passes: readonly AnswerAddition['pass'][] = ['windowsPE', 'offlineServicing', 'auditSystem'];

class Reader {
  private readonly top: string;
  private readonly root: string;

  constructor(windows: Pick<OfflineWindows, 'systemRoot'>) {
    this.top = stagingFolder(windows);
    this.root = imagePath(windows.systemRoot);
  }

  manifest(value: unknown): StagingManifest {
    const { format, packages, folders, devicePath, answers, scripts, boot } = fields(value);
    demand(format === 1);
    return {
      format: 1,
      packages: list(packages, (one) => this.package(one)),
      folders: list(folders, (one) => this.path(one)),
      ...(devicePath === undefined ? {} : { devicePath: devicePathRecord(devicePath) }),
      answers: list(answers, (one) => this.answer(one)),
      scripts: list(scripts, (one) => this.script(one)),
      boot: list(boot, (one) => this.boot(one)),
    };
  }

  private package(value: unknown): StagedPackage {
    const one = fields(value);
    const folder = text(one.folder);
    const prefix = `${this.top}/`;
    demand(folder.toLowerCase().startsWith(prefix.toLowerCase()));
    const name = folder.slice(prefix.length);
    demand(!name.includes('/') && isSafePath(name));
    return {
      name: text(one.name),
      infSha256: hash(one.infSha256),
      folder,
      provider: text(one.provider),
      className: text(one.className),
      classGuid: text(one.classGuid),
      date: text(one.date),
      version: text(one.version),
      architectures: list(one.architectures, (item) => choice(item, architectures)),
      bootCritical: one.bootCritical === true,
      files: list(one.files, (item) => {
        const file = fields(item);
        const path = text(file.path);
        demand(isSafePath(path));
        return { path, size: number(file.size), sha256: hash(file.sha256) };
      }),
    };
  }

  private answer(value: unknown): AnswerRecord {
    const one = fields(value);
    return {
      path: this.path(one.path, /\.xml$/i),
      created: one.created === true,
      sha256: hash(one.sha256),
      additions: list(one.additions, (item) => {
        const addition = fields(item);
        return {
          pass: choice(addition.pass, passes),
          path: text(addition.path),
          replaced: text(addition.replaced),
          text: text(addition.text),
          item: text(addition.item),
        };
      }),
    };
  }

  private script(value: unknown): ScriptRecord {
    const one = fields(value);
    return {
      path: this.path(one.path, /\/(?:SetupComplete|startnet)\.cmd$/i),
      created: one.created === true,
      sha256: hash(one.sha256),
      inserted: text(one.inserted),
    };
  }

  private boot(value: unknown): BootRecord {
    const one = fields(value);
    const file = one.file === undefined ? undefined : fields(one.file);
    return {
      infSha256: hash(one.infSha256),
      database: choice(one.database, ['DriverDatabase', 'CriticalDeviceDatabase'] as const),
      controlSet: pattern(one.controlSet, /^ControlSet\d{3}$/),
      service: pattern(one.service, /^[\w.-]{1,64}$/),
      imagePath: text(one.imagePath),
      label: pattern(one.label, /^(?:|wimsmith-[0-9a-f]{8}\.inf_[\w.-]{1,60})$/),
      devices: list(one.devices, (item) => pattern(item, /^[^\\]{1,200}$/)),
      ...(file === undefined
        ? {}
        : {
            file: {
              path: this.path(file.path, /\/system32\/drivers\/[^/]+\.sys$/i),
              sha256: hash(file.sha256),
            },
          }),
    };
  }

  /** A path of the image that is its root's, or lies in the Windows directory. */
  private path(value: unknown, kind?: RegExp): string {
    const path = text(value);
    demand(path.startsWith('/') && isSafePath(path.slice(1)));
    const inRoot = !path.slice(1).includes('/');
    demand(
      inRoot || path.toLowerCase().startsWith(`${this.root.toLowerCase()}/`) || kind?.test(path) === true,
    );
    demand(kind?.test(path) !== false);
    return path;
  }
}

function devicePathRecord(value: unknown): DevicePathRecord {
  const { entry, before, after } = fields(value);
  const old = before === undefined ? undefined : fields(before);
  return {
    entry: text(entry),
    ...(old === undefined ? {} : { before: { type: number(old.type), text: text(old.text) } }),
    after: text(after),
  };
}

function demand(holds: boolean): asserts holds {
  if (!holds) throw new TypeError('no manifest of staged drivers');
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fields(value: unknown): Fields {
  demand(isRecord(value));
  return value;
}

function list<T>(value: unknown, read: (item: unknown) => T): T[] {
  demand(Array.isArray(value));
  return value.map((item: unknown) => read(item));
}

function text(value: unknown): string {
  demand(typeof value === 'string' && value.length <= 65_536);
  return value;
}

function pattern(value: unknown, form: RegExp): string {
  const found = text(value);
  demand(form.test(found));
  return found;
}

function hash(value: unknown): string {
  return pattern(value, /^[0-9a-f]{64}$/);
}

function number(value: unknown): number {
  demand(typeof value === 'number' && Number.isSafeInteger(value) && value >= 0);
  return value;
}

function choice<T extends string>(value: unknown, choices: readonly T[]): T {
  const found = choices.find((one) => one === value);
  demand(found !== undefined);
  return found;
}
