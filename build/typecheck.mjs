// Type-checks every environment by its own tsconfig: `node build/typecheck.mjs`. Two at a time, output in order.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Folders whose tsconfig says what code there may see. */
const environments = ['src-shared', 'src-main/engine', 'src-main', 'src-renderer', 'test', 'build'];

const cache = path.join(root, 'node_modules/.cache/tsc');
const compiler = path.join(root, 'node_modules/typescript/bin/tsc');

/**
 * @param {string} environment
 * @returns {Promise<{ code: number, output: string }>}
 */
function check(environment) {
  const info = path.join(cache, `${environment.replaceAll('/', '-')}.tsbuildinfo`);
  const pretty = process.stdout.isTTY ? 'true' : 'false';
  const args = ['-p', environment, '--incremental', '--tsBuildInfoFile', info, '--pretty', pretty];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [compiler, ...args], { cwd: root });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

mkdirSync(cache, { recursive: true });
const present = environments.filter((name) => existsSync(path.join(root, name, 'tsconfig.json')));
const queue = present.values();
/** @type {Map<string, { code: number, output: string }>} */
const results = new Map();

async function worker() {
  for (const name of queue) results.set(name, await check(name));
}

await Promise.all([worker(), worker()]);
for (const name of present) {
  const { code, output } = results.get(name) ?? { code: 1, output: 'was not checked\n' };
  if (code !== 0) process.stdout.write(`typecheck ${name}\n${output}`);
  process.exitCode ||= code;
}
if (!process.exitCode) process.stdout.write(`typecheck: ${present.join(', ')}: no errors\n`);
