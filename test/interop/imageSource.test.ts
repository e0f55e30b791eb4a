import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { capture } from '../../src-main/engine/wim/ops/capture';
import { createImageSource } from '../../src-main/engine/wim/imageSource';
import { openWim } from '../../src-main/engine/wim/openWim';
import { createNodeHost } from '../../src-main/workers/nodeHost';
import { describeWithTools, temporaryDirectory } from '../support/tools';

/** Lines of a detailed listing, without what may differ: places in the file. */
function listing(wim: string): string[] {
  return execFileSync('wimlib-imagex', ['dir', wim, '1', '--detailed'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => !/^\s*(Raw|Reference|Offset|Compressed|Size in WIM|Location|Flags)/.test(line));
}

describeWithTools(['wimlib-imagex'], 'an image in a WIM as a source', () => {
  it('is captured with all of its metadata, less what is excluded', async () => {
    const place = temporaryDirectory();
    const tree = path.join(place, 'tree');
    mkdirSync(path.join(tree, 'skip'), { recursive: true });
    writeFileSync(path.join(tree, 'a.txt'), 'some text, twice the same\n'.repeat(4000));
    writeFileSync(path.join(tree, 'b.bin'), Buffer.alloc(5 << 20, 'xyz'));
    writeFileSync(path.join(tree, 'skip', 'c.txt'), 'left out');
    const [whole, wanted, made] = ['whole.wim', 'wanted.wim', 'made.wim'].map((name) =>
      path.join(place, name),
    );
    execFileSync('wimlib-imagex', ['capture', tree, whole, '--compress=lzx', '--unix-data'], {
      stdio: 'ignore',
    });
    execFileSync('wimlib-imagex', ['export', whole, '1', wanted], { stdio: 'ignore' });
    execFileSync('wimlib-imagex', ['update', wanted, '1', '--command=delete --recursive /skip'], {
      stdio: 'ignore',
    });

    const host = createNodeHost({ appDirectory: path.resolve('dist') });
    const wim = await openWim(host, whole);
    try {
      const source = createImageSource(host, wim, 1);
      const scan = await source.scan({ excludes: (entry) => (entry === '/skip' ? '/skip' : undefined) });
      expect(scan.excluded).toEqual([{ path: '/skip', pattern: '/skip' }]);
      const config = { excludes: (entry: string) => (entry === '/skip' ? '/skip' : undefined) };
      const matcher = { ...config, excludesFromCompression: () => false };
      const report = await capture(
        host,
        { source: 'tree', wim: made, compression: { format: 'xpress' } },
        { source, matcher },
      );
      expect({ files: report.files, excluded: report.excluded.length }).toEqual({ files: 2, excluded: 1 });
    } finally {
      wim.close();
      await host.close();
    }
    execFileSync('wimlib-imagex', ['verify', made], { stdio: 'ignore' });
    const lines = listing(made);
    // What is compared is all that a detailed listing tells of attributes, times, security, hashes and UNIX data.
    expect(
      lines.filter((line) => /Attributes|Last Write Time|UNIX Mode|Hash/.test(line)).length,
    ).toBeGreaterThan(8);
    expect(lines).toEqual(listing(wanted));
  });
});
