// Makes a fresh clone ready: `node build/setup.mjs install|start|test`. Runs before the npm scripts, so it uses only
// Node's own modules and works without node_modules.
//   install  checks Node, installs the npm packages when they are missing or are not those of package-lock.json
//   start    the same, then builds what is missing or stale in dist/
//   test     the same, and the Debian packages that the tests use
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingDebianPackages } from './debianPackages.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const minutes = 60_000;

/** An expected failure: its message is all that the person needs. */
class SetupError extends Error {}

/** @param {string} line */
function say(line) {
  process.stdout.write(`setup: ${line}\n`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(
    `Node.js 20.19 or later is needed; this is ${process.versions.node} (${process.execPath}). ` +
      'Install a current release and run the command again.',
  );
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean }} LockedPackage
 * @param {string} file
 * @returns {Map<string, LockedPackage> | undefined} what the lockfile lists; undefined when there is none that parses
 */
function readLock(file) {
  if (!existsSync(file)) return undefined;
  try {
    const { packages } = JSON.parse(readFileSync(file, 'utf8'));
    return new Map(Object.entries(packages ?? {}).filter(([place]) => place !== ''));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Compares what is installed with what the lockfile wants. By content, since a checkout gives every file a new time.
 * @returns {string | undefined} why npm has to install, or undefined
 */
function reasonToInstall() {
  const wanted = readLock(path.join(root, 'package-lock.json'));
  if (!wanted)
    throw new SetupError('package-lock.json is missing or damaged; restore it from the repository.');
  const installed = readLock(path.join(root, 'node_modules/.package-lock.json'));
  if (!installed) return 'node_modules is missing';
  for (const [place, { version, optional }] of wanted) {
    const present = installed.get(place);
    if (!present && optional) continue;
    if (present?.version !== version || !existsSync(path.join(root, place, 'package.json'))) {
      return `${place} is not the one of package-lock.json`;
    }
  }
  return undefined;
}

function installPackages() {
  const reason = reasonToInstall();
  if (!reason) return;
  say(`${reason}: npm ci`);
  const npm = process.env.npm_execpath ?? '';
  const args = ['ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  const options = { cwd: root, stdio: /** @type {const} */ ('inherit'), timeout: 10 * minutes };
  const result = /npm-cli\.c?js$/.test(npm)
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (result.error && 'code' in result.error && result.error.code === 'ENOENT') {
    throw new SetupError('npm was not found; install it (it comes with Node.js) and run the command again.');
  }
  if (result.status !== 0) {
    throw new SetupError(
      'npm ci failed; it needs the network once. Check the connection and run the command again.',
    );
  }
}

async function build() {
  const { buildAll } = await import('./bundle.mjs');
  for (const built of await buildAll()) say(`built ${built}`);
}

/** A missing tool only skips tests, so nothing here ends the run. */
function installDebianPackages() {
  if (process.platform !== 'linux' || spawnSync('apt-get', ['--version']).status !== 0) return;
  const missing = missingDebianPackages();
  if (missing.length === 0) return;
  const line = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    say(`tests that need ${missing.join(', ')} will be skipped; to run them too, as root: ${line}`);
    return;
  }
  say(line);
  /** @param {string[]} args */
  const apt = (args) =>
    spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=60', '-o', 'Acquire::Retries=2', ...args], {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 10 * minutes,
    });
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  let result = apt(install);
  // The package lists are absent or too old on a fresh machine.
  if (result.status !== 0) {
    apt(['update']);
    result = apt(install);
  }
  if (result.status === 0) return;
  const cause = (result.stderr ?? '').trim().split('\n').pop() || 'apt-get did not finish';
  say(`${missing.join(', ')} could not be installed (${cause}); the tests that need them will be skipped`);
}

/** @param {string | undefined} mode */
async function setUp(mode) {
  if (mode !== 'install' && mode !== 'start' && mode !== 'test') {
    throw new SetupError('usage: node build/setup.mjs install|start|test');
  }
  checkNode();
  installPackages();
  if (mode === 'test') installDebianPackages();
  if (mode !== 'install') await build();
}

try {
  await setUp(process.argv[2]);
} catch (error) {
  // esbuild and the kernel compiler print what is wrong in a source; only an unforeseen fault shows its stack.
  const expected = error instanceof SetupError || (error instanceof Error && error.name === 'BuildError');
  process.stderr.write(`setup: ${expected ? error.message : error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
}
