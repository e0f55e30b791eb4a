import { describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { destinationOf } from '../../../../src-main/engine/inf/copyFiles';
import { installFor } from '../../../../src-main/engine/inf/installSections';
import { namedFiles } from '../../../../src-main/engine/inf/namedFiles';
import { parseInf } from '../../../../src-main/engine/inf/parseInf';
import { safeInfPath } from '../../../../src-main/engine/inf/safeInfPath';
import { summarizeInf } from '../../../../src-main/engine/inf/summarizeInf';
import type { InfFile } from '../../../../src-main/engine/inf/infFile';
import type { DriverArchitecture, WindowsTarget } from '../../../../src-shared/model/drivers';
import { infBytes } from '../../../support/infs';

const header =
  '[Version]\nSignature="$Windows NT$"\nClass=SCSIAdapter\nClassGuid={4D36E97B-E325-11CE-BFC1-08002BE10318}\n' +
  'Provider=Acme\nDriverVer=02-25-2024,100.094.1\nCatalogFile=a.cat\nCatalogFile.NTamd64=b.cat\nPnpLockdown=1\n';

function windows(architecture: DriverArchitecture): WindowsTarget {
  return { label: 'test', major: 10, minor: 0, build: 26100, architecture, productType: 'workstation' };
}

function parse(text: string): InfFile {
  return parseInf(infBytes(header + text), 'test.inf');
}

const crypto = { digest: (_: string, bytes: Uint8Array) => createHash('sha256').update(bytes).digest() };

function problems(inf: InfFile): string[] {
  return inf.remarks.map(({ problem, line }) => `${problem} (${line ?? ''})`);
}

describe('an install section', () => {
  const text = `[Manufacturer]
Acme = Acme, NTamd64, NTx86
[Acme.NTamd64]
Disk = Disk_Inst, PCI\\VEN_1AF4&DEV_1001, , PCI\\CC_0100
[Acme.NTx86]
Disk = Disk_Inst, PCI\\VEN_1AF4&DEV_1001
[Disk_Inst]
CopyFiles = @only32.dll
[Disk_Inst.NT]
CopyFiles = Drivers, @helper.dll
AddReg = One.reg, Two.reg
FeatureScore = 0xE0
Include = machine.inf, ks.inf
Needs = KS.Registration, More
[Disk_Inst.NT.Services]
AddService = disksrv, 0x00000002, Service.disk, Log
AddService = filtersrv, , Service.filter
AddService = ,2
[Disk_Inst.NT.Components]
AddComponent = Tool, , Tool.component
[Tool.component]
ComponentIDs = VID0001&PID0001, VID0001
[More]
AddReg = Three.reg
FeatureScore = 0x10
Needs = Disk_Inst.NT, More
[Service.disk]
ServiceType = 1
StartType = %start% ; SERVICE_BOOT_START
ErrorControl = 0x1
ServiceBinary = %13%\\disk.sys
LoadOrderGroup = SCSI miniport
[Service.filter]
StartType = 3
ServiceType = 1
ServiceBinary = %12%\\filter.sys
[Drivers]
disk.sys
renamed.dll, source.dll,,0x2
[DestinationDirs]
Drivers = 13
DefaultDestDir = 11, sub
[SourceDisksNames]
1 = "Disk"
2 = "Other",,,\\x64
[SourceDisksFiles]
disk.sys = 1
helper.dll = 2, lib
[SourceDisksFiles.amd64]
source.dll = 2
unused.dll = 1
[Strings]
start = 0x0
`;

  it('is the one of the architecture, else .NT, with all that it needs', () => {
    const install = installFor(parse(text), 'disk_inst', windows('amd64'));
    expect(install).toMatchObject({
      section: 'Disk_Inst.NT',
      featureScore: 0xe0,
      include: ['machine.inf', 'ks.inf'],
      needs: ['KS.Registration'],
      addReg: ['One.reg', 'Two.reg', 'Three.reg'],
      components: [{ name: 'Tool', identifiers: ['SWC\\VID0001&PID0001', 'SWC\\VID0001'] }],
      remarks: [],
    });
    expect(install?.services).toEqual([
      {
        name: 'disksrv',
        startType: 0,
        serviceType: 1,
        errorControl: 1,
        loadOrderGroup: 'SCSI miniport',
        binary: '<driver store>\\disk.sys',
        bootCritical: true,
        associated: true,
        line: 25,
      },
      expect.objectContaining({
        name: 'filtersrv',
        startType: 3,
        binary: '%SystemRoot%\\System32\\drivers\\filter.sys',
        bootCritical: false,
        associated: false,
      }),
    ]);
    expect(
      install?.copyFiles.map(({ section, destination, files }) => [
        section,
        destination,
        files.map((one) => [one.target, one.source]),
      ]),
    ).toEqual([
      [
        'Drivers',
        { dirid: 13, subdirectory: '', name: '<driver store>' },
        [
          ['disk.sys', 'disk.sys'],
          ['renamed.dll', 'source.dll'],
        ],
      ],
      [
        '@helper.dll',
        { dirid: 11, subdirectory: 'sub', name: '%SystemRoot%\\System32\\sub' },
        [['helper.dll', 'helper.dll']],
      ],
    ]);
  });

  it('is undecorated where nothing else is for it, and missing where it is not there', () => {
    const inf = parse(
      '[a]\nx=1\n[a.NTarm64]\nx=2\n[a.NTx86.6.0]\n[a.NTx86.10.0]\n[c.NT.10.0]\n[c.NTamd64]\n',
    );
    expect(installFor(inf, 'c', windows('amd64'))?.section).toBe('c.NTamd64');
    expect(installFor(inf, 'c', windows('arm64'))?.section).toBe('c.NT.10.0');
    expect(installFor(inf, 'a', windows('amd64'))?.section).toBe('a');
    expect(installFor(inf, 'a', windows('arm64'))?.section).toBe('a.NTarm64');
    expect(installFor(inf, 'a', windows('x86'))?.section).toBe('a.NTx86.10.0');
    expect(installFor(inf, 'b', windows('amd64'))).toBeUndefined();
    expect(installFor(inf, 'a', windows('amd64'))?.featureScore).toBe(255);
  });

  it('that names a decorated section is that section', () => {
    const inf = parse(
      '[a.NTamd64]\nFeatureScore=1F\n[a.NTamd64.Services]\nAddService=s,2,s\n[s]\nStartType=1\nStartType=0\nServiceBinary=x\n',
    );
    const install = installFor(inf, 'a.NTAMD64', windows('amd64'));
    expect([install?.section, install?.featureScore, install?.services[0].startType]).toEqual([
      'a.NTamd64',
      0x1f,
      1,
    ]);
  });

  it('has a version of its own where it says so', () => {
    const inf = parse('[a]\nDriverVer=12/31/2021,2.0\n[b]\n');
    expect(installFor(inf, 'a', windows('amd64'))?.driverVer).toEqual({
      date: '2021-12-31',
      version: '2.0.0.0',
    });
    expect(installFor(inf, 'b', windows('amd64'))?.driverVer).toBeUndefined();
  });

  it('in an INF that is included is no fault', () => {
    const inf = parse(
      '[DefaultInstall]\nInclude=mdmcpq.inf\nNeeds=FakeModem\nCopyFiles=FakeModemCopyFileSection\n',
    );
    const install = installFor(inf, 'DefaultInstall', windows('amd64'));
    expect([install?.needs, install?.copyFiles, install?.remarks]).toEqual([['FakeModem'], [], []]);
    expect([namedFiles(inf), problems(inf)]).toEqual([[], []]);
  });

  it('is summarized with the whole INF', () => {
    const bytes = infBytes(header + text);
    const inf = parseInf(bytes, 'test.inf');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(summarizeInf(inf, bytes, 'C:\\pack.cab > x64/viostor.inf', crypto)).toEqual({
      id: sha256.slice(0, 16),
      name: 'viostor.inf',
      inf: 'C:\\pack.cab > x64/viostor.inf',
      infSha256: sha256,
      provider: 'Acme',
      manufacturers: ['Acme'],
      className: 'SCSIAdapter',
      classGuid: '{4d36e97b-e325-11ce-bfc1-08002be10318}',
      kind: 'device',
      date: '2024-02-25',
      version: '100.94.1.0',
      architectures: ['amd64', 'x86'],
      models: 2,
      identifiers: 2,
      bootCritical: true,
      services: ['disksrv', 'filtersrv'],
      remarks: [],
    });
    expect(inf.catalogs).toEqual([
      { name: 'a.cat', line: 7 },
      { architecture: 'amd64', name: 'b.cat', line: 8 },
    ]);
    expect(inf.pnpLockdown).toBe(true);
  });

  it('names the files of its package with their folders', () => {
    const inf = parse(text);
    expect(namedFiles(inf).map(({ path, architectures, copied }) => [path, architectures, copied])).toEqual([
      ['disk.sys', undefined, true],
      ['x64/lib/helper.dll', undefined, true],
      ['x64/source.dll', ['amd64'], true],
      ['unused.dll', ['amd64'], false],
      ['only32.dll', undefined, true],
    ]);
    expect(problems(inf)).toEqual(['[SourceDisksFiles] does not name only32.dll (17)']);
  });

  it('tells what is missing, with its line', () => {
    const inf = parse(
      '[Manufacturer]\nm=M,NTamd64\n[M.NTamd64]\nd=gone,HW\\1\nd=a,HW\\2\n[a]\nCopyFiles=list\nNeeds=b\n' +
        '[a.Services]\nAddService=s,2,t\nAddService=u,2,u\n[u]\nStartType=often\n',
    );
    summarizeInf(inf, infBytes(''), 'test.inf', crypto);
    expect(problems(inf)).toEqual([
      'the install section [gone] is not there (13)',
      'the service s names [t], which is not there (19)',
      'StartType often of the service u is no number (22)',
      'the service u has no ServiceBinary (21)',
    ]);
    expect(installFor(inf, 'a', windows('amd64'))?.remarks.map(({ problem }) => problem)).toEqual([
      'Needs names [b], which is not there',
      'CopyFiles names [list], which is not there',
      'the service s names [t], which is not there',
    ]);
  });
});

describe('the files of a package', () => {
  it('are in the folder that the disk of their architecture has', () => {
    const inf = parse(
      '[SourceDisksNames.x86]\n1=d,,,\\i386\n[SourceDisksNames.amd64]\n1=d,,,.\\x64\n' +
        '[SourceDisksFiles]\na.sys=1\n[SourceDisksFiles.x86]\nb.sys=1,sub\n[SourceDisksNames]\n2=d,data.cab\n3=d,all.cab,,,0x10\n' +
        '[SourceDisksFiles.arm64]\nc.sys=2\nd.sys=3\ne.sys=9\n',
    );
    expect(namedFiles(inf).map(({ path, architectures, cabinet }) => [path, architectures, cabinet])).toEqual(
      [
        ['i386/a.sys', ['x86'], undefined],
        ['x64/a.sys', ['amd64'], undefined],
        ['i386/sub/b.sys', ['x86'], undefined],
        ['c.sys', ['arm64'], 'data.cab'],
        ['all.cab', ['arm64'], undefined],
        ['e.sys', ['arm64'], undefined],
      ],
    );
    expect(problems(inf)).toContain('[SourceDisksNames] has no disk 9 (24)');
  });

  it('are for each architecture that lists them', () => {
    const inf = parse(
      '[SourceDisksNames]\n1=d\n2=d\n[SourceDisksFiles.x86]\na.dll=1\nb.dll=1\n[SourceDisksFiles.amd64]\na.dll=2\n' +
        '[SourceDisksFiles]\nc.dll=1\n[SourceDisksFiles.arm64]\nC.DLL=1\n[x]\nCopyFiles=@A.dll\n',
    );
    expect(namedFiles(inf).map(({ path, architectures, copied }) => [path, architectures, copied])).toEqual([
      ['c.dll', undefined, false],
      ['a.dll', ['x86', 'amd64'], true],
      ['b.dll', ['x86'], false],
    ]);
  });

  it('are none that Windows has itself by its layout', () => {
    const inf = parse(
      'LayoutFile=layout.inf\n[DefaultInstall]\nCopyFiles=@usbser.sys\n[SourceDisksNames]\n[SourceDisksFiles]\n',
    );
    expect([namedFiles(inf), problems(inf)]).toEqual([[], []]);
  });

  it('are never outside of the folder of the INF', () => {
    const inf = parse(
      '[SourceDisksNames]\n1=d\n2=d,,,..\\up\n[SourceDisksFiles]\n..\\a.sys=1\nC:\\b.sys=1\nc.sys=2\nd.sys=1,..\nnul.sys=1\n' +
        'e.sys=1,\\\\server\\share\nf.sys:stream=1\ng.sys=1,.. \nok.sys=1,\\sub\n[x]\nCopyFiles=@..\\h.sys\n',
    );
    expect(namedFiles(inf).map(({ path }) => path)).toEqual(['sub/ok.sys']);
    expect(
      inf.remarks.filter(({ code }) => code === 'unsafe-name').map(({ line, severity }) => [line, severity]),
    ).toEqual([14, 15, 16, 17, 18, 19, 20, 21, 24].map((line) => [line, 'error']));
  });

  it.each(['a/../b', '..', 'C:\\a', '\\\\a\\b', '//a', 'a\0b', 'con', 'a\\LPT1.txt', 'x ', 'a*', '', '\\'])(
    '%j is no safe path',
    (path) => {
      expect(safeInfPath(path)).toBeUndefined();
    },
  );
});

it('destinations have the names of Windows, and Windows itself without any', () => {
  const inf = parse('[DestinationDirs]\na=12\nb=16422,Acme\nc=66000\nd=99,x\n');
  expect(['a', 'b', 'c', 'd', 'e'].map((section) => destinationOf(inf, section).name)).toEqual([
    '%SystemRoot%\\System32\\drivers',
    '%ProgramFiles%\\Acme',
    '<printer drivers>',
    '<folder 99>\\x',
    '%SystemRoot%',
  ]);
});

describe('the kind of an INF', () => {
  const models = '[Manufacturer]\nm=M,NTamd64\n[M.NTamd64]\nd=i,HW\\1\n[i]\n';
  const version = (more: string): string => `[Version]\nSignature=$Windows NT$\n${more}\n`;
  it.each([
    ['device', version('Class=Net') + models, ['amd64']],
    [
      'extension',
      version('Class=Extension\nExtensionId={AAAAAAAA-0000-0000-0000-000000000001}') + models,
      ['amd64'],
    ],
    ['extension', version('ClassGuid={e2f84ce7-8efa-411c-aa69-97454ca4cb57}') + models, ['amd64']],
    ['component', version('Class=SoftwareComponent') + models, ['amd64']],
    ['class', `${version('Class=Own')}[ClassInstall32.NTamd64]\nAddReg=r\n`, []],
    ['setup', `${version('Class=System')}[DefaultInstall.NTarm64]\nAddReg=r\n`, ['arm64']],
    ['setup', `${version('Class=System')}[DefaultInstall]\nAddReg=r\n`, ['x86', 'amd64', 'arm64']],
  ] as const)('is %s', (kind, text, architectures) => {
    const inf = parseInf(infBytes(text), 'test.inf');
    expect([inf.kind, inf.architectures]).toEqual([kind, architectures]);
  });

  it('comes with the identifier of an extension', () => {
    const text = version('Class=Extension\nExtensionId={AAAAAAAA-0000-0000-0000-000000000001}');
    expect(parseInf(infBytes(text), 'x').extensionId).toBe('{aaaaaaaa-0000-0000-0000-000000000001}');
  });
});
