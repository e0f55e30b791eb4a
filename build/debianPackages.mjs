// Which Debian package holds which tool that the tests run. The list is debianTools.json: the setup installs from it,
// and the tests name it in their reasons for skipping.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Tool name to its Debian package and to a command that succeeds where the tool works.
 * @type {Readonly<Record<string, { readonly package: string, readonly probe: readonly string[] }>>}
 */
export const debianTools = JSON.parse(readFileSync(new URL('./debianTools.json', import.meta.url), 'utf8'));

/** Packages that the tests use, each once. */
export const debianPackages = [...new Set(Object.values(debianTools).map((tool) => tool.package))];

/** @returns {string[]} the packages of {@link debianPackages} that are not installed */
export function missingDebianPackages() {
  const format = '${Package} ${db:Status-Status}\n';
  const query = spawnSync('dpkg-query', ['-W', `-f=${format}`, ...debianPackages], { encoding: 'utf8' });
  const lines = (query.stdout ?? '').split('\n');
  return debianPackages.filter((name) => !lines.includes(`${name} installed`));
}
