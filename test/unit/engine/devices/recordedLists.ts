/** Lists of devices in the formats that Windows' programs write, with the same few devices. */

const nic = {
  instance: 'PCI\\VEN_8086&DEV_15B7&SUBSYS_07BE1028&REV_31\\3&11583659&0&FE',
  hardware: [
    'PCI\\VEN_8086&DEV_15B7&SUBSYS_07BE1028&REV_31',
    'PCI\\VEN_8086&DEV_15B7&SUBSYS_07BE1028',
    'PCI\\VEN_8086&DEV_15B7&CC_020000',
  ],
  compatible: ['PCI\\VEN_8086&DEV_15B7&REV_31', 'PCI\\VEN_8086&DEV_15B7', 'PCI\\CC_0200'],
};

const keyboard = {
  instance: 'ACPI\\PNP0303\\4&1d401fb5&0',
  hardware: ['ACPI\\VEN_PNP&DEV_0303', 'ACPI\\PNP0303', '*PNP0303'],
  compatible: [],
};

export const expected = { nic, keyboard };

/** `pnputil /enum-devices /deviceids /drivers`, English. */
export const pnputilEnglish = `Microsoft PnP Utility

Instance ID:                ${nic.instance}
Device Description:         Intel(R) Ethernet Connection (2) I219-LM
Class Name:                 Net
Class GUID:                 {4d36e972-e325-11ce-bfc1-08002be10318}
Manufacturer Name:          Intel
Status:                     Problem
Problem Code:               28 (0x1C) [CM_PROB_FAILED_INSTALL]
Problem Status:             0xC0000490
Driver Name:                oem12.inf
Hardware IDs:               ${nic.hardware.join('\n                            ')}
Compatible IDs:             ${nic.compatible.join('\n                            ')}
Matching Drivers:
    Driver Name:            oem12.inf
    Original Name:          e1d68x64.inf
    Provider Name:          Intel
    Driver Version:         05/01/2020 12.18.9.23
    Matching Device ID:     PCI\\VEN_8086&DEV_15B7
    Driver Rank:            00FF0001
    Driver Status:          Best Ranked / Installed

Instance ID:                ${keyboard.instance}
Device Description:         Standard PS/2 Keyboard
Class Name:                 Keyboard
Class GUID:                 {4d36e96b-e325-11ce-bfc1-08002be10318}
Manufacturer Name:          (Standard keyboards)
Status:                     Started
Driver Name:                keyboard.inf
Hardware IDs:               ${keyboard.hardware.join('\n                            ')}
`;

/** The same in German, and in a language of which no label is known. */
export const pnputilGerman = translated({
  'Instance ID': 'Instanz-ID',
  'Device Description': 'Gerätebeschreibung',
  'Class Name': 'Klassenname',
  'Class GUID': 'Klassen-GUID',
  'Manufacturer Name': 'Herstellername',
  'Problem Code': 'Problemcode',
  'Driver Name': 'Treibername',
  'Hardware IDs': 'Hardware-IDs',
  'Compatible IDs': 'Kompatible IDs',
  'Matching Drivers': 'Übereinstimmende Treiber',
});

export const pnputilOther = translated({
  'Instance ID': '実例識別子',
  'Device Description': '説明',
  'Class Name': '組名',
  'Class GUID': '組 GUID',
  'Manufacturer Name': '製造元',
  Status: '状態',
  'Problem Code': '問題番号',
  'Problem Status': '問題状態',
  'Driver Name': '駆動名',
  'Hardware IDs': '機器識別子',
  'Compatible IDs': '互換識別子',
  'Matching Drivers': '一致する駆動',
});

function translated(words: Readonly<Record<string, string>>): string {
  return pnputilEnglish.replace(/^( *)([A-Z][\w ]+):/gm, (_, indent: string, label: string) => {
    return `${indent}${words[label] ?? label}:`;
  });
}

/** `pnputil /enum-devices /properties` has identifiers below the names of properties. */
export const pnputilProperties = `Microsoft PnP Utility

Instance ID:                ${nic.instance}
Device Description:         Intel(R) Ethernet Connection (2) I219-LM
Class Name:                 Net
Device Properties:
    DEVPKEY_Device_DeviceDesc [String]:
        PCI\\NOT AN IDENTIFIER OF IT
    DEVPKEY_Device_HardwareIds [String List]:
        ${nic.hardware.join('\n        ')}
    DEVPKEY_Device_CompatibleIds [String List]:
        ${nic.compatible.join('\n        ')}
    DEVPKEY_Device_Parent [String]:
        PCI\\VEN_8086&DEV_A145
`;

