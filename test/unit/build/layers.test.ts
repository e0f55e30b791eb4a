import path from 'node:path';
import { ESLint, RuleTester } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { layersRule } from '../../../build/eslint-rules/layers.mjs';

const repository = path.resolve(__dirname, '../../..');

RuleTester.describe = describe;
RuleTester.it = it;

const tester = new RuleTester({ languageOptions: { parser: tseslint.parser } });

function at(file: string, code: string) {
  return { filename: path.join(repository, file), code };
}

function wrong(file: string, code: string, message: RegExp) {
  return { ...at(file, code), name: `${file}: ${code}`, errors: [{ message }] };
}

tester.run('layers', layersRule, {
  valid: [
    at('src-main/entry/cli.ts', "import { main } from '../cli/main';"),
    at('src-main/entry/cli.ts', "import { nodeHost } from '../platform/host';"),
    at('src-main/cli/main.ts', "import { captureService } from '../app/capture';"),
    at('src-main/cli/main.ts', "import { version } from '../../package.json';"),
    at('src-main/app/capture.ts', "import { Pool } from '../workers/pool';"),
    at('src-main/workers/pool.ts', "import { rawFs } from '../platform/rawFs';"),
    at('src-main/workers/pool.ts', "import { capture } from '../engine/wim/ops/capture';"),
    at('src-main/engine/wim/header.ts', "import { struct } from '../binary/struct';"),
    at('src-main/engine/os.ts', "export type A = import('./binary/byteSource').ByteSource;"),
    at('src-main/platform/posix/source.ts', "import type { Wim } from '../../engine/wim/wim';"),
    at('src-main/platform/posix/source.ts', "import { Attributes } from '../../engine/tree/attributes';"),
    at('src-main/engine/wim/header.ts', "import { FormatError } from '../../../src-shared/errors/appError';"),
    at('src-renderer/views/Images.tsx', "import { imaging } from '../../src-shared/contract/imaging';"),
    at('src-shared/contract/imaging.ts', "import { z } from 'zod';"),
    at('test/unit/x.test.ts', "import { Pool } from '../../src-main/workers/pool';"),
  ],
  invalid: [
    wrong(
      'src-main/engine/wim/ops/apply.ts',
      "import { fs } from '../../../platform/rawFs';",
      /^engine must not import platform: .*interface/,
    ),
    wrong(
      'src-main/engine/tree/scan.ts',
      "import { Pool } from '../../workers/pool';",
      /^engine must not import workers/,
    ),
    wrong(
      'src-main/engine/tree/scan.ts',
      "import type { Pool } from '../../workers/pool';",
      /^engine must not import workers/,
    ),
    wrong(
      'src-main/engine/tree/scan.ts',
      "import { jobs } from '../../app/jobs';",
      /^engine must not import app/,
    ),
    wrong(
      'src-main/engine/binary/struct.ts',
      "import { Wim } from '../wim/wim';",
      /^engine\/binary must not import engine:/,
    ),
    wrong(
      'src-main/engine/os.ts',
      "export type A = import('../platform/files').Files;",
      /^engine must not import platform/,
    ),
    wrong(
      'src-main/platform/rawFs.ts',
      "import { Pool } from '../workers/pool';",
      /^platform must not import workers: imports go downwards/,
    ),
    wrong(
      'src-main/platform/files.ts',
      "import { capture } from '../engine/wim/ops/capture';",
      /^platform imports engine for its types only/,
    ),
    wrong('src-main/workers/pool.ts', "export * from '../app/jobs';", /^workers must not import app/),
    wrong('src-main/app/jobs.ts', "export { main } from '../cli/main';", /^app must not import cli/),
    wrong(
      'src-main/cli/main.ts',
      "import { host } from '../headless/host';",
      /^cli must not import headless: the shells stand side by side/,
    ),
    wrong(
      'src-main/cli/main.ts',
      "const entry = await import('../entry/cli');",
      /^cli must not import entry/,
    ),
    wrong('src-main/cli/main.ts', "const entry = require('../entry/cli');", /^cli must not import entry/),
    wrong(
      'src-main/app/jobs.ts',
      "import { App } from '../../src-renderer/App';",
      /^app must not import renderer: .*src-shared\/contract/,
    ),
    wrong(
      'src-renderer/App.tsx',
      "import type { Wim } from '../src-main/engine/wim/wim';",
      /^renderer must not import engine: .*src-shared\/contract/,
    ),
    wrong(
      'src-shared/model/progress.ts',
      "import type { Wim } from '../../src-main/engine/wim/wim';",
      /^src-shared must not import engine/,
    ),
    wrong(
      'src-main/engine/wim/wim.ts',
      "import { fixtures } from '../../../test/support/tools';",
      /^engine must not import test\/support\/tools/,
    ),
    wrong('src-main/helpers/text.ts', 'export const a = 1;', /^src-main\/helpers\/text\.ts is in no layer/),
  ],
});

