import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wimlib, wimsmith } from '../support/cli';
import { expectSameTree } from '../support/compareTrees';
import { noise, text } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';
import { isRoot, setTimes } from '../support/trees';

/** How many trees; about one second each. WIMSMITH_SEED repeats a run. */
const runs = Number(process.env.WIMSMITH_RUNS ?? 12);
const seed = Number(process.env.WIMSMITH_SEED ?? Date.now() % 0x7fff_ffff);

interface Node {
  readonly place: readonly string[];
  readonly kind: 'directory' | 'file' | 'hard link' | 'symlink';
  readonly size: number;
  readonly compressible: boolean;
  readonly content: number;
  readonly target: string;
  readonly mode: number;
  readonly time: number;
}

const name = fc
  .string({
    unit: fc.constantFrom(
      'a',
      'b',
      'A',
      ' ',
      '.',
      '-',
      '$',
      '%',
      '~',
      '#',
      'ü',
      'e\u0301',
      '文',
      '𝄞',
      '\u200b',
    ),
    minLength: 1,
    maxLength: 12,
  })
  .filter((text) => !/^\.+$/.test(text));

const chunkSizes = { none: [undefined], xpress: [4096, 32768, 65536], lzx: [32768, 131072] } as const;

const size = fc.oneof(
  fc.constant(0),
  fc.nat(300),
  // Around the ends of chunks.
  fc
    .tuple(fc.constantFrom(4096, 32768, 65536, 131072), fc.integer({ min: -2, max: 2 }))
    .map(([at, by]) => at + by),
  fc.nat(400_000),
);

const node: fc.Arbitrary<Node> = fc.record({
  place: fc.array(name, { minLength: 1, maxLength: 4 }),
  kind: fc.constantFrom('directory', 'file', 'file', 'file', 'hard link', 'symlink'),
  size,
  compressible: fc.boolean(),
  // Few, so that files repeat.
  content: fc.nat(3),
  target: fc.oneof(
    fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/')),
    fc.array(name, { minLength: 1, maxLength: 2 }).map((names) => '/nowhere/' + names.join('/')),
    fc.array(name, { minLength: 1, maxLength: 2 }).map((names) => '<root>/' + names.join('/')),
    fc.constantFrom('.', '..', '../../x', '/', '<root>', 'a/', './a/../b'),
  ),
  mode: fc.constantFrom(0o644, 0o600, 0o755, 0o444, 0o4711, 0o777),
  // Units of 100 ns of the year 1990 and on.
  time: fc.nat(2 ** 53 - 1).map((value) => value % 15_000_000_000_000_000),
});

const options = fc.record({
  format: fc.constantFrom('none', 'xpress', 'lzx'),
  chunk: fc.nat(2),
  integrity: fc.boolean(),
  unix: fc.boolean(),
});

/** Makes what can be made of the nodes: a name that is taken is left out, and what lies below a file too. */
function makeTree(root: string, nodes: readonly Node[]): void {
  mkdirSync(root);
  const kinds = new Map<string, Node['kind']>([['.', 'directory']]);
  const files: string[] = [];
  const times: [string, string][] = [];
  for (const { place, kind, size, compressible, content, target, mode, time } of nodes) {
    const parents = place.slice(0, -1).map((_, i) => place.slice(0, i + 1).join('/'));
    const relative = place.join('/');
    if (kinds.has(relative) || parents.some((parent) => (kinds.get(parent) ?? 'directory') !== 'directory'))
      continue;
    mkdirSync(path.join(root, ...place.slice(0, -1)), { recursive: true });
    for (const parent of parents) kinds.set(parent, 'directory');
    const full = path.join(root, relative);
    kinds.set(relative, kind);
    if (kind === 'directory') mkdirSync(full);
    else if (kind === 'symlink') symlinkSync(target.replace('<root>', root), full);
    else if (kind === 'hard link' && files.length > 0) linkSync(files[content % files.length], full);
    else {
      writeFileSync(full, compressible ? text(size, content + 1) : noise(size, content));
      chmodSync(full, mode);
      files.push(full);
    }
    const since1990 = BigInt(time) + 631_152_000n * 10_000_000n;
    times.push([relative, `@${since1990 / 10_000_000n}.${String(since1990 % 10_000_000n).padStart(7, '0')}`]);
  }
  // Deep before shallow: making an entry changes its directory's time.
  setTimes(root, times.reverse());
}

/** `dir --detailed` as wimlib prints it, without what depends on the writer or on reading the source. */
function listing(wim: string): string {
  const groups = new Map<string, number>();
  return wimlib('dir', wim, '1', '--detailed')
    .replace(/^(Offset in WIM|Compressed size|Last Access Time|Flags) .*\n/gm, '')
    .replace(/(?<=^Link Group ID +=) 0x(.*)$/gm, (line, group: string) => {
      if (/^0+$/.test(group)) return line;
      if (!groups.has(group)) groups.set(group, groups.size + 1);
      return ` group ${String(groups.get(group))}`;
    });
}

describeWithTools(['wimlib-imagex'], 'random trees', () => {
  const ours = (...args: readonly string[]): string => wimsmith(...args, '--quiet');

  it(
    `survive capture, apply and capture by either program (${runs} runs, WIMSMITH_SEED=${seed})`,
    { timeout: 60_000 + runs * 20_000 },
    () => {
      fc.assert(
        fc.property(
          fc.array(node, { maxLength: 25 }),
          options,
          (nodes, { format, chunk, integrity, unix }) => {
            const work = temporaryDirectory();
            const at = (place: string): string => path.join(work, place);
            makeTree(at('tree'), nodes);
            const sizes = chunkSizes[format];
            const chunkSize = sizes[chunk % sizes.length];
            // Only root can give files their owners back.
            const unixData = unix && isRoot ? ['--unix-data'] : [];
            const how = [
              `--compress=${format}`,
              ...(chunkSize === undefined ? [] : [`--chunk-size=${chunkSize}`]),
              ...(integrity ? ['--check'] : []),
              ...unixData,
            ];
            ours('capture', at('tree'), at('ours.wim'), 'name', ...how);
            wimlib('capture', at('tree'), at('theirs.wim'), 'name', ...how);
            wimlib('verify', at('ours.wim'));
            ours('verify', at('theirs.wim'));
            expect(listing(at('ours.wim'))).toEqual(listing(at('theirs.wim')));

            for (const target of ['by us', 'by wimlib']) mkdirSync(at(target));
            ours('apply', at('theirs.wim'), '1', at('by us'), ...unixData);
            wimlib('apply', at('ours.wim'), '1', at('by wimlib'), ...unixData);
            expectSameTree(at('by us'), at('tree'), { unix: unixData.length > 0 });
            expectSameTree(at('by wimlib'), at('tree'), { unix: unixData.length > 0 });

            ours('capture', at('by wimlib'), at('again.wim'), 'name', ...how);
            expect(listing(at('again.wim'))).toEqual(listing(at('theirs.wim')));
            // Kept when a run fails; a long run would fill the disk.
            rmSync(work, { recursive: true });
          },
        ),
        { numRuns: runs, seed },
      );
    },
  );
});
