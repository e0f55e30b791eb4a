// `npm test` and `npm run fuzz`.
//   npm test                     types, lint, formatting, then every test
//   npm test -- FILE... OPTIONS  types, lint, formatting, then vitest with these arguments
//   npm run fuzz [-- FILE...]    the fuzz targets only, WIMSMITH_FUZZ_SECONDS each (60 unless set)
// Ends with the code of the first part that fails, and with vitest's own closing lines.
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const packages = path.join(root, 'node_modules');

/**
 * Runs one part; ends the whole run when it fails.
 * @param {string} script
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
function run(script, args, env = {}) {
  const options = { cwd: root, stdio: /** @type {const} */ ('inherit'), env: { ...process.env, ...env } };
  const { status } = spawnSync(process.execPath, [script, ...args], options);
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * Runs parts side by side, each of which has one processor busy; ends the whole run when one fails.
 * @param {readonly (readonly [script: string, args: readonly string[]])[]} parts
 */
async function runTogether(parts) {
  const codes = await Promise.all(
    parts.map(
      ([script, args]) =>
        new Promise((resolve) => {
          const options = { cwd: root, stdio: /** @type {const} */ ('inherit') };
          spawn(process.execPath, [script, ...args], options)
            .on('error', () => resolve(1))
            .on('close', (code) => resolve(code ?? 1));
        }),
    ),
  );
  const failed = codes.find((code) => code !== 0);
  if (failed !== undefined) process.exit(failed);
}

/**
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
function vitest(args, env) {
  run(path.join(packages, 'vitest/vitest.mjs'), ['run', '--config', 'test/vitest.config.mjs', ...args], env);
}

const args = process.argv.slice(2);
if (args[0] === 'fuzz') {
  const seconds = process.env.WIMSMITH_FUZZ_SECONDS ?? '60';
  vitest(args.length > 1 ? args.slice(1) : ['test/fuzz'], { WIMSMITH_FUZZ_SECONDS: seconds });
} else {
  await runTogether([
    [path.join(packages, 'eslint/bin/eslint.js'), ['.', '--max-warnings', '0']],
    [path.join(root, 'build/typecheck.mjs'), []],
  ]);
  run(path.join(packages, 'prettier/bin/prettier.cjs'), ['--check', '--log-level', 'warn', '--cache', '.']);
  vitest(args);
}
