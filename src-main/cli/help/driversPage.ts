import type { DriversTask } from '../command';
import { driversOptions } from '../grammar/driversOptions';
import { driversUsages } from '../grammar/driversVerb';
import { commonOptions } from '../grammar/optionTables';
import { optionList } from './optionList';

/** For the overview of the verbs. */
export const driversSummary =
  'read driver packages, match them to devices, and put them into an offline Windows';

const summaries: Readonly<Record<DriversTask, string>> = {
  scan: 'what driver packages there are',
  check: 'hold every package against itself and its catalog; exit code 4 when one is faulty',
  match: 'which package Windows would take for each device, and why it takes none of the others',
  add: 'put packages into an image of a WIM, a folder or a volume that holds Windows',
  list: 'the drivers that an offline Windows has',
  export: 'copy its drivers out, each into a folder of its own',
  remove: 'take drivers out again that were staged',
  devices: 'the devices of this PC, or those of a saved list',
  collect: 'write a script that saves the devices of another PC, without a network',
};

/** Lines of the examples; a test reads them as command lines. */
export const driversExamples: readonly string[] = [
  'wimsmith drivers scan /packs',
  'wimsmith drivers check /packs/dell-7450.cab --json',
  'wimsmith drivers devices pc42.txt',
  'wimsmith drivers match /packs --devices=pc42.txt --windows=11-24H2 --arch=amd64',
  'wimsmith drivers add lab.wim 1 --driver=/packs --match=pc42.txt --dry-run',
  'wimsmith drivers add lab.wim 1 --driver net.zip storage.cab --skip-faulty --check',
  'wimsmith drivers add boot.wim 2 --driver=/packs/winpe --boot',
  'wimsmith drivers list lab.wim 1',
  'wimsmith drivers export lab.wim 1 /saved --driver-name=oem3.inf',
  'wimsmith drivers remove lab.wim 1 e1d68x64.inf',
  'wimsmith drivers collect devices.cmd',
];

/** The text of `wimsmith help drivers`. */
export function driversPage(): string {
  const tasks = Object.keys(driversOptions) as DriversTask[];
  const usages = tasks
    .map((task) => `  wimsmith drivers ${task} ${driversUsages[task]}\n      ${summaries[task]}\n`)
    .join('');
  const options = tasks
    .filter((task) => driversOptions[task].length > 0)
    .map((task) => `\nOptions of drivers ${task}:\n${optionList(driversOptions[task])}`)
    .join('');
  return `wimsmith drivers: ${driversSummary}

Usage:
${usages}
PATH is a folder (with all below it), an INF, a .zip or a .cab. TARGET is a WIM with IMAGE, a folder that holds
\\Windows, or a disk whose volume does. A list of devices is what "pnputil /enum-devices /ids", Get-PnpDevice as CSV or
JSON, msinfo32 (.nfo) or the script of "drivers collect" saved, or identifiers, one on a line. --verbose shows more.
${options}
Options of every verb:
${optionList(commonOptions)}
What "drivers add" says of each package is what is true then:
  installed            DISM put it into the driver store of that Windows
  staged               it lies in the image, and Windows Setup installs it on the first start
  registered for boot  staged, and its service starts with Windows already
  left out, failed     it is not in the image; the reason is told

Examples:
${driversExamples.map((example) => `  ${example}\n`).join('')}`;
}
