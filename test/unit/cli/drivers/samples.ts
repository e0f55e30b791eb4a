import type {
  DeviceList,
  DriverCandidate,
  DriverPackage,
  DriversAddReport,
  DriversListReport,
  DriversMatchReport,
  DriversScanReport,
  OfflineWindows,
  StoredDriver,
} from '../../../../src-shared/model/drivers';

/** A package as scans find it. */
export function driverPackage(name: string, more: Partial<DriverPackage> = {}): DriverPackage {
  return {
    id: name,
    name,
    inf: `/packs/net/${name}`,
    infSha256: 'ab'.repeat(32),
    provider: 'Intel',
    manufacturers: ['Intel'],
    className: 'Net',
    classGuid: '{4d36e972-e325-11ce-bfc1-08002be10318}',
    kind: 'device',
    date: '2021-08-03',
    version: '12.19.2.45',
    architectures: ['amd64'],
    models: 40,
    identifiers: 40,
    bootCritical: false,
    services: ['e1dexpress'],
    files: 4,
    bytes: 600_000,
    signature: { state: 'whcp', signer: 'Microsoft Windows Hardware Compatibility Publisher' },
    remarks: [],
    ...more,
  };
}

export const e1d = driverPackage('e1d68x64.inf');
const longName = driverPackage('HDX_LenovoExt_DOLBY_Wrap_ELEVOC_Whisper3.0.inf', {
  inf: '/packs/audio.cab > Source/ExtRtk_9553.1/HDX_LenovoExt_DOLBY_Wrap_ELEVOC_Whisper3.0.inf',
  provider: 'Realtek Semiconductor Corporation',
  className: 'Extension',
  kind: 'extension',
  version: '6.0.9553.1',
  date: '2023-07-25',
  architectures: ['amd64', 'arm64'],
  signature: { state: 'signed', signer: 'Realtek Semiconductor Corp.' },
});
const faulty = driverPackage('old.inf', {
  provider: '',
  version: '',
  date: '',
  architectures: ['x86'],
  bootCritical: true,
  signature: { state: 'tampered' },
  remarks: [
    {
      severity: 'error',
      code: 'file-missing',
      file: '/packs/net/old.inf',
      line: 120,
      problem: 'it copies old.sys, which is not in the package',
    },
    {
      severity: 'error',
      code: 'file-tampered',
      file: '/packs/net/x64/old.dll',
      problem: 'its hash is not the one in old.cat',
    },
    { severity: 'warning', code: 'certificate-expired', file: '/packs/net/old.cat', problem: 'expired' },
    { severity: 'note', code: 'file-unlisted', file: '/packs/net/readme.txt', problem: 'not in old.cat' },
  ],
});

export const scanned: DriversScanReport = {
  packages: [longName, e1d, faulty],
  remarks: [
    {
      severity: 'error',
      code: 'unreadable',
      file: '/packs/broken.cab',
      problem: 'CFHEADER at offset 0: the signature is not MSCF',
    },
  ],
  infs: 3,
  bytes: 1_800_000,
};

export const deviceList: DeviceList = {
  label: 'pc42.txt',
  model: 'LENOVO 21HK',
  devices: [
    {
      instanceId: 'PCI\\VEN_8086&DEV_15B7&SUBSYS_072A1028&REV_31\\3&11583659&0&FE',
      name: 'Intel(R) Ethernet Connection (2) I219-LM',
      className: 'Net',
      hardwareIds: ['PCI\\VEN_8086&DEV_15B7&SUBSYS_072A1028&REV_31', 'PCI\\VEN_8086&DEV_15B7'],
      compatibleIds: ['PCI\\VEN_8086&CC_020000'],
      currentInf: 'oem12.inf',
    },
    {
      instanceId: 'PCI\\VEN_10EC&DEV_8852\\1',
      name: '',
      className: '',
      hardwareIds: ['PCI\\VEN_10EC&DEV_8852'],
      compatibleIds: [],
      problem: 'no driver (28)',
    },
    {
      instanceId: 'HDAUDIO\\FUNC_01\\4',
      name: 'High Definition Audio Device',
      className: 'MEDIA',
      hardwareIds: ['HDAUDIO\\FUNC_01&VEN_10EC&DEV_0257'],
      compatibleIds: [],
    },
  ],
  warnings: ['the list gives no identifiers for 2 devices'],
};

