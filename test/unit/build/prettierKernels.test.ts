import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';

const repository = path.resolve(__dirname, '../../..');
const kernel = path.join(repository, 'src-main/engine/codec/xpress/kernel/example.ts');

it('formats AssemblyScript with its decorators where they were', async () => {
  const source = [
    '// @inline stays a comment here',
    '@inline',
    'export function low( value : u64 ):u32 { return <u32>value }',
    '@external("host", "log")',
    'declare function log(value: u32): void;',
    '',
  ].join('\n');
  const options = await resolveConfig(kernel);
  const formatted = await format(source, { ...options, filepath: kernel });
  expect(formatted).toBe(
    [
      '// @inline stays a comment here',
      '@inline',
      'export function low(value: u64): u32 {',
      '  return <u32>value;',
      '}',
      '@external("host", "log")',
      'declare function log(value: u32): void;',
      '',
    ].join('\n'),
  );
});
