import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hasBlock,
  insertBlock,
  removeBlock,
} from '../../../../../src-main/engine/drivers/staging/scriptBlock';

const START = 'rem [wimsmith drivers: begin]';
const END = 'rem [wimsmith drivers: end]';

function inserted(script: string | Buffer, after?: RegExp): string {
  return Buffer.from(insertBlock(Buffer.from(script as string), ['one', 'two'], after).bytes).toString();
}

describe('a block in a script', () => {
  it.each([
    ['', `${START}\r\none\r\ntwo\r\n${END}\r\n`],
    ['exit\n', `${START}\none\ntwo\n${END}\nexit\n`],
    ['@echo off\r\nexit /b 0\r\n', `@echo off\r\n${START}\r\none\r\ntwo\r\n${END}\r\nexit /b 0\r\n`],
    ['\nrem mine\n:: too\n@ECHO OFF\nx', `\nrem mine\n:: too\n@ECHO OFF\n${START}\none\ntwo\n${END}\nx`],
    ['x\n@echo off\n', `${START}\none\ntwo\n${END}\nx\n@echo off\n`],
    ['@echo off', `@echo off\r\n${START}\r\none\r\ntwo\r\n${END}`],
  ])('of %j stands before what could end it', (script, expected) => {
    expect(inserted(script)).toBe(expected);
  });

  it.each(['wpeinit', '@wpeinit.exe', 'X:\\windows\\system32\\wpeinit.exe -unattend=a.xml'])(
    'stands behind %s',
    (line) => {
      const after = /^@?(?:[^\s]*\\)?wpeinit(?:\.exe)?(?:\s|$)/i;
      expect(inserted(`rem\r\n${line}\r\nmine\r\n`, after)).toBe(
        `rem\r\n${line}\r\n${START}\r\none\r\ntwo\r\n${END}\r\nmine\r\n`,
      );
    },
  );

  it('keeps a byte order mark, bytes of a code page and UTF-16', () => {
    const script = Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), Buffer.from('echo \x81\xff\n', 'latin1')]);
    const block = insertBlock(script, ['one']);
    expect([...block.bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(Buffer.from(removeBlock(block.bytes, block.inserted) ?? [])).toEqual(script);
    const wide = insertBlock(Buffer.from('\ufeffx\r\n', 'utf16le'), ['one']);
    expect(wide.wide).toBe(true);
    expect(Buffer.from(wide.bytes).toString('utf16le')).toBe(`\ufeff${START}\r\none\r\n${END}\r\nx\r\n`);
  });

  it('is taken out of any script without a trace', () => {
    const line = fc.constantFrom('@echo off', 'wpeinit', 'exit', '', ':: x', 'rem y', '\u00e9', '\t');
    const script = fc.tuple(fc.array(line), fc.constantFrom('\n', '\r\n'), fc.boolean());
    fc.assert(
      fc.property(script, fc.boolean(), ([lines, end, last], anchored) => {
        const bytes = Buffer.from(lines.join(end) + (last ? end : ''));
        const block = insertBlock(bytes, ['one', 'two'], anchored ? /^wpeinit$/ : undefined);
        expect(hasBlock(block.bytes)).toBe(true);
        expect(Buffer.from(removeBlock(block.bytes, block.inserted) ?? [])).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('stays when it was changed', () => {
    const block = insertBlock(Buffer.from('x'), ['one']);
    const changed = Buffer.from(Buffer.from(block.bytes).toString().replace('one', 'two'));
    expect(removeBlock(changed, block.inserted)).toBeUndefined();
    expect(hasBlock(changed)).toBe(true);
  });
});
