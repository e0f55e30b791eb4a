import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openContainer } from '../../../src-main/engine/drivers/packages/openContainer';
import type { PackageContainer } from '../../../src-main/engine/drivers/packages/packageContainer';
import { diskHost } from '../../support/disks';
import { describeWithTools, temporaryDirectory } from '../../support/tools';

const host = diskHost();
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

function opened(file: string): PackageContainer {
  return openContainer(host, { kind: 'zip', path: file });
}

function byUs(file: string): Record<string, string> {
  const container = opened(file);
  const found = container
    .list()
    .map(({ path: name, size }) => [name, md5(container.read(name, size))] as const);
  container.close();
  return Object.fromEntries(found);
}

/** Runs Python with the zip's path as its first argument. */
function python(script: string, file: string): string {
  return execFileSync('python3', ['-c', script, file], { encoding: 'utf8' });
}

const LIST = `import zipfile, sys, hashlib, json
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps({n: hashlib.md5(z.read(n)).hexdigest() for n in z.namelist() if not n.endswith('/')}))`;

function byPython(file: string): Record<string, string> {
  return JSON.parse(python(LIST, file)) as Record<string, string>;
}

describeWithTools(['python3'], 'zips by Python', () => {
  const MAKE = `import zipfile, sys, os, random
random.seed(5)
big = random.randbytes(700000) + b'words and words ' * 200000
with zipfile.ZipFile(sys.argv[1], 'w') as z:
  z.writestr('a.inf', b'[Version]' * 5000, zipfile.ZIP_DEFLATED)
  z.writestr('sub/b.sys', random.randbytes(70000), zipfile.ZIP_STORED)
  z.writestr('sub/n\\u00e4her \\u732b.cat', b'', zipfile.ZIP_DEFLATED)
  z.writestr('sub/', b'')
  z.writestr('big.bin', big, zipfile.ZIP_DEFLATED)
  with z.open('streamed.bin', 'w', force_zip64=True) as f: f.write(big[:100000])`;

  it('are read as Python reads them', () => {
    const zip = path.join(temporaryDirectory(), 'made.zip');
    python(MAKE, zip);
    const expected = byPython(zip);
    expect(Object.keys(expected)).toHaveLength(5);
    expect(byUs(zip)).toEqual(expected);
  });

  it('are read with the fields of zip64, and with something in front', () => {
    const zip = path.join(temporaryDirectory(), 'made.zip');
    python(`import zipfile\nzipfile.ZIP64_LIMIT = 1000\nzipfile.ZIP_FILECOUNT_LIMIT = 2\n${MAKE}`, zip);
    expect(readFileSync(zip).includes(Buffer.from('PK\x06\x06', 'latin1'))).toBe(true);
    expect(byUs(zip)).toEqual(byPython(zip));
    writeFileSync(zip, Buffer.concat([randomBytes(5000), readFileSync(zip)]));
    expect(Object.keys(byUs(zip))).toHaveLength(5);
  });

  it('have names of MS-DOS where they are not UTF-8', () => {
    const zip = path.join(temporaryDirectory(), 'made.zip');
    python(
      `import zipfile, sys\nwith zipfile.ZipFile(sys.argv[1], 'w') as z: z.writestr('naXher.inf', b'1')`,
      zip,
    );
    const bytes = readFileSync(zip);
    for (let at = bytes.indexOf('naX'); at >= 0; at = bytes.indexOf('naX')) bytes[at + 2] = 0x84;
    writeFileSync(zip, bytes);
    expect(Object.keys(byUs(zip))).toEqual(['naäher.inf']);
    expect(byUs(zip)).toEqual(byPython(zip));
  });

  it('do not expand beyond what they say, in bounded memory', () => {
    const zip = path.join(temporaryDirectory(), 'bomb.zip');
    // 60 MiB of zeros in 60 KB, which the directory calls 1000 bytes.
    python(
      `import zipfile, sys
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
  with z.open('bomb.sys', 'w') as f:
    for i in range(60): f.write(bytes(1 << 20))`,
      zip,
    );
    const honest = opened(zip);
    expect(() => honest.read('bomb.sys', 1 << 20)).toThrow(/has 62914560 bytes; at most 1048576 are read/);
    let largest = 0;
    let total = 0;
    for (const piece of honest.pieces('bomb.sys')) {
      largest = Math.max(largest, piece.length);
      total += piece.length;
    }
    honest.close();
    expect(total).toBe(60 << 20);
    expect(largest).toBeLessThanOrEqual(17 << 20);

    const bytes = readFileSync(zip);
    const entry = bytes.lastIndexOf('PK\x01\x02', undefined, 'latin1');
    bytes.writeUInt32LE(1000, entry + 24);
    writeFileSync(zip, bytes);
    expect(() => byUs(zip)).toThrow(/bomb.zip > bomb.sys: zip file at offset 0: .*(more than|damaged)/);
    bytes.writeUInt32LE(0xfffffffe, entry + 24);
    writeFileSync(zip, bytes);
    expect(() => byUs(zip)).toThrow(/compressed bytes cannot be/);
  });
});

describeWithTools(['7z'], 'zips by 7-Zip', () => {
  it('are refused with a clear word where they are encrypted, or of another method', () => {
    const directory = temporaryDirectory();
    mkdirSync(path.join(directory, 'in'));
    writeFileSync(path.join(directory, 'in', 'a.inf'), '[Version]'.repeat(100));
    const make = (name: string, ...options: string[]): string => {
      const zip = path.join(directory, name);
      execFileSync('7z', ['a', '-tzip', ...options, zip, 'a.inf'], {
        cwd: path.join(directory, 'in'),
        stdio: 'ignore',
      });
      return zip;
    };
    const plain = make('plain.zip');
    expect(byUs(plain)).toEqual({ 'a.inf': md5(Buffer.from('[Version]'.repeat(100))) });
    expect(() => byUs(make('secret.zip', '-psecret'))).toThrow(/secret.zip > a.inf: .*password/);
    expect(() => byUs(make('lzma.zip', '-mm=LZMA'))).toThrow(/method/);
  });
});
