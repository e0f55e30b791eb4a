import { expect, it } from 'vitest';
import { windowsInfo } from '../../../../../src-main/engine/wim/xml/windowsInfo';
import { parseWimXml, WimXml } from '../../../../../src-main/engine/wim/xml/wimXml';

it('tells what Windows is in an image', () => {
  const text =
    '<WIM><IMAGE INDEX="1"><WINDOWS><ARCH>9</ARCH><PRODUCTNAME>Microsoft® Windows® Operating System</PRODUCTNAME>' +
    '<EDITIONID>Professional</EDITIONID><INSTALLATIONTYPE>Client</INSTALLATIONTYPE><HAL>acpiapic</HAL>' +
    '<PRODUCTTYPE>WinNT</PRODUCTTYPE><PRODUCTSUITE>Terminal Server</PRODUCTSUITE><LANGUAGES><LANGUAGE>en-US</LANGUAGE>' +
    '<FALLBACK LANGUAGE="fr-FR">en-US</FALLBACK><LANGUAGE>fr-FR</LANGUAGE><DEFAULT>en-US</DEFAULT></LANGUAGES>' +
    '<VERSION><MAJOR>10</MAJOR><MINOR>0</MINOR><BUILD>19041</BUILD><SPBUILD>264</SPBUILD></VERSION>' +
    '<SYSTEMROOT>WINDOWS</SYSTEMROOT></WINDOWS></IMAGE></WIM>';
  const image = parseWimXml(Buffer.from('\ufeff' + text, 'utf16le')).image(1)!;
  expect(windowsInfo(image)).toEqual({
    architecture: 'x86_64',
    productName: 'Microsoft® Windows® Operating System',
    editionId: 'Professional',
    installationType: 'Client',
    productType: 'WinNT',
    productSuite: 'Terminal Server',
    hal: 'acpiapic',
    languages: ['en-US', 'fr-FR'],
    defaultLanguage: 'en-US',
    systemRoot: 'WINDOWS',
    majorVersion: 10,
    minorVersion: 0,
    build: 19041,
    servicePackBuild: 264,
    servicePackLevel: 0,
  });
});

it('says nothing where there is none', () => {
  expect(windowsInfo(new WimXml().addImage({ time: 0n }))).toBeNull();
});
