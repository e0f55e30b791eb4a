import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { AppError } from '../../../../../src-shared/errors/appError';
import type { DeviceList } from '../../../../../src-shared/model/drivers';
import type { PnpDevices } from '../../../../engine/devices/pnpDevices';

/** Runs a program of Windows. @returns what it printed; undefined where it failed, or is not there */
export type RunProgram = (program: string, args: readonly string[]) => Uint8Array | undefined;

/** The reader of saved lists: what the programs print is one. */
export type ReadList = (bytes: Uint8Array, name: string) => DeviceList;

const query = [
  '[Console]::OutputEncoding=[Text.Encoding]::UTF8;',
  'Get-CimInstance Win32_PnPEntity|Select-Object PNPDeviceID,Name,PNPClass,ConfigManagerErrorCode,',
  'HardwareID,CompatibleID|ConvertTo-Json -Depth 3 -Compress',
].join('');

/**
 * This PC's devices on Windows: as Win32_PnPEntity has them, which is there in all versions and in one language; where
 * PowerShell is not (Windows PE), as pnputil prints them, the older forms of which know fewer options.
 */
export function createWindowsPnp(read: ReadList, run: RunProgram = runOfSystem): PnpDevices {
  const attempts: readonly (readonly [string, readonly string[]])[] = [
    ['WindowsPowerShell\\v1.0\\powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', query]],
    ['pnputil.exe', ['/enum-devices', '/connected', '/deviceids']],
    ['pnputil.exe', ['/enum-devices', '/connected']],
  ];
  return {
    list() {
      for (const [program, args] of attempts) {
        const output = run(program, args);
        if (output !== undefined && output.length > 0) return read(output, 'this PC');
      }
      throw new AppError('io/failed', 'neither PowerShell nor pnputil lists the devices of this PC');
    },
  };
}

const mostOutput = 64 << 20;
const longestRun = 60_000;

/** By its full path in System32, so that none is run that lies in the current folder. */
function runOfSystem(program: string, args: readonly string[]): Uint8Array | undefined {
  const folder = path.win32.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32');
  const result = spawnSync(path.win32.join(folder, program), args, {
    maxBuffer: mostOutput,
    timeout: longestRun,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return result.status === 0 ? result.stdout : undefined;
}
