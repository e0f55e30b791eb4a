import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderEntry } from '../../../src-main/cli/text/entries';
import { renderHeader } from '../../../src-main/cli/text/header';
import { renderImageInfo, renderWimInfo } from '../../../src-main/cli/text/info';
import { renderBlob } from '../../../src-main/cli/text/resources';
import { countText, durationText, sizeText } from '../../../src-main/cli/text/figures';
import { timeText } from '../../../src-main/cli/text/time';
import { describeWithFixtures, describeWithTools, fixtures, temporaryDirectory } from '../../support/tools';
import { readBlobs, readEntries, readHeader, readImage, readInfo } from './wimlibText';

function wimlib(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('wimlib-imagex', args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    maxBuffer: 2 ** 28,
  });
  expect(stderr).not.toContain('ERROR');
  expect(status).toBe(0);
  return stdout;
}

const wims = [
  'pebakery/LZX.wim',
  'pebakery/XPRESS.wim',
  'pebakery/LZMS.wim',
  'pebakery/BootLZX.wim',
  'pebakery/Split.swm',
  'pebakery/VerifySuccess.wim',
  'microsoft-ppkg/mOSD.ppkg',
  'microsoft-ppkg/setupspecialize.ppkg',
  '7zip-made/DiscUtils-TestData.wim',
  'wimlib-tests/empty_dacl.wim',
  'wimlib-tests/longpaths.wim',
  'wimlib-tests/corrupted_file_1.wim',
];

describeWithTools(['wimlib-imagex'], 'layout as wimlib-imagex prints it', () => {
  it.each(wims)('info, header, blobs and listing of %s', (name) => {
    sameLayout(fixtures('wim', name));
  });

  it('a WIM with Windows properties, links, UNIX data, a missing blob and a description', () => {
    const directory = temporaryDirectory();
    const source = path.join(directory, 'source');
    mkdirSync(path.join(source, 'sub'), { recursive: true });
    writeFileSync(path.join(source, 'sub/a file'), 'x'.repeat(5000));
    writeFileSync(path.join(source, 'empty'), '');
    linkSync(path.join(source, 'sub/a file'), path.join(source, 'linked'));
    symlinkSync('/sub', path.join(source, 'sym'));
    const wim = path.join(directory, 'a.wim');
    const properties = [
      'WINDOWS/ARCH=9',
      'WINDOWS/PRODUCTNAME=Microsoft® Windows® Operating System',
      'WINDOWS/EDITIONID=Core',
      'WINDOWS/INSTALLATIONTYPE=Client',
      'WINDOWS/HAL=acpiapic',
      'WINDOWS/PRODUCTTYPE=WinNT',
      'WINDOWS/PRODUCTSUITE=Terminal Server',
      'WINDOWS/LANGUAGES/LANGUAGE=en-US',
      'WINDOWS/LANGUAGES/LANGUAGE[2]=de-DE',
      'WINDOWS/LANGUAGES/DEFAULT=en-US',
      'WINDOWS/SYSTEMROOT=WINDOWS',
      'WINDOWS/VERSION/MAJOR=10',
      'WINDOWS/VERSION/BUILD=19041',
      'DISPLAYNAME=Shown name',
      'DISPLAYDESCRIPTION=Shown description',
    ].map((property) => `--image-property=${property}`);
    wimlib(
      'capture',
      source,
      wim,
      'name',
      'description',
      '--unix-data',
      '--check',
      '--boot',
      '--flags=Core',
      ...properties,
    );
    sameLayout(wim);
    wimlib('append', source, wim, 'second', '--wimboot');
    sameLayout(wim);
    const delta = path.join(directory, 'delta.wim');
    wimlib('capture', source, delta, `--delta-from=${wim}`, '--pipable');
    sameLayout(delta);
    wimlib('delete', delta, '1');
    sameLayout(delta);
  });

  function sameLayout(wim: string): void {
    const text = wimlib('info', wim);
    const summary = readInfo(text);
    expect(renderWimInfo(summary)).toBe(text);
    for (const image of summary.images) {
      const one = wimlib('info', wim, String(image.index));
      expect(renderImageInfo(readImage(one.slice(one.indexOf('Index:')), summary.bootIndex))).toBe(one);
    }
    const header = wimlib('info', wim, '--header');
    expect(renderHeader(readHeader(header))).toBe(header);
    const blobs = wimlib('info', wim, '--blobs');
    expect(readBlobs(blobs).map(renderBlob).join('')).toBe(blobs);
    if (summary.imageCount === 0) return;
    const listing = wimlib('dir', wim, 'all', '--detailed');
    expect(readEntries(listing).map(renderEntry).join('')).toBe(listing);
  }
});

describeWithFixtures('layout of recorded listings of real media', () => {
  const directory = fixtures('wim/real-media-info');

  it.each(readdirSync(directory))('%s', (name) => {
    const text = readFileSync(path.join(directory, name), 'utf8').replace(/\r\n/g, '\n');
    expect(clean(renderWimInfo(readInfo(text)))).toBe(clean(text));
  });

  /** Recordings have lost the spaces at line ends. */
  function clean(text: string): string {
    return text.replace(/ +$/gm, '').trimEnd();
  }
});

describe('figures', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 KB'],
    [99_949, '99.9 KB'],
    [99_950, '100 KB'],
    [999_499, '999 KB'],
    [999_500, '1.0 MB'],
    [12_400_000_000, '12.4 GB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });

  it('tells counts, durations and times', () => {
    expect([98214, 999, 1000000].map(countText)).toEqual(['98,214', '999', '1,000,000']);
    expect([7, 80, 7391].map(durationText)).toEqual(['0:07', '1:20', '2:03:11']);
    expect(timeText('2018-01-06T05:12:56.1234567Z')).toBe('Sat Jan 06 05:12:56 2018 UTC');
    expect(timeText(null)).toBe('Mon Jan 01 00:00:00 1601 UTC');
    expect(timeText('+060056-05-28T05:36:10.9551615Z')).toBe('Sun May 28 05:36:10 60056 UTC');
  });
});
