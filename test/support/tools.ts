import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, it, onTestFinished, TestRunner } from 'vitest';

const repository = path.resolve(__dirname, '../..');

interface DebianTool {
  readonly package: string;
  readonly probe: readonly [string, ...string[]];
}

const debianTools = JSON.parse(
  readFileSync(path.join(repository, 'build/debianTools.json'), 'utf8'),
) as Readonly<Record<string, DebianTool>>;

/** In the continuous check a missing tool is a failure: nothing may be skipped there unseen. */
const toolsRequired = process.env.WIMSMITH_REQUIRE_TOOLS === '1';

const works = new Map<string, boolean>();

/** Whether a tool runs here; found out by running it, once per test file. */
export function hasTool(name: string): boolean {
  const known = works.get(name);
  if (known !== undefined) return known;
  const tool = debianTools[name] as DebianTool | undefined;
  if (!tool) throw new Error(`${name} is not in build/debianTools.json; add it with its package and a probe`);
  const [command, ...args] = tool.probe;
  const result = spawnSync(command, args, { stdio: 'ignore', timeout: 30_000 });
  works.set(name, result.status === 0);
  return result.status === 0;
}

/** Why tests that use these tools cannot run here; undefined when they can. */
export function reasonWithoutTools(names: readonly string[]): string | undefined {
  const missing = names.filter((name) => !hasTool(name));
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map((name) => debianTools[name].package))];
  return `${missing.join(', ')} not found: apt-get install ${packages.join(' ')}`;
}

/**
 * For use inside a test: skips the rest of it when one of the tools does not run here.
 * Under WIMSMITH_REQUIRE_TOOLS=1 it fails instead.
 */
export function requireTool(...names: string[]): void {
  const reason = reasonWithoutTools(names);
  if (reason === undefined) return;
  if (toolsRequired) throw new Error(reason);
  skipCurrentTest(reason);
}

/**
 * A describe block whose tests run these tools. Where one is missing the block is skipped and its title says why;
 * under WIMSMITH_REQUIRE_TOOLS=1 it fails. The body runs even when skipped, to count its tests: it must not use the
 * tools before a test does.
 */
export function describeWithTools(names: readonly string[], title: string, body: () => void): void {
  const reason = reasonWithoutTools(names);
  if (reason === undefined) {
    describe(title, body);
  } else if (toolsRequired) {
    describe(title, () => {
      it('has the tools it runs', () => {
        throw new Error(reason);
      });
    });
  } else {
    describe.skip(`${title} [${reason}]`, body);
  }
}

const fixtureRoot = process.env.WIMSMITH_FIXTURES ?? path.resolve(repository, '../shared/fixtures');

/** Whether the shared test files are on this machine. They are data, not a tool: their absence only ever skips. */
export const hasFixtures = existsSync(fixtureRoot);

/**
 * Path of a shared test file or folder. Inside a test it skips the test when the fixtures are not on this machine.
 */
export function fixtures(...parts: string[]): string {
  if (!hasFixtures) skipCurrentTest(`no fixtures at ${fixtureRoot}`);
  return path.join(fixtureRoot, ...parts);
}

/** A describe block that reads the fixtures while it is set up; where there are none it is one skipped test. */
export function describeWithFixtures(title: string, body: () => void): void {
  if (hasFixtures) describe(title, body);
  else describe.skip(`${title} [no fixtures]`, () => it('reads the fixtures', () => undefined));
}

const leftovers: string[] = [];

afterAll(() => {
  for (const directory of leftovers) removeTree(directory);
});

/**
 * A new empty directory, removed when the test ends; made outside a test (in beforeAll), when the file ends.
 * It lies in the system's place for temporary files, or in WIMSMITH_TEST_TEMP.
 */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(path.join(process.env.WIMSMITH_TEST_TEMP ?? os.tmpdir(), 'wimsmith-test-'));
  if (currentTest()) onTestFinished(() => removeTree(directory));
  else leftovers.push(directory);
  return directory;
}

function removeTree(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}

function currentTest() {
  return TestRunner.getCurrentTest();
}

function skipCurrentTest(reason: string): void {
  const test = currentTest();
  if (!test)
    throw new Error(`${reason} (asked for outside a test: use describeWithTools or describeWithFixtures)`);
  test.context.skip(reason);
}
