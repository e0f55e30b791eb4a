/**
 * What DISM prints, put together from transcripts that are public: documentation of Microsoft, reports of people. Names of
 * people in paths are left out. Localised ones keep the structure, and have words that nobody is to understand.
 */

const head = (image = '10.0.26100.2033'): string =>
  `\r\nDeployment Image Servicing and Management tool\r\nVersion: 10.0.26100.1150\r\n\r\nImage Version: ${image}\r\n\r\n`;
const done = 'The operation completed successfully.\r\n';

/** Two good packages. */
export const twoInstalled =
  head() +
  'Searching for driver packages to install...\r\nFound 2 driver package(s) to install.\r\n' +
  'Installing 1 of 2 - C:\\drivers\\3wManage.inf: The driver package was successfully installed.\r\n' +
  'Installing 2 of 2 - C:\\drivers\\amdgpio3.inf_amd64_fec0\\oemsetup.inf: The driver package was successfully installed.\r\n' +
  done;

/** A good one, one that is refused, one whose INF cannot be opened. */
export const oneOfThree =
  head() +
  'There was a problem opening the INF file. C:\\drivers\\invalid.inf Error: 0xE0000100.\r\n\r\n' +
  'Found 2 driver package(s) to install.\r\n' +
  'Installing 1 of 2 - C:\\drivers\\e1d68x64.inf: The driver package was successfully installed.\r\n' +
  'Installing 2 of 2 - C:\\drivers\\old.inf: Error - An error occurred. The driver package could not be installed.\r\n' +
  'For more information, check for log files in the <windir>\\inf folder of the target image.\r\n\r\n' +
  'Error: 2\r\n\r\nThe driver package could not be installed. \r\n' +
  'For more information, check for log files in the <windir>\\inf folder of the target image.\r\n\r\n' +
  'The DISM log file can be found at C:\\WINDOWS\\Logs\\DISM\\dism.log\r\n';

export const nothingFound =
  head('10.0.17763.1697') +
  'There was a problem opening the INF file. Y:\\mouse\\vmmouse.inf Error: 0x800703F1. \r\n\r\n' +
  'Error: 2\r\n\r\nNo driver packages were found on the specified path. \r\n' +
  'Verify that the driver .INF files are in the specified location and try the command again.\r\n\r\n' +
  'The DISM log file can be found at Y:\\dism.log\r\n';

export const needsAdministrator =
  '\r\nError: 740\r\n\r\nElevated permissions are required to run DISM. \r\n' +
  'Use an elevated command prompt to complete these tasks.\r\n';

export const notServiceable =
  '\r\nDeployment Image Servicing and Management tool\r\nVersion: 6.1.7600.16385\r\n\r\n\r\nError: 50\r\n\r\n' +
  'To service this Windows image requires the latest version of the DISM. See the help for more.\r\n\r\n' +
  'The DISM log file can be found at C:\\Windows\\Logs\\DISM\\dism.log\r\n';

/** The same structure in words of no language that is looked for; a no-break space stands before the colon. */
export const localised = (installed: string, refused: string): string =>
  '\r\nOutil X\r\nVersion\u00a0: 10.0.26100.1150\r\n\r\nVersion Y\u00a0: 10.0.26100.2033\r\n\r\n' +
  'Zzz 2 zzz.\r\n' +
  `Zzzz 1 / 2 - C:\\Pilotes r\u00e9seau\\e1d.inf\u00a0: ${installed}\r\n` +
  `Zzzz 2 / 2 - C:\\Pilotes r\u00e9seau\\b.inf\u00a0: ${refused}\r\n`;

export const drivers =
  head() +
  'Obtaining list of 3rd party drivers from the driver store...\r\n\r\nDriver packages listing:\r\n\r\n' +
  'Published Name : oem0.inf\r\nOriginal File Name : e1d68x64.inf\r\nInbox : No\r\nClass Name : Net\r\n' +
  'Provider Name : Intel\r\nDate : 17/05/2024\r\nVersion : 12.19.2.45\r\n\r\n' +
  'Published Name : oem1.inf\r\nOriginal File Name : nvhda.inf\r\nInbox : No\r\nClass Name : MEDIA\r\n' +
  'Provider Name : NVIDIA\r\nDate : 3/14/2024\r\nVersion : 1.4.1.0\r\nBoot Critical : No\r\n\r\n' +
  done;

export const noDrivers =
  head() +
  'Obtaining list of 3rd party drivers from the driver store...\r\n\r\nDriver packages listing:\r\n\r\n' +
  `(No drivers found in the image matching the criteria)\r\n\r\n${done}`;

export const localisedDrivers =
  '\r\n工具\r\n版本: 10.0.26100.1150\r\n\r\n映像版本: 10.0.26100.2033\r\n\r\n列表：\r\n\r\n' +
  '名称 : oem12.inf\r\n原始 : netwtw08.inf\r\n内置 : 否\r\n类 : net\r\n提供 : Intel\r\n日期 : 2024/5/17\r\n版本 : 23.60.0.10\r\n\r\n' +
  '名称 : c_net.inf\r\n原始 : c_net.inf\r\n内置 : 是\r\n类 : net\r\n提供 : Microsoft\r\n日期 : 2006/6/21\r\n版本 : 10.0.26100.1\r\n';
