import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { noise, text } from './pipeline';

/** Whether owners, device nodes and mounts can be made here. */
export const isRoot = process.getuid?.() === 0;

/** Above it a tree has fewer files of a chunk, for the sake of time. */
const LARGE_CHUNK = 1 << 18;

/** Sizes around one chunk, and of a few. */
export function chunkSizes(chunkSize: number): number[] {
  const around = [chunkSize - 1, chunkSize, chunkSize + 1];
  return chunkSize > LARGE_CHUNK ? around : [...around, chunkSize * 3 - 1, chunkSize * 3 + 1];
}

/**
 * Makes a tree with what images most often lose: empty, small, chunk-sized, repeated and incompressible files, hard
 * links, relative and absolute links, links to nowhere and out of the tree, long and non-ASCII names, old and odd times.
 * @param root must not exist
 */
export function makeRichTree(root: string, chunkSize: number): void {
  const at = (...names: string[]): string => path.join(root, ...names);
  for (const directory of ['empty', 'docs/deep/deeper', 'chunks', 'Ünïcode 文件夹']) {
    mkdirSync(at(directory), { recursive: true });
  }
  writeFileSync(at('empty.txt'), '');
  writeFileSync(at('docs/hello.txt'), 'hello');
  writeFileSync(at('docs/deep/same as hello.txt'), 'hello');
  writeFileSync(at('docs/one'), 'x');
  writeFileSync(at('docs/noise.bin'), noise(70_000, 3));
  writeFileSync(at('docs/zeros'), new Uint8Array(300_000));
  chunkSizes(chunkSize).forEach((size, i) =>
    writeFileSync(at('chunks', `text ${i}`), repeated(size, 10 + i)),
  );
  writeFileSync(at('chunks/noise'), noise(chunkSize + 1, 9));
  if (chunkSize <= LARGE_CHUNK) {
    writeFileSync(at('chunks/mixed'), Buffer.concat([noise(chunkSize, 4), text(chunkSize, 5), noise(99, 6)]));
  }
  writeFileSync(at('n'.repeat(255)), 'a name of 255 bytes');
  writeFileSync(at('Ünïcode 文件夹', 'żółć 𝄞 e\u0301.txt'), 'names');
  writeFileSync(at('docs', 'file.tar.gz~ # %20 "q" \'s\''), 'odd name');
  linkSync(at('docs/hello.txt'), at('docs/deep/hello link'));
  linkSync(at('docs/hello.txt'), at('hello link'));
  linkSync(at('empty.txt'), at('docs/empty link'));
  symlinkSync('hello.txt', at('docs/relative'));
  symlinkSync('../..', at('docs/deep/up'));
  symlinkSync('nowhere/at all', at('dangling'));
  symlinkSync(path.resolve(root, 'docs/hello.txt'), at('absolute inside'));
  symlinkSync(path.resolve(root), at('absolute root'));
  symlinkSync('/usr/share', at('absolute outside'));
  setTimes(root, [
    ['docs/hello.txt', '1999-12-31T23:59:59.1234567'],
    ['docs/one', '1970-01-01T00:00:00.0000001'],
    ['docs/zeros', '2037-06-01T12:00:00.9999999'],
    ['docs/relative', '2001-02-03T04:05:06.7654321'],
    ['empty', '2010-10-10T10:10:10.1010101'],
    ['docs', '2005-05-05T05:05:05.5555555'],
  ]);
}

/** Text that begins anew after 64 KiB: much of it, and soon compressed. */
function repeated(size: number, seed: number): Uint8Array {
  return Buffer.alloc(size, text(Math.min(size, 1 << 16), seed));
}

/** Files above the sizes where writers change their ways: 4 MiB and 8 MiB. */
export function addLargeFiles(root: string): void {
  writeFileSync(path.join(root, 'above 4 MiB'), text((4 << 20) + 1, 21));
  writeFileSync(path.join(root, 'above 8 MiB'), Buffer.concat([text(6 << 20, 22), noise((2 << 20) + 1, 23)]));
}

/** What --unix-data keeps: pipes, owners and permissions, as root also other owners and device nodes. */
export function addUnixEntries(root: string): void {
  const script = [
    'cd "$1" && mkdir unix && cd unix && mkfifo pipe && echo a >suid && chmod 4751 suid && echo b >none',
    'chmod 000 none && mkdir sticky && chmod 1777 sticky && echo c >attributes && ln -s suid link',
    ...(isRoot
      ? [
          'chown 1234:5678 suid && chown -h 42:43 link && mknod null c 1 3 && mknod disk b 7 200 && chmod 4751 suid',
        ]
      : []),
  ];
  execFileSync('sh', ['-c', script.join(' && '), 'sh', root]);
}

/**
 * Sets last write times of paths below `root`, of links themselves too.
 * @param times as touch takes them: dates in UTC with decimals, or '@' and seconds since 1970
 */
export function setTimes(root: string, times: readonly (readonly [path: string, time: string])[]): void {
  for (const [name, time] of times)
    execFileSync('touch', ['-h', '-d', time.startsWith('@') ? time : `${time}Z`, path.join(root, name)]);
}
