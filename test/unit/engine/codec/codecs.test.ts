import { beforeAll, describe, expect, it } from 'vitest';
import { compressorFor, decompressorFor } from '../../../../src-main/engine/codec/codecs';
import type { KernelName, Kernels } from '../../../../src-main/engine/codec/kernel';
import { loadKernels } from '../../../../src-main/platform/kernels';
import { builtKernels, text } from '../../../support/pipeline';
import { temporaryDirectory } from '../../../support/tools';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await builtKernels();
});

describe('codecs', () => {
  it('are made once for the same settings', () => {
    const settings = { format: 'xpress', chunkSize: 32_768, level: 50 } as const;
    const compressor = compressorFor(kernels, settings);
    expect(compressorFor(kernels, { ...settings })).toBe(compressor);
    expect(compressorFor(kernels, { ...settings, level: 20 })).not.toBe(compressor);
    const decompressor = decompressorFor(kernels, 'lzx', 32_768);
    expect(decompressorFor(kernels, 'lzx', 32_768)).toBe(decompressor);
    expect(decompressorFor(kernels, 'lzx', 65_536)).not.toBe(decompressor);
  });

  it.each(['xpress', 'lzx', 'lzms'] as const)('%s brings back what it compressed', (format) => {
    const data = text(30_000);
    const packed = new Uint8Array(data.length);
    const size = compressorFor(kernels, { format, chunkSize: 32_768, level: 50 }).compress(data, packed);
    expect(size).toBeGreaterThan(0);
    const unpacked = new Uint8Array(data.length);
    decompressorFor(kernels, format, 32_768).decompress(packed.subarray(0, size), unpacked);
    expect(Buffer.from(unpacked).equals(data)).toBe(true);
  });

  it('load only the kernel they need', () => {
    const asked: KernelName[] = [];
    const counting: Kernels = {
      kernel(name) {
        asked.push(name);
        return kernels.kernel(name);
      },
    };
    compressorFor(counting, { format: 'none', chunkSize: 32_768, level: 50 });
    decompressorFor(counting, 'none', 32_768);
    expect(asked).toEqual([]);
    decompressorFor(counting, 'xpress', 32_768);
    expect(asked).toEqual(['xpress']);
    expect(kernels.kernel('xpress')).toBe(kernels.kernel('xpress'));
  });

  it('name a kernel that is missing', () => {
    expect(() => loadKernels(temporaryDirectory()).kernel('lzx')).toThrow(/cannot read .*lzx\.wasm/);
  });
});
