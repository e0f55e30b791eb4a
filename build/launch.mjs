// `npm start [-- ARGUMENTS]`: hands the arguments to the command line; without any, shows its help.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const program = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'dist/wimsmith.cjs');
const args = process.argv.slice(2);

if (!existsSync(program)) {
  process.stderr.write('dist/wimsmith.cjs is missing; make it with: npm run build\n');
  process.exit(1);
}
if (args.length === 0) {
  process.stdout.write('The workbench window comes with the next release; this is the command line.\n\n');
  args.push('--help');
}
const { status, signal } = spawnSync(process.execPath, [program, ...args], { stdio: 'inherit' });
if (signal) process.kill(process.pid, signal);
process.exitCode = status ?? 1;
