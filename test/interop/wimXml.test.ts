import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseWimXml, serializeWimXml, type WimXml } from '../../src-main/engine/wim/xml/wimXml';
import { describeWithTools, fixtures, temporaryDirectory } from '../support/tools';
import { xmlDataOf } from '../support/wimXmlData';

const properties = [
  ['NAME', 'new & "quoted" <name>'],
  ['DESCRIPTION', "it's ünïcode 😀"],
  ['WINDOWS/VERSION/BUILD', '22631'],
  ['WINDOWS/LANGUAGES/LANGUAGE', 'en-US'],
  ['WINDOWS/LANGUAGES/LANGUAGE[2]', 'de-DE'],
  ['ALTITUDE', ''],
  ['FLAGS', ' Professional '],
] as const;

function wimlib(...args: string[]): string {
  return execFileSync('wimlib-imagex', args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function copyOf(...name: string[]): string {
  const copy = path.join(temporaryDirectory(), 'copy.wim');
  copyFileSync(fixtures(...name), copy);
  chmodSync(copy, 0o644);
  return copy;
}

/** Elements with their texts in order: what two documents have in common that say the same. */
function content(xml: WimXml): string {
  return xml.toText().trim();
}

describeWithTools(['wimlib-imagex'], 'XML data against wimlib-imagex', () => {
  it.each([
    ['wim', 'microsoft-ppkg', 'mOSD.ppkg'],
    ['wim', 'pebakery', 'LZX.wim'],
    ['wim', '7zip-made', 'DiscUtils-TestData.wim'],
  ])('sets properties of %s/%s/%s as it does', (...name) => {
    const copy = copyOf(...name);
    const ours = parseWimXml(xmlDataOf(readFileSync(copy)));
    for (const [property, value] of properties) ours.image(1)!.setProperty(property, value);

    wimlib(
      'info',
      copy,
      '1',
      ...properties.map(([property, value]) => `--image-property=${property}=${value}`),
    );
    const theirs = parseWimXml(xmlDataOf(readFileSync(copy)));
    for (const [property, value] of properties) {
      expect(theirs.image(1)?.property(property)).toBe(value === '' ? undefined : value);
    }
    // It puts the total last whenever it writes, and we leave it in its place.
    ours.setTotalBytes(undefined);
    theirs.setTotalBytes(undefined);
    expect(content(ours)).toBe(content(theirs));
    expect(parseWimXml(Buffer.from(wimlibXml(copy), 'binary')).image(1)?.name).toBe(properties[0][1]);
  });

  it('writes XML data that it reads', () => {
    const copy = copyOf('wim', 'pebakery', 'LZX.wim');
    const wim = readFileSync(copy);
    const xml = parseWimXml(xmlDataOf(wim));
    for (const [property, value] of properties) xml.image(1)!.setProperty(property, value);
    const data = serializeWimXml(xml);
    const changed = Buffer.concat([wim, data]);
    changed.writeUIntLE(data.length, 0x48, 6);
    changed.writeBigUInt64LE(BigInt(wim.length), 0x50);
    changed.writeBigUInt64LE(BigInt(data.length), 0x58);
    writeFileSync(copy, changed);
    const info = wimlib('info', copy);
    expect(info).toContain(`Name:                   ${properties[0][1]}\n`);
    expect(info).toContain(`Description:            ${properties[1][1]}\n`);
    expect(info).toContain('Build:                  22631\n');
    expect(info).toContain('Languages:              en-US de-DE \n');
    expect(Buffer.from(wimlibXml(copy), 'binary')).toEqual(Buffer.from(data));
  });
});

function wimlibXml(wim: string): string {
  const out = path.join(path.dirname(wim), 'out.xml');
  wimlib('info', wim, `--extract-xml=${out}`);
  return readFileSync(out, 'binary');
}