export const pnputilXml = `<?xml version="1.0" encoding="utf-8"?>
<PnpUtil Version="10.0.26100" Command="/enum-devices /deviceids /format xml">
  <Device InstanceId="${nic.instance.replaceAll('&', '&amp;')}">
    <DeviceDescription>Intel(R) Ethernet Connection (2) I219-LM</DeviceDescription>
    <ClassName>Net</ClassName>
    <Status>Started</Status>
    <DriverName>oem12.inf</DriverName>
    <HardwareIds>${nic.hardware.map((id) => `<HardwareId>${id.replaceAll('&', '&amp;')}</HardwareId>`).join('')}</HardwareIds>
    <CompatibleIds>${nic.compatible.map((id) => `<CompatibleId>${id.replaceAll('&', '&amp;')}</CompatibleId>`).join('')}</CompatibleIds>
  </Device>
</PnpUtil>
`;

const rows = [
  {
    Class: 'Net',
    FriendlyName: 'Intel(R) Ethernet Connection (2) I219-LM',
    InstanceId: nic.instance,
    Problem: 28,
    ConfigManagerErrorCode: 28,
    HardwareID: nic.hardware,
    CompatibleID: nic.compatible,
    PNPDeviceID: nic.instance,
  },
  {
    Class: 'Keyboard',
    FriendlyName: 'Standard PS/2 Keyboard',
    InstanceId: keyboard.instance,
    Problem: 0,
    ConfigManagerErrorCode: 0,
    HardwareID: keyboard.hardware,
    CompatibleID: null,
    PNPDeviceID: keyboard.instance,
  },
];

/** `Get-PnpDevice | ConvertTo-Json` */
export const pnpDeviceJson = JSON.stringify(rows, null, 4);

/** As PowerShell gives arrays that it had wrapped, and joined where the depth ends. */
export const pnpDeviceJsonOdd = JSON.stringify({
  value: [
    { ...rows[0], HardwareID: { value: nic.hardware, Count: 3 }, CompatibleID: nic.compatible.join(' ') },
    rows[1],
  ],
  Count: 2,
});

/** `Get-PnpDevice | Export-Csv`: lists are lost. */
export const pnpDeviceCsv = `#TYPE Microsoft.Management.Infrastructure.CimInstance
"Class","FriendlyName","InstanceId","Problem","HardwareID","CompatibleID"
${rows.map((row) => `"${row.Class}","${row.FriendlyName}, ""new""","${row.InstanceId}","${row.Problem}","System.String[]","System.String[]"`).join('\r\n')}
`;

/** What the script for collecting writes: ConvertTo-Csv of Windows PowerShell. */
export const collectedCsv = `"PNPDeviceID","Name","PNPClass","ConfigManagerErrorCode","HardwareID","CompatibleID","PcManufacturer","PcModel"\r
${rows.map((row) => `"${row.InstanceId}","${row.FriendlyName}","${row.Class}","${row.ConfigManagerErrorCode}","${row.HardwareID.join('|')}","${(row.CompatibleID ?? []).join('|')}","Dell Inc.","Latitude 7480"`).join('\r\n')}\r
`;

/** An .nfo of msinfo32, its categories in German. */
export const msinfo = `<?xml version="1.0"?>
<MsInfo><Metadata><Version>8.0</Version></Metadata>
<Category name="Systemübersicht">
<Data><Element><![CDATA[Systemhersteller]]></Element><Wert><![CDATA[Dell Inc.]]></Wert></Data>
<Data><Element><![CDATA[Systemmodell]]></Element><Wert><![CDATA[Latitude 7480]]></Wert></Data>
<Category name="Komponenten">
<Category name="Netzwerk">
<Data><Element><![CDATA[Name]]></Element><Wert><![CDATA[Intel(R) Ethernet Connection (2) I219-LM]]></Wert></Data>
<Data><Element><![CDATA[PNP-Gerätekennung]]></Element><Wert><![CDATA[${nic.instance}]]></Wert></Data>
<Data><Element><![CDATA[]]></Element><Wert><![CDATA[]]></Wert></Data>
<Data><Element><![CDATA[Name]]></Element><Wert><![CDATA[Standard PS/2 Keyboard]]></Wert></Data>
<Data><Element><![CDATA[PNP-Gerätekennung]]></Element><Wert><![CDATA[${keyboard.instance}]]></Wert></Data>
</Category>
<Category name="Problemgeräte">
<Data><Gerät><![CDATA[SM Bus Controller]]></Gerät><Kennung><![CDATA[PCI\\VEN_8086&DEV_9D23&SUBSYS_07BE1028&REV_21\\3&11583659&0&FC]]></Kennung><Fehlercode><![CDATA[28]]></Fehlercode></Data>
</Category>
</Category>
</Category>
</MsInfo>
`;
