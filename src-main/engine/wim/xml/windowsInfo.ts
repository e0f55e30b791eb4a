import type { WindowsSummary } from '../../../../src-shared/model/summaries';
import { smallDecimalOf } from './values';
import type { WimImageXml } from './wimImageXml';
import { childElement, childElements, elementText, type XmlElement } from './xmlTree';

/** PROCESSOR_ARCHITECTURE_* of the Windows SDK (winnt.h), by the names that imaging tools print. */
const architectures: ReadonlyMap<number, string> = new Map([
  [0, 'x86'],
  [1, 'MIPS'],
  [5, 'ARM'],
  [6, 'ia64'],
  [9, 'x86_64'],
  [12, 'ARM64'],
]);

/** What the WINDOWS element says of the Windows in the image; null when there is none. */
export function windowsInfo(image: WimImageXml): WindowsSummary | null {
  const windows = childElement(image.element, 'WINDOWS');
  if (windows === undefined) return null;
  const languages = childElement(windows, 'LANGUAGES');
  const version = childElement(windows, 'VERSION');
  const versionNumber = (name: string): number | null =>
    version === undefined ? null : smallDecimalOf(childElement(version, name));
  return {
    architecture: architectures.get(smallDecimalOf(childElement(windows, 'ARCH'))) ?? 'unknown',
    productName: textOf(windows, 'PRODUCTNAME'),
    editionId: textOf(windows, 'EDITIONID'),
    installationType: textOf(windows, 'INSTALLATIONTYPE'),
    productType: textOf(windows, 'PRODUCTTYPE'),
    productSuite: textOf(windows, 'PRODUCTSUITE'),
    hal: textOf(windows, 'HAL'),
    languages: languages === undefined ? [] : languageNames(languages),
    defaultLanguage: languages === undefined ? '' : textOf(languages, 'DEFAULT'),
    systemRoot: textOf(windows, 'SYSTEMROOT'),
    majorVersion: versionNumber('MAJOR'),
    minorVersion: versionNumber('MINOR'),
    build: versionNumber('BUILD'),
    servicePackBuild: versionNumber('SPBUILD'),
    servicePackLevel: versionNumber('SPLEVEL'),
  };
}

function textOf(parent: XmlElement, name: string): string {
  const element = childElement(parent, name);
  return (element === undefined ? undefined : elementText(element)) ?? '';
}

function languageNames(languages: XmlElement): string[] {
  return childElements(languages, 'LANGUAGE').flatMap((element) => elementText(element) ?? []);
}
