import type { OfflineWindows } from '../../../../src-shared/model/drivers';
import type { Hive } from '../../registry/hive';
import { textOf } from '../../registry/registryValues';
import type { OfflineTree } from '../../offline/offlineTree';
import { imagePath } from './stagingPaths';

/** Which answer file of an image is to name the drivers. */
export interface AnswerPlace {
  readonly path: string;
  readonly exists: boolean;
  readonly warnings: readonly string[];
}

/**
 * The answer file that Windows Setup would take of those in the image, by its search order; where there is none, the
 * place for a new one. Never a second one: Setup takes the first that it finds, so that a second would hide it or be
 * hidden ("Windows Setup Automation Overview", "Methods for Running Windows Setup").
 */
export function findAnswerPlace(
  tree: OfflineTree,
  windows: OfflineWindows,
  system: Hive | undefined,
): AnswerPlace {
  if (windows.installation !== 'windows') {
    return choose(tree, ['/Autounattend.xml', '/Unattend.xml'], '/Autounattend.xml', []);
  }
  const root = imagePath(windows.systemRoot);
  const usual = [
    `${root}/Panther/Unattend/Unattend.xml`,
    `${root}/Panther/Unattend/Autounattend.xml`,
    `${root}/Panther/Unattend.xml`,
    `${root}/Panther/Autounattend.xml`,
    `${root}/System32/Sysprep/Unattend.xml`,
    '/Unattend.xml',
    '/Autounattend.xml',
  ];
  const named = textOf(system?.key('Setup')?.value('UnattendFile')) ?? '';
  const inside = named === '' ? undefined : pathInImage(named, root);
  const warnings =
    named === '' || (inside !== undefined && tree.find(inside)?.kind === 'file')
      ? []
      : [
          `the registry of ${tree.label} names the answer file ${named}, which is not in it: should it be there, it is taken first`,
        ];
  const places = inside === undefined ? usual : [inside, ...usual];
  return choose(tree, places, `${root}/Panther/unattend.xml`, warnings);
}

function choose(
  tree: OfflineTree,
  places: readonly string[],
  fresh: string,
  warnings: readonly string[],
): AnswerPlace {
  const found = places.map((path) => tree.find(path)).filter((entry) => entry?.kind === 'file');
  const first = found.at(0);
  return { path: first?.path ?? fresh, exists: first !== undefined, warnings };
}

/** 'C:\Windows\Panther\x.xml' or '%WINDIR%\x.xml' as a path of the image; undefined for another drive or a share. */
function pathInImage(path: string, root: string): string | undefined {
  const expanded = path
    .replaceAll(/%(?:windir|systemroot)%/gi, `C:${root}`)
    .replaceAll(/%systemdrive%/gi, 'C:');
  return /^C:[\\/]/i.test(expanded) && !/[\\/]\.\.?(?:[\\/]|$)/.test(expanded)
    ? imagePath(expanded.slice(2))
    : undefined;
}
