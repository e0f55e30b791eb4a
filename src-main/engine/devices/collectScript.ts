/**
 * Text of a .cmd file that writes this PC's devices beside itself, for `readDeviceList`. With PowerShell it asks
 * Win32_PnPEntity, which has all identifiers since Windows 7; else (Windows PE without it) pnputil, and where even that
 * does not know /deviceids, what it has without. Nothing is changed on the PC but that one file, and no rights are
 * needed. ASCII with CRLF, as `cmd` wants it.
 */
export function collectScript(): string {
  return `${lines.join('\r\n')}\r\n`;
}

// What PowerShell 2 of Windows 7 knows: no ConvertTo-Json, no -LiteralPath. Joined lists keep in CSV.
const query = [
  '$m=Get-WmiObject Win32_ComputerSystem;',
  '$d=Get-WmiObject Win32_PnPEntity|Select-Object PNPDeviceID,Name,PNPClass,ConfigManagerErrorCode,',
  "@{n='HardwareID';e={$_.HardwareID -join '|'}},@{n='CompatibleID';e={$_.CompatibleID -join '|'}},",
  "@{n='PcManufacturer';e={$m.Manufacturer}},@{n='PcModel';e={$m.Model}}|ConvertTo-Csv -NoTypeInformation;",
  'if($d){[IO.File]::WriteAllLines($env:LIST,[string[]]$d,[Text.Encoding]::UTF8)}',
].join('');

const lines = [
  '@echo off',
  'rem Writes the devices of this PC to a file beside this script. Changes nothing else.',
  'setlocal',
  'set "LIST=%~dp0devices-%COMPUTERNAME%.csv"',
  'where powershell.exe >nul 2>nul || goto pnputil',
  `powershell.exe -NoProfile -NonInteractive -Command "${query}"`,
  'if exist "%LIST%" goto done',
  ':pnputil',
  'set "LIST=%~dp0devices-%COMPUTERNAME%.txt"',
  'pnputil.exe /enum-devices /connected /deviceids >"%LIST%" 2>nul && goto done',
  'pnputil.exe /enum-devices /connected /ids >"%LIST%" 2>nul && goto done',
  'pnputil.exe /enum-devices /connected >"%LIST%" 2>nul && goto done',
  'echo The devices of this PC could not be listed.',
  'exit /b 1',
  ':done',
  'echo Written: "%LIST%"',
];
