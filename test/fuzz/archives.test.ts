import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import { openContainer } from '../../src-main/engine/drivers/packages/openContainer';
import { safePath } from '../../src-main/engine/drivers/packages/safePath';
import { AppError } from '../../src-shared/errors/appError';
import { makeCabinet, storedFolder } from '../support/cabinets';
import { diskHost } from '../support/disks';
import { fuzzMilliseconds } from '../support/fuzz';
import { damaged, mutations } from '../support/hostileWim';
import { lzxFolder } from '../support/lzxEncoder';
import { MemoryFile, memoryFiles } from '../support/memoryFiles';

const endless = { numRuns: Number.MAX_SAFE_INTEGER };
const LIMIT = 1 << 20;

const words = Buffer.from('%Intel.DeviceDesc% = E1D, PCI\\VEN_8086&DEV_15B7\r\n'.repeat(900));
const data = Buffer.concat([words, randomBytes(3000), words.subarray(0, 5000)]);
const files = [0, 1, 2].map((i) => ({ name: `sub\\f${i}.inf`, size: 15_000, offset: i * 15_000, folder: 0 }));
const deflated = [0, 0x8000].map((at) => {
  const dictionary = data.subarray(0, at);
  const block = data.subarray(at, at + 0x8000);
  const packed = deflateRawSync(block, at === 0 ? {} : { dictionary });
  return { data: Buffer.concat([Buffer.from('CK'), packed]), size: block.length };
});
let turn = 0;
const lzx = lzxFolder(data, {
  windowBits: 16,
  translated: 40_000,
  choose: (below) => (turn = (turn * 31 + 7) % 9973) % below,
});
/** Without checksums, so that damage comes to the decoders. */
const bare = <B extends object>(blocks: readonly B[]): (B & { checksum: number })[] =>
  blocks.map((block) => ({ ...block, checksum: 0 }));

const good = {
  stored: makeCabinet([storedFolder(data)], files),
  mszip: makeCabinet([{ compression: 1, blocks: bare(deflated) }], files),
  lzx: makeCabinet([{ ...lzx, blocks: bare(lzx.blocks) }], files),
  zip: Buffer.from(
    zipSync({ 'sub/a.inf': words, 'b.sys': [data, { level: 0 }], 'c/d.cat': randomBytes(400) }),
  ),
};

const host = diskHost();

/** Lists and reads everything. The only errors there may be are the archive's. */
function readAll(bytes: Uint8Array): void {
  const list = new Map([['/made', new MemoryFile(bytes)]]);
  const entries = (): [] => [];
  try {
    const container = openContainer(
      { ...host, files: { ...memoryFiles(list), entries } },
      { kind: 'cab', path: '/made' },
    );
    for (const { path, size } of container.list()) {
      expect(safePath(path)).toEqual({ path });
      attempt(() => expect(container.read(path, LIMIT)).toHaveLength(size));
    }
    container.close();
  } catch (error) {
    check(error);
  }
}

function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    check(error);
  }
}

function check(error: unknown): void {
  if (!(error instanceof AppError)) throw error;
  expect(error.code).toMatch(/^(archive\/(malformed|unsupported)|offline\/too-large)$/);
}

it.each(Object.keys(good) as (keyof typeof good)[])(
  'reads a damaged archive or tells why not: %s',
  (name) => {
    const whole = good[name];
    readAll(whole);
    fc.assert(
      fc.property(mutations, (changes) => readAll(damaged(whole, changes))),
      { ...endless, interruptAfterTimeLimit: fuzzMilliseconds(1) },
    );
  },
);
