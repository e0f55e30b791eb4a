// What the encoders make at every level is read by wimlib-imagex and by 7-Zip.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { sevenZip, succeed, wimsmith } from '../support/cli';
import { noise, text } from '../support/pipeline';
import { describeWithTools, temporaryDirectory } from '../support/tools';

const levels = [1, 10, 20, 34, 35, 50, 75, 100];
const cases: (readonly [format: string, level: number, chunkSize: number])[] = [
  ...levels.map((level) => ['xpress', level, 32768] as const),
  ...levels.map((level) => ['lzx', level, 32768] as const),
  ['xpress', 50, 4096],
  ['xpress', 100, 65536],
  ['lzx', 20, 65536],
  ['lzx', 20, 2097152],
  ['lzx', 50, 131072],
];

describeWithTools(['wimlib-imagex', '7z'], 'levels of the encoders', () => {
  let tree: string;
  beforeAll(() => {
    tree = path.join(temporaryDirectory(), 'tree');
    mkdirSync(tree);
    for (let i = 0; i < 60; i++) writeFileSync(path.join(tree, `small ${i}`), text(20 + i * 97, i));
    writeFileSync(path.join(tree, 'text'), text(150_000, 1));
    writeFileSync(path.join(tree, 'noise'), noise(40_000, 2));
    writeFileSync(path.join(tree, 'zeros'), new Uint8Array(200_000));
    writeFileSync(path.join(tree, 'mixed'), Buffer.concat([noise(9000, 3), text(30_000, 4), noise(3, 5)]));
    const repeats = Array.from({ length: 400 }, (_, i) => noise(2 + ((i * 7) % 300), i % 5));
    writeFileSync(path.join(tree, 'repeats'), Buffer.concat(repeats));
    // A program, with its calls: the one that runs this.
    const program = readFileSync(process.execPath);
    writeFileSync(path.join(tree, 'program'), program.subarray(program.length >> 1).subarray(0, 200_001));
  });

  it.each(cases)('are read at %s:%i in chunks of %i bytes', (format, level, chunkSize) => {
    const wim = path.join(temporaryDirectory(), 'a.wim');
    wimsmith('capture', tree, wim, `--compress=${format}:${level}`, `--chunk-size=${chunkSize}`);
    succeed('wimlib-imagex', 'verify', wim);
    expect(sevenZip('t', wim)).toMatch(/^Everything is Ok$/m);
  });
});
