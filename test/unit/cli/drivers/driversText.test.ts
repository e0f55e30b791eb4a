import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../../../src-main/cli/text/display';
import { renderDriversAdd, renderDriversList } from '../../../../src-main/cli/text/driverImages';
import { renderDevices, renderDriversMatch } from '../../../../src-main/cli/text/driverMatch';
import { renderDriversCheck, renderDriversScan } from '../../../../src-main/cli/text/driverPackages';
import { renderTable, wrapText } from '../../../../src-main/cli/text/table';
import { added, deviceList, driverPackage, listed, matched, scanned, windows } from './samples';

const narrow = { verbose: false, width: 80 };
const verbose = { verbose: true, width: 100 };

describe('what a technician reads', () => {
  it('scan', () => {
    expect(renderDriversScan(scanned, narrow)).toMatchInlineSnapshot(`
      "Extension (1)
        INF             Version     Date        Provider        For          Signature
        HDX_Len….0.inf  6.0.9553.1  2023-07-25  Realtek Semic…  amd64 arm64  vendor

      Net (2)
        INF           Version     Date        Provider  For    Signature  Remarks
        e1d68x64.inf  12.19.2.45  2021-08-03  Intel     amd64  WHCP
        old.inf       -           -           -         x86    TAMPERED   2 errors, 1…

      /packs/broken.cab: error: CFHEADER at offset 0: the signature is not MSCF

      3 packages, 1.8 MB: 1 signed by their vendor, 1 signed by Microsoft (WHCP), 1
        tampered with.
      1 package for devices that Windows starts from.
      1 package with errors: "wimsmith drivers check" tells each with its line.
      "
    `);
    expect(renderDriversScan({ packages: [], remarks: [], infs: 2, bytes: 0 }, narrow)).toBe(
      'No driver packages in 2 INFs.\n',
    );
    expect(renderDriversScan(scanned, verbose)).toContain('\n      /packs/net/old.inf\n');
  });

  it('check', () => {
    expect(renderDriversCheck(scanned, narrow)).toMatchInlineSnapshot(`
      "/packs/net/old.inf (TAMPERED)
        old.inf:120: error: it copies old.sys, which is not in the package
        x64/old.dll: error: its hash is not the one in old.cat
        old.cat: warning: expired

      /packs/broken.cab: error: CFHEADER at offset 0: the signature is not MSCF

      3 packages checked: 1 faulty, 2 sound.
      "
    `);
    expect(renderDriversCheck(scanned, verbose)).toContain('  readme.txt: note: not in old.cat\n');
  });

  it('match', () => {
    expect(renderDriversMatch(matched, narrow)).toMatchInlineSnapshot(`
      "3 devices of pc42.txt (LENOVO 21HK); Windows 11 24H2 (10.0.26100), amd64

      Intel(R) Ethernet Connection (2) I219-LM [Net]
        e1d68x64.inf 12.19.2.45 (Intel, 2021-08-03), WHCP
          signed by Microsoft (WHCP); matches the 2nd hardware identifier
          PCI\\VEN_8086&DEV_15B7
          1 alternative

      High Definition Audio Device [MEDIA]
        hda.inf
          signed by Microsoft (WHCP); matches the 2nd hardware identifier
          PCI\\VEN_8086&DEV_15B7
        + HDX_LenovoExt_DOLBY_Wrap_ELEVOC_Whisper3.0.inf 6.0.9553.1 (Realtek
          Semiconductor Corporation, 2023-07-25), signed by its vendor
          the newest extension of its ExtensionId

      No package here for 1 device:
        PCI\\VEN_10EC&DEV_8852
          no INF names one of its identifiers; no driver (28)

      Packages that are used (2):
        e1d68x64.inf 12.19.2.45 (Intel, 2021-08-03): for Intel(R) Ethernet Connection
          (2) I219-LM [Net]
        HDX_LenovoExt_DOLBY_Wrap_ELEVOC_Whisper3.0.inf 6.0.9553.1 (Realtek
          Semiconductor Corporation, 2023-07-25): for High Definition Audio Device
          [MEDIA]
      Not used, for no device of the list (1).
      Not used, another package fits better (1):
        old.inf: e1d68x64.inf is signed, and this one is not

      2 of 3 devices served by 2 of 3 packages.
      "
    `);
    const all = renderDriversMatch(matched, verbose);
    expect(all).toContain('/packs/net/e1d68x64.inf:412: [E15B7.10.0.1..17763]');
    expect(all).toContain('  - old.inf, TAMPERED\n');
    expect(all).toContain('  spare.inf: no device has its identifiers\n');
  });

  it('devices', () => {
    expect(renderDevices(deviceList, narrow)).toMatchInlineSnapshot(`
      "3 devices of pc42.txt (LENOVO 21HK)
        Device                      Class  Identifier                   Problem
        Intel(R) Ethernet Connect…  Net    PCI\\VEN_8086&DEV_15B7&SUBS…
        -                                  PCI\\VEN_10EC&DEV_8852        no driver (28)
        High Definition Audio Dev…  MEDIA  HDAUDIO\\FUNC_01&VEN_10EC&D…
      "
    `);
    expect(renderDevices(deviceList, verbose)).toContain('  PCI\\VEN_8086&CC_020000 (compatible)\n');
  });

  it('add', () => {
    expect(renderDriversAdd(added, narrow)).toMatchInlineSnapshot(`
      ""lab.wim, image 1": Windows 11 Pro 24H2 (10.0.26100) Professional, amd64
      staged (2): they lie in the image; Windows Setup installs them on first start
        e1d68x64.inf 12.19.2.45 (Intel, 2021-08-03); for Intel(R) Ethernet Connection
          (2) I219-LM
        HDX_LenovoExt_DOLBY_Wrap_ELEVOC_Whisper3.0.inf 6.0.9553.1 (Realtek
          Semiconductor Corporation, 2023-07-25)
      registered for boot (1): staged, and their services start with Windows already
        vmd.inf 12.19.2.45 (Intel, 2021-08-03)
      left out (1): they are not in the image
        old.inf: it copies old.sys, which is not in the package
      2 files of it are new or changed.
      5.0 GB in the file; 900 KB stored.
      "
    `);
    const pe = renderDriversAdd({ ...added, windows: { ...windows, installation: 'windows-pe' } }, narrow);
    expect(pe).toContain('staged (2): they lie in the image; Windows PE loads them when it starts\n');
    expect(pe).toContain(', Windows PE\n');
  });

  it('list', () => {
    expect(renderDriversList(listed, narrow)).toMatchInlineSnapshot(`
      ""lab.wim, image 1": Windows 11 Pro 24H2 (10.0.26100) Professional, amd64

        Name      INF             Class    Provider  Version     Date        Is
        oem0.inf  e1d68x64.inf    Net      Intel     12.19.2.45  2021-08-03  installed
        -         vmd.inf         SCSIAd…  Intel     12.19.2.45  2021-08-03  staged*
        -         netrtwlane.inf  Net      Microso…  12.19.2.45  2021-08-03  inbox

      netrtwlane.inf: warning: its folder is empty

      * Windows starts from its devices.
      3 drivers: 1 installed, 1 staged for the first start, 1 of Windows itself.
      "
    `);
    expect(renderDriversList({ ...listed, drivers: [] }, narrow)).toContain('--all lists those, too');
  });

  it.each([80, 100, 120])('tables and sentences fit into %i columns', (width) => {
    const options = { verbose: false, width };
    const many = Array.from({ length: 30 }, (_, i) =>
      driverPackage(`${'ドライバー'.repeat(6)}${i}.inf`, {
        provider: 'A very long name of a company that makes chips, Incorporated',
        architectures: ['x86', 'amd64', 'arm64'],
        remarks: scanned.packages[2].remarks,
      }),
    );
    const texts = [
      renderDriversScan({ ...scanned, remarks: [], packages: [...scanned.packages, ...many] }, options),
      renderDriversMatch(matched, options),
      renderDevices(deviceList, options),
      renderDriversList(listed, options),
      renderDriversAdd(added, options),
    ];
    const lines = texts.flatMap((text) => text.split('\n'));
    expect(lines.filter((line) => displayWidth(line) > width)).toEqual([]);
  });

  it('long lists are cut, and say so; reasons never are', () => {
    const packages = Array.from({ length: 15 }, (_, i) => driverPackage(`n${i}.inf`));
    const staged = packages.map((one) => ({ package: one, outcome: 'staged' as const }));
    const text = renderDriversAdd({ ...added, packages: staged }, narrow);
    expect(text).toContain('  and 5 more; --verbose lists all\n');
    expect(text).not.toContain('n10.inf');
    const failed = packages.map((one) => ({ package: one, outcome: 'failed' as const, why: 'no' }));
    expect(renderDriversAdd({ ...added, packages: failed }, narrow)).toContain('n14.inf');
  });
});

describe('tables', () => {
  it('leave out empty columns, and shrink only where they must', () => {
    const columns = [
      { title: 'A', shrinksTo: 5 },
      { title: 'B' },
      { title: 'C', shrinksTo: 3, cut: 'end' as const },
    ];
    const rows = [
      ['abcdefghij', '', 'klmnopqrst'],
      ['x', '', 'y'],
    ];
    expect(renderTable(columns, rows, { indent: '', width: 80 })).toBe(
      'A           C\nabcdefghij  klmnopqrst\nx           y\n',
    );
    const cut = renderTable(columns, rows, { indent: '', width: 14 });
    expect(cut.split('\n')[1]).toBe('abc…ij  klmno…');
  });

  it('sentences are broken at blanks', () => {
    expect(wrapText('aa bb cccccccccc d', '- ', '  ', 7)).toBe('- aa bb\n  cccccccccc\n  d\n');
  });
});
