import type { ImageSummary, WimSummary, WindowsSummary } from '../../../src-shared/model/summaries';
import { timeText } from './time';

const compressionNames: Readonly<Record<WimSummary['compression'], string>> = {
  none: 'None',
  xpress: 'XPRESS',
  lzx: 'LZX',
  lzms: 'LZMS',
};

/** `info WIM`: the WIM and all its images, in wimlib-imagex's fields and layout. */
export function renderWimInfo(summary: WimSummary): string {
  return renderWim(summary) + heading('Available Images:') + summary.images.map(renderImage).join('');
}

/** `info WIM IMAGE`. */
export function renderImageInfo(image: ImageSummary): string {
  return heading(`Information for Image ${image.index}`) + renderImage(image);
}

function heading(text: string): string {
  return `${text}\n${'-'.repeat(text.length)}\n`;
}

function renderWim(summary: WimSummary): string {
  const rows: (readonly [string, string])[] = [
    ['Path:', summary.path],
    ['GUID:', `0x${summary.guid}`],
    ['Version:', String(summary.version)],
    ['Image Count:', String(summary.imageCount)],
    ['Compression:', compressionNames[summary.compression]],
    ['Chunk Size:', `${summary.chunkSize} bytes`],
    ['Part Number:', `${summary.partNumber}/${summary.totalParts}`],
    ['Boot Index:', String(summary.bootIndex)],
    ['Size:', `${summary.size} bytes`],
    ['Attributes:', attributesText(summary)],
  ];
  const lines = rows.map(([name, value]) => `${name.padEnd(16)}${value}\n`).join('');
  return `${heading('WIM Information:')}${lines}\n`;
}

function attributesText({ attributes }: WimSummary): string {
  const words: (readonly [boolean, string])[] = [
    [attributes.pipable, 'Pipable'],
    [attributes.integrity, 'Integrity info'],
    [attributes.relativeJunction, 'Relative path junction'],
    [attributes.resourceOnly, 'Resource only'],
    [attributes.metadataOnly, 'Metadata only'],
    [attributes.readOnly, 'Readonly'],
  ];
  return words
    .filter(([set]) => set)
    .map(([, word]) => word)
    .join(', ');
}

function renderImage(image: ImageSummary): string {
  const rows: (readonly [string, string])[] = [
    ['Index:', String(image.index)],
    ['Name:', image.name],
    ['Description:', image.description],
    ...present('Display Name:', image.displayName),
    ...present('Display Description:', image.displayDescription),
    ['Directory Count:', String(image.directoryCount)],
    ['File Count:', String(image.fileCount)],
    ['Total Bytes:', String(image.totalBytes)],
    ['Hard Link Bytes:', String(image.hardLinkBytes)],
    ['Creation Time:', timeText(image.creationTime)],
    ['Last Modification Time:', timeText(image.lastModificationTime)],
    ...(image.windows === null ? [] : windowsRows(image.windows)),
    ...present('Flags:', image.flags),
    ['WIMBoot compatible:', image.wimboot ? 'yes' : 'no'],
  ];
  return rows.map(([name, value]) => `${name.padEnd(24)}${value}\n`).join('') + '\n';
}

function windowsRows(windows: WindowsSummary): (readonly [string, string])[] {
  const {
    languages,
    defaultLanguage,
    majorVersion,
    minorVersion,
    build,
    servicePackBuild,
    servicePackLevel,
  } = windows;
  const versions = [majorVersion, minorVersion, build, servicePackBuild, servicePackLevel];
  const versionNames = [
    'Major Version:',
    'Minor Version:',
    'Build:',
    'Service Pack Build:',
    'Service Pack Level:',
  ];
  return [
    ['Architecture:', windows.architecture],
    ...present('Product Name:', windows.productName),
    ...present('Edition ID:', windows.editionId),
    ...present('Installation Type:', windows.installationType),
    ...present('HAL:', windows.hal),
    ...present('Product Type:', windows.productType),
    ...present('Product Suite:', windows.productSuite),
    // A space follows every language, as scripts that cut columns expect.
    ...present('Languages:', languages.map((language) => `${language} `).join('')),
    ...present('Default Language:', defaultLanguage),
    ...present('System Root:', windows.systemRoot),
    // The five stand together: a WIM that gives one of them has a VERSION element.
    ...(versions.every((number) => number === null)
      ? []
      : versionNames.map((name, i) => [name, String(versions[i] ?? 0)] as const)),
  ];
}

function present(name: string, value: string): (readonly [string, string])[] {
  return value === '' ? [] : [[name, value]];
}
