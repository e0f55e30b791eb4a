import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { debianPackages, debianTools } from '../../../build/debianPackages.mjs';
import { hasTool, reasonWithoutTools, temporaryDirectory } from '../../support/tools';

describe('the tools that tests run', () => {
  it('each name a package and a command that probes them', () => {
    for (const [name, tool] of Object.entries(debianTools)) {
      expect(tool.package, name).toMatch(/^[a-z0-9][a-z0-9+.-]+$/);
      expect(tool.probe.length, name).toBeGreaterThan(0);
    }
    expect(new Set(debianPackages).size).toBe(debianPackages.length);
  });

  it('are given with their package where they are missing', () => {
    const expected = hasTool('7z') ? undefined : '7z not found: apt-get install p7zip-full';
    expect(reasonWithoutTools(['7z'])).toBe(expected);
  });

  it('must be listed', () => {
    expect(() => hasTool('no-such-tool')).toThrow('debianTools.json');
  });
});

describe('temporaryDirectory', () => {
  let first = '';
  afterAll(() => expect(existsSync(first)).toBe(false));

  it('makes a directory for one test', () => {
    first = temporaryDirectory();
    expect(statSync(first).isDirectory()).toBe(true);
  });

  it('has removed it when the next test begins', () => {
    expect(existsSync(first)).toBe(false);
  });
});

describe('the check on a fresh machine', () => {
  it('can be started', () => {
    const file = path.resolve(__dirname, '../../../.ci/run');
    expect(readFileSync(file, 'utf8')).toMatch(/^#!.*bash\n/);
    expect(statSync(file).mode & 0o111).not.toBe(0);
  });
});
