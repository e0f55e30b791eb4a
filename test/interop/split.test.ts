import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src-shared/errors/appError';
import type { EngineHost, FileSystem, OpenFile } from '../../src-main/engine/os';
import { split } from '../../src-main/engine/wim/ops/split';
import { createNodeHost } from '../../src-main/workers/nodeHost';
import { wimlib, wimsmith, wimsmithOutcome } from '../support/cli';
import { expectSameTree } from '../support/compareTrees';
import { addLargeFiles, makeRichTree } from '../support/trees';
import { describeWithTools, fixtures, temporaryDirectory } from '../support/tools';

type Tool = (...args: readonly string[]) => string;
const ours: Tool = (...args) => wimsmith('--quiet', ...args);
const MIB = 1 << 20;

/** What the header and the blob table of a part say, read with as little as that takes. */
function partFacts(file: string) {
  const bytes = readFileSync(file);
  const tableAt = Number(bytes.readBigUInt64LE(0x38));
  const tableEnd = tableAt + Number(bytes.readBigUInt64LE(0x40));
  const blobs: { hash: string; part: number; metadata: boolean; end: number }[] = [];
  for (let at = tableAt; at < tableEnd; at += 50) {
    blobs.push({
      hash: bytes.toString('hex', at + 30, at + 50),
      part: bytes.readUInt16LE(at + 24),
      metadata: (bytes[at + 7] & 2) !== 0,
      end: Number(bytes.readBigUInt64LE(at + 8)) + bytes.readUIntLE(at, 6),
    });
  }
  const xmlAt = Number(bytes.readBigUInt64LE(0x50));
  return {
    size: bytes.length,
    flags: bytes.readUInt32LE(0x10),
    guid: bytes.toString('hex', 0x18, 0x28),
    number: bytes.readUInt16LE(0x28),
    total: bytes.readUInt16LE(0x2a),
    images: bytes.readUInt32LE(0x2c),
    bootIndex: bytes.readUInt32LE(0x78),
    hasIntegrity: bytes.readBigUInt64LE(0x8c) > 0n,
    blobs,
    xml: bytes.toString('utf16le', xmlAt, xmlAt + Number(bytes.readBigUInt64LE(0x58))),
  };
}

/** The parts of a set in the order of their numbers. */
function partsOf(first: string): string[] {
  const stem = first.replace(/\.swm$/, '');
  const parts = [first];
  while (existsSync(`${stem}${parts.length + 1}.swm`)) parts.push(`${stem}${parts.length + 1}.swm`);
  return parts;
}

/** Hash, sizes and reference count of every blob, in no order; places differ from file to file. */
function contentOf(wim: string): string[] {
  return wimlib('info', wim, '--blobs')
    .split('\n\n')
    .filter((block) => block.includes('Hash'))
    .map((block) => block.replace(/^(Offset|Part).*$/gm, '').trim())
    .sort();
}

function expectApplied(tool: Tool, wim: string, image: string, tree: string, ...options: string[]): void {
  const target = path.join(temporaryDirectory(), 'applied');
  mkdirSync(target);
  tool('apply', wim, image, target, ...options);
  expectSameTree(target, tree);
}

