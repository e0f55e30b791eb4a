import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { noise, text } from '../../support/pipeline';
import { makeRichTree, setTimes } from '../../support/trees';

/** Size of the files of a bulk: small enough that a progress is seen moving. */
const PIECE = 1 << 18;
/** Seconds since 1970. */
const SETTLED = 1_600_000_000;

/**
 * Adds files whose data compresses and appears once, so that a capture takes its time.
 * @param megabytes how much; a fifth of it does not compress
 */
export function addBulk(root: string, megabytes: number, seed = 1): void {
  const folder = path.join(root, 'bulk');
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < megabytes * 4; i++) {
    const bytes = i % 5 === 4 ? noise(PIECE, seed * 1000 + i) : text(PIECE, seed * 1000 + i);
    writeFileSync(path.join(folder, `part ${String(i).padStart(3, '0')}.bin`), bytes);
  }
}

/** A tree of some tens of MB: every kind of entry, much data, and a page file that the usual exclusions leave out. */
export function makeJobTree(root: string, megabytes: number): void {
  makeRichTree(root, 1 << 15);
  addBulk(root, megabytes);
  writeFileSync(path.join(root, 'pagefile.sys'), noise(100_000, 77));
}

/** A small tree in which each test of contents knows every file. */
export function makeSmallTree(root: string): void {
  const put = (name: string, content: string | Uint8Array): void => {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  put('Windows/System32/kernel.dll', noise(120_000, 1));
  put('Windows/System32/drivers/disk.sys', noise(30_000, 2));
  put('Windows/notepad.exe', noise(50_000, 3));
  put('Windows/win.ini', '[fonts]\r\n[extensions]\r\n');
  put('Users/Ada/report.txt', 'What the report says.\n'.repeat(20));
  put('Users/Ada/notes.txt', 'Buy screws.\n');
  put('Users/Ada/picture.bin', text(400_000, 4));
  put('Users/Public/same picture.bin', text(400_000, 4));
  put('zeta.log', 'last by name\n');
  put('alpha.log', text(2_000, 5));
  settleTimes(root);
}

/** Gives everything in a tree the same time: two trees differ by what a test changes, not by when they were made. */
function settleTimes(root: string): void {
  const names = ['.', ...readdirSync(root, { recursive: true, encoding: 'utf8' })];
  for (const name of names) utimesSync(path.join(root, name), SETTLED, SETTLED);
}

/** {@link makeSmallTree} some time later: one file added, one removed, one changed, one with another time only. */
export function makeChangedTree(root: string): void {
  makeSmallTree(root);
  writeFileSync(path.join(root, 'Users/Ada/new plan.txt'), 'A new plan.\n');
  rmSync(path.join(root, 'Users/Ada/notes.txt'));
  writeFileSync(path.join(root, 'Windows/win.ini'), '[fonts]\r\n[changed]\r\n');
  settleTimes(root);
  setTimes(root, [['zeta.log', '2001-02-03T04:05:06']]);
}
