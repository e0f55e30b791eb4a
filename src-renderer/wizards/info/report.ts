import type { ImageSummary } from '../../../src-shared/model/summaries';
import { formatBytes, formatCount, formatTime } from '../../i18n/format';
import type { Translate } from '../../i18n/translate';
import type { ReportSection, WimReport } from './reportModel';

/** The report in the person's language, in the order of reading. */
export function reportSections(report: WimReport, t: Translate): ReportSection[] {
  const { wim } = report;
  return [
    { title: t('wizards.report.file'), rows: fileRows(report, t) },
    { title: t('wizards.report.space'), rows: spaceRows(report, t) },
    { title: t('wizards.report.integrity'), rows: integrityRows(report, t) },
    ...wim.images.map((image, i) => ({
      title: t('wizards.report.image', { index: image.index, name: image.name }),
      rows: imageRows(image, report.onlyInImages?.[i] ?? null, t),
    })),
    ...(wim.warnings.length === 0
      ? []
      : [
          {
            title: t('wizards.report.warnings'),
            rows: wim.warnings.map((text, i) => [String(i + 1), text] as const),
          },
        ]),
  ];
}

function fileRows({ wim }: WimReport, t: Translate): [string, string][] {
  const { attributes } = wim;
  const marks = (
    ['pipable', 'relativeJunction', 'resourceOnly', 'metadataOnly', 'readOnly', 'spanned', 'solid'] as const
  ).filter((name) => attributes[name]);
  return [
    [t('wizards.report.path'), wim.path],
    [t('wizards.report.guid'), wim.guid],
    [t('wizards.report.version'), `0x${wim.version.toString(16)}`],
    [t('wizards.report.images'), formatCount(wim.imageCount)],
    [t('wizards.report.compression'), t(`compression.${wim.compression}`)],
    [t('wizards.option.chunkSize'), wim.chunkSize === 0 ? '–' : formatBytes(wim.chunkSize)],
    [t('wizards.report.part'), t('wizards.report.partOf', { part: wim.partNumber, total: wim.totalParts })],
    [t('wizards.report.boot'), wim.bootIndex === 0 ? t('common.none') : formatCount(wim.bootIndex)],
    [
      t('wizards.report.marks'),
      marks.length === 0
        ? t('common.none')
        : marks.map((name) => t(`wizards.report.mark.${name}`)).join(', '),
    ],
  ];
}

function spaceRows({ wim, logicalBytes, savedBytes }: WimReport, t: Translate): [string, string][] {
  return [
    [t('wizards.report.fileSize'), formatBytes(wim.fileSize)],
    [t('wizards.report.logical'), formatBytes(logicalBytes)],
    [t('wizards.report.saved'), formatBytes(savedBytes)],
    ...(wim.leftoverBytes === 0
      ? []
      : ([[t('wizards.report.leftover'), formatBytes(wim.leftoverBytes)]] satisfies [string, string][])),
  ];
}

function integrityRows({ wim, verified }: WimReport, t: Translate): [string, string][] {
  return [
    [t('wizards.option.integrity'), t(wim.attributes.integrity ? 'common.yes' : 'common.no')],
    [
      t('wizards.report.verified'),
      verified === null
        ? t('wizards.report.never')
        : t(verified.ok ? 'wizards.report.verifiedOk' : 'wizards.report.verifiedBad', {
            time: formatTime(verified.at),
          }),
    ],
  ];
}

function imageRows(image: ImageSummary, onlyHere: number | null, t: Translate): [string, string][] {
  const { windows } = image;
  const rows: [string, string][] = [
    [t('wizards.place.name'), image.name],
    [t('wizards.place.description'), image.description],
    [t('wizards.report.displayName'), image.displayName],
    [t('wizards.place.flags'), image.flags],
    [t('wizards.report.created'), formatTime(image.creationTime)],
    [t('wizards.report.modified'), formatTime(image.lastModificationTime)],
    [t('wizards.figure.files'), formatCount(image.fileCount)],
    [t('wizards.figure.folders'), formatCount(image.directoryCount)],
    [t('wizards.figure.data'), formatBytes(image.totalBytes)],
    [t('wizards.report.hardLinks'), image.hardLinkBytes === 0 ? '' : formatBytes(image.hardLinkBytes)],
    [t('wizards.report.onlyHere'), onlyHere === null ? '' : formatBytes(onlyHere)],
    [t('wizards.report.bootable'), image.bootable ? t('common.yes') : ''],
    [t('wizards.report.wimboot'), image.wimboot ? t('common.yes') : ''],
  ];
  if (windows !== null) {
    const version = [windows.majorVersion, windows.minorVersion, windows.build, windows.servicePackBuild]
      .filter((part) => part !== null)
      .join('.');
    rows.push(
      [t('wizards.report.product'), windows.productName],
      [t('wizards.report.edition'), windows.editionId],
      [t('wizards.report.windowsVersion'), version],
      [t('wizards.report.architecture'), windows.architecture],
      [t('wizards.report.installation'), windows.installationType],
      [t('wizards.report.productType'), windows.productType],
      [t('wizards.report.languages'), windows.languages.join(', ')],
      [t('wizards.report.defaultLanguage'), windows.defaultLanguage],
      [t('wizards.report.systemRoot'), windows.systemRoot],
    );
  }
  return rows.filter(([, value]) => value !== '');
}
