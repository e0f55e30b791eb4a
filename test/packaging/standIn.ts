import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** As much of resedit, which electron-builder edits Windows programs with, as is needed to make one. */
interface ResEdit {
  readonly NtExecutable: {
    createEmpty(is32Bit: boolean, isDll: boolean): Executable;
    from(bin: Buffer): Executable;
  };
  readonly NtExecutableResource: { from(executable: Executable): Resources };
  readonly Resource: {
    readonly VersionInfo: {
      createEmpty(): VersionInfo;
      fromEntries(entries: readonly ResourceEntry[]): VersionInfo[];
    };
  };
}
interface Executable {
  generate(): ArrayBuffer;
  setExtraData(bin: ArrayBuffer): void;
}
interface ResourceEntry {
  readonly type: string | number;
  readonly id: string | number;
  readonly bin: ArrayBuffer;
}
interface Resources {
  readonly entries: ResourceEntry[];
  outputResource(executable: Executable): void;
}
interface VersionInfo {
  setStringValues(language: { lang: number; codepage: number }, values: Record<string, string>): void;
  getStringValues(language: { lang: number; codepage: number }): Record<string, string>;
  outputToResourceEntries(entries: ResourceEntry[]): void;
}

const resedit = createRequire(__filename)('resedit') as ResEdit;
const english = { lang: 0x0409, codepage: 1200 };

/** What @electron/fuses looks for in a binary; version, length and one byte for each fuse follow. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** Fuses in the order of the wire, version 1. */
export const fuseNames = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const;

/** The wire as Electron ships it: what the packaging must change is set the other way round. */
const shipped = '10110011';

function fuseWire(): Buffer {
  return Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, fuseNames.length]), Buffer.from(shipped)]);
}

/** Whether each fuse is on in a binary. */
export function readFuses(binary: Buffer): Record<string, boolean> {
  const at = binary.indexOf(SENTINEL);
  if (at < 0 || at !== binary.lastIndexOf(SENTINEL))
    throw new Error('the binary has not exactly one fuse wire');
  const wire = binary.subarray(at + SENTINEL.length + 2);
  return Object.fromEntries(
    fuseNames.map((name, index) => [name, { 0x30: false, 0x31: true }[wire[index]] as boolean]),
  );
}

/** A folder that looks like an unpacked Electron to the packager: the program does nothing, its fuses are real. */
export function makeStandInRuntime(directory: string, platform: 'linux' | 'win32'): void {
  mkdirSync(path.join(directory, 'resources'), { recursive: true });
  mkdirSync(path.join(directory, 'locales'));
  for (const locale of ['en-US', 'de', 'fr'])
    writeFileSync(path.join(directory, `locales/${locale}.pak`), '');
  writeFileSync(path.join(directory, 'version'), '0.0.0');
  writeFileSync(path.join(directory, 'LICENSE'), 'runtime');
  writeFileSync(path.join(directory, 'LICENSES.chromium.html'), 'parts of the runtime');
  if (platform === 'linux') {
    writeFileSync(
      path.join(directory, 'electron'),
      Buffer.concat([Buffer.from('#!/bin/true\n'), fuseWire()]),
    );
    writeFileSync(path.join(directory, 'chrome-sandbox'), '');
    chmodSync(path.join(directory, 'electron'), 0o755);
  } else {
    writeFileSync(path.join(directory, 'electron.exe'), windowsProgram());
  }
}

/** A Windows program with a version resource and, behind its sections, the fuse wire. */
function windowsProgram(): Buffer {
  const executable = resedit.NtExecutable.createEmpty(false, false);
  const resources = resedit.NtExecutableResource.from(executable);
  const version = resedit.Resource.VersionInfo.createEmpty();
  version.setStringValues(english, { ProductName: 'Electron', FileDescription: 'Electron' });
  version.outputToResourceEntries(resources.entries);
  resources.outputResource(executable);
  executable.setExtraData(new Uint8Array(fuseWire()).buffer);
  return Buffer.from(executable.generate());
}

/** What the system reads from a Windows program: its version strings, its icon, the archive's hash. */
export function readWindowsResources(binary: Buffer): {
  readonly strings: Record<string, string>;
  readonly icons: number;
  readonly integrity: unknown;
} {
  const { entries } = resedit.NtExecutableResource.from(resedit.NtExecutable.from(binary));
  const [version] = resedit.Resource.VersionInfo.fromEntries(entries);
  const integrity = entries.find(({ type, id }) => type === 'INTEGRITY' && id === 'ELECTRONASAR');
  const RT_ICON = 3;
  return {
    strings: version.getStringValues(english),
    icons: entries.filter(({ type }) => type === RT_ICON).length,
    integrity: integrity === undefined ? undefined : JSON.parse(Buffer.from(integrity.bin).toString()),
  };
}