describeWithTools(['wimlib-imagex'], 'split WIMs between wimsmith and wimlib-imagex', () => {
  let work: string;
  let tree: string;
  let small: string;
  beforeAll(() => {
    work = temporaryDirectory();
    tree = path.join(work, 'tree');
    small = path.join(work, 'small');
    makeRichTree(tree, 32768);
    addLargeFiles(tree);
    makeRichTree(small, 4096);
  });

  /** A WIM of two images, the second of which is bootable. */
  const makeWim = (compress: string): string => {
    const wim = path.join(temporaryDirectory(), 'whole.wim');
    wimlib('capture', tree, wim, 'First', `--compress=${compress}`, '--check');
    wimlib('append', small, wim, 'Second', '--boot');
    return wim;
  };

  it.each(['none', 'xpress', 'lzx'])('our parts of a WIM with compression %s', (compress) => {
    const wim = makeWim(compress);
    const first = path.join(path.dirname(wim), 'set.swm');
    const reference = path.join(path.dirname(wim), 'reference.swm');
    ours('split', wim, first, '1', '--check');
    wimlib('split', wim, reference, '1', '--check');
    const parts = partsOf(first).map(partFacts);
    const whole = partFacts(wim);

    // The same blobs in the same parts as wimlib's, which follow Microsoft's rule.
    const hashes = (facts: ReturnType<typeof partFacts>[]) =>
      facts.map(({ blobs }) => blobs.map(({ hash }) => hash).sort());
    expect(hashes(parts)).toEqual(hashes(partsOf(reference).map(partFacts)));
    expect(parts.length).toBeGreaterThan(2);
    for (const [index, part] of parts.entries()) {
      const expected = {
        number: index + 1,
        total: parts.length,
        images: 2,
        guid: parts[0].guid,
        xml: whole.xml,
      };
      expect(part).toMatchObject({ ...expected, hasIntegrity: true, bootIndex: index === 0 ? 2 : 0 });
      expect(part.flags & 0x8).toBe(0x8);
      expect(part.blobs.filter(({ metadata }) => metadata).length).toBe(index === 0 ? 2 : 0);
      expect(part.blobs.every((blob) => blob.part === index + 1)).toBe(true);
      // Header and tables come on top of the limit, as in wimlib.
      if (part.blobs.length > 1)
        expect(Math.max(...part.blobs.map(({ end }) => end))).toBeLessThan(MIB + 208);
    }
    expect(parts[0].guid).not.toBe(whole.guid);

    wimlib('verify', first, `--ref=${path.dirname(first)}/set*.swm`);
    ours('verify', first);
    expectApplied(wimlib, first, '1', tree, `--ref=${path.dirname(first)}/set*.swm`);
    expectApplied(ours, first, '1', tree);
    expectApplied(ours, first, '2', small);
    for (const [tool, name] of [[wimlib, 'theirs.wim'] as const, [ours, 'ours.wim'] as const]) {
      const joined = path.join(path.dirname(wim), name);
      // In an order that is not theirs.
      tool('join', joined, ...partsOf(first).reverse(), '--check');
      wimlib('verify', joined);
      expect(contentOf(joined)).toEqual(contentOf(wim));
      expect(partFacts(joined)).toMatchObject({
        number: 1,
        total: 1,
        images: 2,
        bootIndex: 2,
        hasIntegrity: true,
      });
      expect(partFacts(joined).flags & 0x8).toBe(0);
      expectApplied(wimlib, joined, '1', tree);
    }
  });

  it.each(['none', 'xpress', 'lzx'])("wimlib's parts of a WIM with compression %s", (compress) => {
    const wim = makeWim(compress);
    const first = path.join(path.dirname(wim), 'set.swm');
    wimlib('split', wim, first, '1');
    ours('verify', first);
    expectApplied(ours, first, '1', tree);
    const joined = path.join(path.dirname(wim), 'joined.wim');
    ours('join', joined, ...partsOf(first).reverse());
    wimlib('verify', joined);
    expect(contentOf(joined)).toEqual(contentOf(wim));
    expectApplied(wimlib, joined, '2', small);
  });

  it('keeps an integrity table, and compares the parts with theirs when asked to', () => {
    const wim = makeWim('lzx');
    const at = (name: string) => path.join(path.dirname(wim), name);
    ours('split', wim, at('kept.swm'), '1');
    wimlib('capture', small, at('plain.wim'));
    ours('split', at('plain.wim'), at('none.swm'), '1');
    expect(partsOf(at('kept.swm')).map((part) => partFacts(part).hasIntegrity)).not.toContain(false);
    expect(partsOf(at('none.swm')).map((part) => partFacts(part).hasIntegrity)).not.toContain(true);
    // wimlib compares each part with its table.
    wimlib('join', at('joined.wim'), ...partsOf(at('kept.swm')), '--check');
    const broken = readFileSync(partsOf(at('kept.swm'))[1]);
    broken[300] ^= 1;
    writeFileSync(partsOf(at('kept.swm'))[1], broken);
    const outcome = wimsmithOutcome('join', at('refused.wim'), ...partsOf(at('kept.swm')), '--check');
    expect(outcome.status).toBe(2);
    expect(existsSync(at('refused.wim'))).toBe(false);
  });

  it('names a part that is missing, doubled, or of another set, and writes nothing', () => {
    const wim = makeWim('lzx');
    const first = path.join(path.dirname(wim), 'set.swm');
    const other = path.join(path.dirname(wim), 'other.swm');
    ours('split', wim, first, '1');
    ours('split', wim, other, '1');
    const parts = partsOf(first);
    const joined = path.join(path.dirname(wim), 'joined.wim');
    writeFileSync(joined, 'before');
    const refuse = (status: number, text: string, ...given: string[]): void => {
      const outcome = wimsmithOutcome('join', joined, ...given);
      expect(outcome).toMatchObject({ status });
      expect(outcome.stderr).toContain(text);
      expect(readFileSync(joined, 'utf8')).toBe('before');
    };
    refuse(4, 'missing: part 2', ...parts.filter((_, index) => index !== 1));
    refuse(4, 'missing: part 1', ...parts.slice(1));
    refuse(3, parts[2], ...parts, parts[2]);
    refuse(3, partsOf(other)[1], parts[0], partsOf(other)[1], ...parts.slice(2));
    refuse(2, 'not a WIM', ...parts, joined);
    expect(wimsmithOutcome('join', parts[0], ...parts)).toMatchObject({ status: 3 });

    renameSync(parts[1], path.join(work, 'elsewhere.swm'));
    const target = path.join(path.dirname(wim), 'applied');
    const outcome = wimsmithOutcome('apply', first, '1', target);
    expect(outcome.status).toBe(4);
    expect(existsSync(target)).toBe(false);
    expectApplied(ours, first, '1', tree, `--ref=${path.join(work, 'elsewhere.swm')}`);
  });

  it('refuses what cannot be split before anything is written', () => {
    const wim = makeWim('lzx');
    const directory = path.dirname(wim);
    const pipable = path.join(directory, 'pipable.wim');
    const solid = path.join(directory, 'solid.wim');
    wimlib('capture', small, pipable, '--pipable');
    wimlib('capture', small, solid, '--solid');
    ours('split', wim, path.join(directory, 'set.swm'), '4');
    const before = readdirSync(directory).sort();
    const into = path.join(directory, 'new.swm');
    expect(wimsmithOutcome('split', pipable, into, '1')).toMatchObject({ status: 8 });
    expect(wimsmithOutcome('split', solid, into, '1')).toMatchObject({ status: 8 });
    expect(wimsmithOutcome('split', path.join(directory, 'set.swm'), into, '1')).toMatchObject({ status: 8 });
    expect(wimsmithOutcome('split', wim, wim, '1')).toMatchObject({ status: 3 });
    expect(wimsmithOutcome('split', wim, path.join(directory, 'no', 'where.swm'), '1')).toMatchObject({
      status: 4,
    });
    const plan = ours('split', wim, into, '1', '--dry-run');
    expect(plan).toBe('');
    expect(readdirSync(directory).sort()).toEqual(before);
  });

  it('replaces an old set only as a whole, and leaves nothing behind when it fails or is cancelled', async () => {
    const wim = makeWim('lzx');
    const directory = path.dirname(wim);
    const first = path.join(directory, 'set.swm');
    writeFileSync(first, 'old part 1');
    writeFileSync(path.join(directory, 'set2.swm'), 'old part 2');
    const before = readdirSync(directory).sort();
    const host = createNodeHost({ appDirectory: path.resolve(__dirname, '../../dist') });
    const request = { wim, destination: first, partSize: MIB };
    const untouched = (): void => {
      expect(readdirSync(directory).sort()).toEqual(before);
      expect(readFileSync(first, 'utf8')).toBe('old part 1');
    };
    try {
      let made = 0;
      const full: EngineHost = withCreate(host, (create, file) => {
        if (++made === 3) throw new AppError('io/no-space', `cannot make ${file}: no space is left`);
        return create(file);
      });
      await expect(split(full, request)).rejects.toMatchObject({ code: 'io/no-space' });
      untouched();

      const controller = new AbortController();
      const cancelling: EngineHost = withCreate(host, (create, file) => {
        if (file.includes('set2')) controller.abort();
        return create(file);
      });
      await expect(split(cancelling, request, { signal: controller.signal })).rejects.toMatchObject({
        code: 'job/cancelled',
      });
      untouched();

      const { parts } = await split(host, request);
      expect(parts.map((part) => part.path)).toEqual(partsOf(first));
      expect(readdirSync(directory).filter((name) => name.startsWith('.'))).toEqual([]);
      ours('verify', first);
    } finally {
      await host.close();
    }
  });
});

/** A host whose files are made by `create`. */
function withCreate(
  host: EngineHost,
  create: (make: FileSystem['create'], file: string) => OpenFile,
): EngineHost {
  return {
    ...host,
    files: { ...host.files, create: (file) => create((name) => host.files.create(name), file) },
  };
}

describe('a split set that another program of wimlib wrote', () => {
  it('opens, verifies, applies and joins', () => {
    const first = fixtures('wim', 'pebakery', 'Split.swm');
    const second = fixtures('wim', 'pebakery', 'Split2.swm');
    ours('verify', first);
    const joined = path.join(temporaryDirectory(), 'joined.wim');
    ours('join', joined, second, first);
    ours('verify', joined);
    const fromParts = path.join(path.dirname(joined), 'parts');
    const fromJoined = path.join(path.dirname(joined), 'whole');
    ours('apply', first, '1', fromParts);
    ours('apply', joined, '1', fromJoined);
    expect(readdirSync(fromParts).length).toBeGreaterThan(0);
    expectSameTree(fromJoined, fromParts);
  });
});
