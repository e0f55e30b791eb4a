import path from 'node:path';
import type { Dism } from '../../engine/drivers/dism';
import { rawFs } from '../rawFs';
import { createDism } from './dismTool';
import { runProgram } from './runProgram';

/**
 * DISM of this system, which Windows has in System32 since version 7. Undefined elsewhere. Whether this user may run it
 * is another question: {@link Dism.readiness}.
 */
export function findDism(
  platform: string = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): Dism | undefined {
  if (platform !== 'win32') return undefined;
  const root = environment['SystemRoot'] ?? environment['windir'];
  if (root === undefined) return undefined;
  const program = path.win32.join(root, 'System32', 'Dism.exe');
  return rawFs.existsSync(program) ? createDism(program, runProgram) : undefined;
}
