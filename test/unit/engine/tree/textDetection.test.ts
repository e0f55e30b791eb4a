import { describe, expect, it } from 'vitest';
import { textOf } from '../../../../src-main/engine/tree/textDetection';
import { noise } from '../../../support/pipeline';

const text = 'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE]\r\n';
const german = 'Größe: 10 €\n';

describe('text in the beginning of a file', () => {
  it('is told in each encoding that the field has', () => {
    const big = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    expect(textOf(Buffer.from(text), false)).toBe(text);
    expect(textOf(Buffer.from(`\ufeff${german}`), false)).toBe(german);
    expect(textOf(Buffer.from(`\ufeff${text}`, 'utf16le'), false)).toBe(text);
    expect(textOf(big, false)).toBe(text);
    expect(textOf(Buffer.from(text, 'utf16le'), false)).toBe(text);
    expect(textOf(Buffer.from('Gr\xf6\xdfe: 10 \x80\n', 'latin1'), false)).toBe(german);
    expect(textOf(new Uint8Array(0), false)).toBe('');
  });

  it('may be cut off within a character, but only where it goes on', () => {
    const bytes = Buffer.from('a€');
    expect(textOf(bytes.subarray(0, 3), true)).toBe('a');
    expect(textOf(bytes.subarray(0, 3), false)).not.toBe('a');
  });

  it('is not what programs, archives and zeroes are', () => {
    expect(textOf(Buffer.from('MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0', 'latin1'), true)).toBeUndefined();
    expect(textOf(noise(4096, 1), true)).toBeUndefined();
    expect(textOf(new Uint8Array(64), true)).toBeUndefined();
  });
});
