// Measures driver packages: 10,000 of them scanned, and matched to 200 devices. No other program does either, so that
// there is nothing to compare with but the goals: under 10 s, under 1 s more, under 300 MB.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { measure, wimsmith } from './measure.mjs';
import { machine, median } from './report.mjs';

const PACKAGES = 10_000;
const IDENTIFIERS = 100;
const DEVICES = 200;
/** Bytes of an INF, at least: what vendors write comes to 20 to 200 KB. */
const INF_SIZE = 30_000;

/**
 * Measures everything and prints it.
 * @param {{ rounds: number, dir: string, json: string | undefined, bundle: string | undefined }} options
 */
export function measureDrivers({ rounds, dir, json, bundle }) {
  mkdirSync(dir, { recursive: true });
  const { folder, list, bytes } = driverTree(dir);
  const scan = [...wimsmith(bundle), 'drivers', 'scan', folder, '--json'];
  const match = [
    ...wimsmith(bundle),
    ...['drivers', 'match', folder, `--devices=${list}`, '--windows=11-24H2', '--arch=amd64', '--json'],
  ];
  const figures = { scan: [], match: [] };
  for (let round = 0; round < rounds; round++) {
    figures.scan.push(measure(scan));
    figures.match.push(measure(match));
  }
  const rows = Object.entries(figures).map(([name, costs]) => ({
    name,
    wall: median(costs.map(({ wall }) => wall)),
    peak: median(costs.map(({ peak }) => peak ?? 0)),
  }));
  const { processor, processors, system } = machine();
  console.log(`${processor}, ${processors} processors, ${system}`);
  console.log(
    `${PACKAGES.toLocaleString('en')} packages, ${(bytes / 1e6).toFixed(0)} MB of INFs, ` +
      `${(PACKAGES * IDENTIFIERS).toLocaleString('en')} identifiers, ${DEVICES} devices; medians of ${rounds}`,
  );
  for (const { name, wall, peak } of rows) {
    console.log(`${name.padEnd(8)} ${wall.toFixed(2)} s   ${(peak / 1e6).toFixed(0)} MB`);
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ rows }, undefined, 1)}\n`);
}

/** A folder of packages, made once. */
function driverTree(dir) {
  const folder = path.join(dir, 'drivers');
  const list = path.join(dir, 'devices.txt');
  const marker = path.join(dir, 'drivers.made');
  let bytes = 0;
  const isMade = existsSync(marker);
  for (let number = 0; number < PACKAGES; number++) {
    const text = infText(number);
    bytes += text.length;
    if (isMade) continue;
    const place = path.join(folder, `vendor${number % 50}`, `pack${number}`);
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, `drv${number}.inf`), text, 'latin1');
    writeFileSync(path.join(place, `drv${number}.sys`), `driver ${number}`);
  }
  const devices = Array.from({ length: DEVICES }, (_, i) => `${identifier(i * 37, i % IDENTIFIERS)}\r\n`);
  writeFileSync(list, devices.join(''));
  writeFileSync(marker, '');
  return { folder, list, bytes };
}

function identifier(number, at) {
  const hex = (value) => value.toString(16).toUpperCase().padStart(4, '0');
  return `PCI\\VEN_${hex(0x1000 + (number % 300))}&DEV_${hex((number * 7 + at) & 0xffff)}&SUBSYS_${hex(number & 0xffff)}1028`;
}

function infText(number) {
  const models = [];
  for (let at = 0; at < IDENTIFIERS; at++) {
    models.push(`%Device${at}.Description% = Install_${at % 8}, ${identifier(number, at)}`);
  }
  const strings = Array.from(
    { length: IDENTIFIERS },
    (_, at) => `Device${at}.Description = "Adapter ${number}-${at}"`,
  );
  const installs = Array.from(
    { length: 8 },
    (_, at) =>
      `[Install_${at}.NT]\nCopyFiles = Files\nAddReg = Reg_${at}\n[Install_${at}.NT.Services]\nAddService = drv${number}, 2, Service\n[Reg_${at}]\nHKR, Ndi\\Params\\Speed, ParamDesc,, "%Device${at}.Description%"`,
  );
  const text = `[Version]
Signature = "$WINDOWS NT$"
Class = Net
ClassGuid = {4D36E972-E325-11CE-BFC1-08002BE10318}
Provider = %Vendor%
CatalogFile = drv${number}.cat
DriverVer = ${String((number % 12) + 1).padStart(2, '0')}/15/2024, 1.${number % 100}.0.0
[Manufacturer]
%Vendor% = Models, NTamd64
[Models.NTamd64]
${models.join('\n')}
${installs.join('\n')}
[Files]
drv${number}.sys
[Service]
ServiceType = 1
StartType = 3
ErrorControl = 1
ServiceBinary = %12%\\drv${number}.sys
[SourceDisksNames]
1 = Disk
[SourceDisksFiles]
drv${number}.sys = 1
[Strings]
Vendor = "Vendor ${number % 50}"
${strings.join('\n')}
`;
  const filler = '; registry values of the adapter, one line for each\n';
  const missing = Math.max(0, INF_SIZE - text.length);
  return text + filler.repeat(Math.ceil(missing / filler.length));
}
