import { XMLParser } from 'fast-xml-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WimSummary } from '../../../../src-shared/model/summaries';
import { reportText, type WordedReport } from '../../../../src-renderer/wizards/info/reportFormats';
import { makeReport } from '../../../../src-renderer/wizards/info/reportModel';

const image = {
  index: 1,
  name: 'Win <11> & "Office"',
  description: '',
  displayName: '',
  displayDescription: '',
  directoryCount: 3,
  fileCount: 10,
  totalBytes: 5000,
  hardLinkBytes: 1000,
  creationTime: null,
  lastModificationTime: null,
  flags: '',
  wimboot: false,
  bootable: false,
  windows: null,
};
const wim: WimSummary = {
  path: '/images/lab.wim',
  guid: '00',
  version: 0x10d00,
  imageCount: 2,
  compression: 'lzx',
  chunkSize: 32_768,
  partNumber: 1,
  totalParts: 1,
  bootIndex: 0,
  size: 3000,
  fileSize: 3000,
  attributes: {
    pipable: false,
    integrity: true,
    relativeJunction: false,
    resourceOnly: false,
    metadataOnly: false,
    readOnly: false,
    spanned: false,
    writeInProgress: false,
    solid: false,
  },
  images: [image, { ...image, index: 2, name: 'b' }],
  leftoverBytes: 0,
  warnings: [],
};
const report = makeReport(wim, { onlyInImages: [1, 2], verified: null }, '2026-11-02T09:14:00Z');
const words = (rows: readonly (readonly [string, string])[]): WordedReport => ({
  title: 'Report on lab.wim',
  subtitle: 'Made today',
  language: 'en',
  sections: [{ title: 'File', rows }],
});

/** The cells of the page's tables, read by a parser of its own. */
function cells(html: string): unknown {
  const xml = html.replace('<!doctype html>', '').replace(/<meta[^>]*>/g, '');
  const parser = new XMLParser({ parseTagValue: false, trimValues: false, ignoreAttributes: true });
  const page = parser.parse(xml) as { html: { body: { table: { tr?: unknown } } } };
  return page.html.body.table.tr;
}

describe('a report', () => {
  it('counts hard links once, and what the file saves', () => {
    expect([report.logicalBytes, report.savedBytes]).toEqual([8000, 5000]);
    const larger = makeReport({ ...wim, fileSize: 9000 }, { onlyInImages: null, verified: null }, '');
    expect(larger.savedBytes).toBe(0);
  });

  it('is data as JSON', () => {
    expect(JSON.parse(reportText('json', report, words([])))).toEqual(report);
  });

  it('has one line for each value as text, whatever is in it', () => {
    const text = reportText(
      'text',
      report,
      words([
        ['Name', 'a\r\nb\u2028c'],
        ['Longer name', 'x'],
      ]),
    );
    expect(text).toBe('Report on lab.wim\nMade today\n\nFile\n----\nName         a b c\nLonger name  x\n');
  });

  it('takes nothing that a WIM says for markup', () => {
    const nasty = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'<>&"\'/ =scripton\n\u0000\u001b'.split('')), maxLength: 30 }),
      fc.constantFrom('</table><script>alert(1)</script>', '<!-- ', ']]>', '&lt;b&gt;'),
    );
    fc.assert(
      fc.property(nasty, nasty, (name, value) => {
        const page = reportText('html', report, words([[`n${name}n`, `v${value}v`]]));
        const shown = (text: string): string => text.replace(/[^\P{Cc}\n\t]/gu, '\uFFFD');
        expect(cells(page)).toEqual({ th: `n${shown(name)}n`, td: `v${shown(value)}v` });
      }),
    );
  });

  it('is a page that loads nothing and runs nothing', () => {
    const page = reportText('html', report, words([['Name', image.name]]));
    expect(page).toContain("content=\"default-src 'none'; style-src 'unsafe-inline'\"");
    expect(page).not.toMatch(/<(script|link|img|iframe)|https?:/);
  });
});