describe('the repository’s own lint configuration', () => {
  // Type information needs a file on disk; these rules do not use it.
  const eslint = new ESLint({
    cwd: repository,
    overrideConfig: [{ ...tseslint.configs.disableTypeChecked, files: ['**/*.ts'] }],
  });

  async function findings(file: string, code: string): Promise<string[]> {
    const [result] = await eslint.lintText(code, { filePath: path.join(repository, file) });
    return result.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`);
  }

  it.each([
    [
      'src-main/engine/x.ts',
      "export { a } from '../app/x';\n",
      'wimsmith/layers: engine must not import app',
    ],
    ['src-main/app/x.ts', "export { stat } from 'node:fs';\n", 'use platform/rawFs: Electron'],
    ['src-main/app/x.ts', "export { stat } from 'fs/promises';\n", 'use platform/rawFs: Electron'],
    ['src-main/app/x.ts', "export const a = import('node:fs');\n", 'use platform/rawFs: Electron'],
    ['src-main/platform/x.ts', "export { stat } from 'node:fs';\n", 'use platform/rawFs: Electron'],
    ['src-main/engine/x.ts', "export { sep } from 'node:path';\n", 'the engine is pure'],
    ['src-shared/x.ts', "export { sep } from 'node:path';\n", 'src-shared and the renderer run without Node'],
    ['src-main/app/x.ts', "export { app } from 'electron';\n", "import 'electron'"],
    ['src-main/entry/headless.ts', "export { app } from 'electron';\n", "import 'electron'"],
    ['src-main/app/x.ts', "export { fork } from 'node:child_process';\n", 'child_process.fork does not work'],
    ['src-main/app/x.ts', 'export default 1;\n', 'export by name'],
    ['src-main/app/x.ts', 'export const a: any = 1;\n', 'no-explicit-any'],
    ['src-main/app/x.ts', 'try {\n  JSON.parse("");\n} catch {\n  // nothing\n}\n', 'no silent catch'],
    ['src-main/app/x.ts', '// eslint-disable-next-line\nexport default 1;\n', 'export by name'],
  ])('finds the fault in %s: %s', async (file, code, expected) => {
    expect((await findings(file, code)).join('\n')).toContain(expected);
  });

  it.each([
    ['src-main/platform/rawFs.ts', "export { stat } from 'node:fs';\n"],
    ['src-main/platform/files.ts', "import type { Stats } from 'node:fs';\nexport type A = Stats;\n"],
    ['src-main/platform/files.ts', "export { sep } from 'node:path';\n"],
    ['src-main/electron/window.ts', "export { app } from 'electron';\n"],
    ['src-main/entry/electron.ts', "export { app } from 'electron';\n"],
    ['test/unit/x.test.ts', "export { stat } from 'node:fs';\n"],
  ])('allows in %s: %s', async (file, code) => {
    expect(await findings(file, code)).toEqual([]);
  });
});