const winner: DriverCandidate = {
  package: e1d.id,
  description: 'Intel(R) Ethernet Connection (2) I219-LM',
  section: 'E15B7.10.0.1..17763',
  line: 412,
  identifier: 'PCI\\VEN_8086&DEV_15B7',
  match: 'hardware-hardware',
  rank: 0x00ff0001,
  signatureScore: 0,
  featureScore: 0xff,
  identifierScore: 1,
  why: 'signed by Microsoft (WHCP); matches the 2nd hardware identifier PCI\\VEN_8086&DEV_15B7',
};

export const matched: DriversMatchReport = {
  ...scanned,
  remarks: [],
  windows: {
    label: 'Windows 11 24H2 (10.0.26100)',
    major: 10,
    minor: 0,
    build: 26100,
    architecture: 'amd64',
    productType: 'workstation',
  },
  list: { label: deviceList.label, model: 'LENOVO 21HK', warnings: deviceList.warnings },
  devices: [
    {
      device: deviceList.devices[0],
      candidates: [
        winner,
        { ...winner, package: 'old.inf', rank: 0x80ff0001, why: 'not signed', line: 9, section: 'Old.NT' },
      ],
      extensions: [],
    },
    {
      device: deviceList.devices[1],
      candidates: [],
      extensions: [],
      why: 'no INF names one of its identifiers',
    },
    {
      device: deviceList.devices[2],
      candidates: [{ ...winner, package: 'hda.inf' }],
      extensions: [{ ...winner, package: longName.id, why: 'the newest extension of its ExtensionId' }],
    },
  ],
  uses: [
    { package: e1d.id, usedFor: [0] },
    { package: longName.id, usedFor: [2] },
    {
      package: faulty.id,
      usedFor: [],
      whyNot: 'e1d68x64.inf is signed, and this one is not',
      whyNotCode: 'outranked',
    },
    { package: 'spare.inf', usedFor: [], whyNot: 'no device has its identifiers', whyNotCode: 'no-device' },
  ],
};

export const windows: OfflineWindows = {
  target: { ...matched.windows, label: 'Windows 11 Pro 24H2 (10.0.26100)' },
  edition: 'Professional',
  installation: 'windows',
  systemRoot: '\\Windows',
};

export const added: DriversAddReport = {
  place: 'lab.wim, image 1',
  method: 'stage',
  windows,
  packages: [
    {
      package: e1d,
      outcome: 'staged',
      place: '\\Windows\\Wimsmith\\Drivers\\e1d68x64',
      devices: ['Intel(R) Ethernet Connection (2) I219-LM'],
    },
    { package: longName, outcome: 'staged', place: '\\Windows\\Wimsmith\\Drivers\\hdx' },
    {
      package: driverPackage('vmd.inf', { className: 'SCSIAdapter', bootCritical: true }),
      outcome: 'registered for boot',
    },
    { package: faulty, outcome: 'left out', why: 'it copies old.sys, which is not in the package' },
  ],
  changed: ['/Windows/System32/config/SOFTWARE', '/Windows/Panther/unattend.xml'],
  write: {
    wim: 'lab.wim',
    image: 1,
    size: 5_000_000_000,
    bytesStored: 900_000,
    bytesCopied: 0,
    warnings: [],
  },
  warnings: [],
};

export function stored(published: string, original: string, more: Partial<StoredDriver> = {}): StoredDriver {
  return {
    published,
    original,
    origin: 'third-party',
    provider: 'Intel',
    className: 'Net',
    classGuid: '',
    date: '2021-08-03',
    version: '12.19.2.45',
    folder: '\\Windows\\System32\\DriverStore\\FileRepository\\e1d68x64.inf_amd64_0123456789abcdef',
    remarks: [],
    ...more,
  };
}

export const listed: DriversListReport = {
  place: 'lab.wim, image 1',
  windows,
  drivers: [
    stored('oem0.inf', 'e1d68x64.inf'),
    stored('vmd.inf', 'vmd.inf', { origin: 'staged', bootCritical: true, className: 'SCSIAdapter' }),
    stored('netrtwlane.inf', 'netrtwlane.inf', {
      origin: 'inbox',
      provider: 'Microsoft',
      remarks: [
        { severity: 'warning', code: 'file-missing', file: 'netrtwlane.inf', problem: 'its folder is empty' },
      ],
    }),
  ],
  warnings: [],
};
