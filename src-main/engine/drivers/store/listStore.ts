import type { DriverRemark, OfflineWindows, StoredDriver } from '../../../../src-shared/model/drivers';
import { currentControlSet, openOfflineHive, type OfflineHive } from '../../offline/offlineHives';
import type { OfflineTree } from '../../offline/offlineTree';
import { changedFiles } from '../staging/packagePlan';
import { readManifest } from '../staging/manifest';
import { imagePath } from '../staging/stagingPaths';
import {
  classNameOf,
  infName,
  registeredPackages,
  startsAtBoot,
  type RegisteredPackage,
} from './driverDatabase';
import { readPublished, readRepository, type Repository } from './repository';

export interface StoreListing {
  /** Third-party ones first, then staged ones, then inbox; each by name. */
  readonly drivers: readonly StoredDriver[];
  readonly warnings: readonly string[];
}

/** Files of a package in an image, for an export: path relative to its folder, path in the image, bytes. */
export interface StoredFile {
  readonly path: string;
  readonly imagePath: string;
  readonly size: number;
}

const THIRD_PARTY = /^oem\d{1,6}\.inf$/i;
/** Of one package; its folders are few and not deep. */
const MOST_FILES = 100_000;
const MOST_DEPTH = 32;

/**
 * The drivers that an offline Windows has: those of its driver store, by DriverDatabase (SYSTEM and DRIVERS hives),
 * DriverStore\FileRepository and INF; and those that were staged.
 * @throws FormatError for a hive that is damaged, or a list of staged drivers that is none
 */
export function listStore(
  tree: OfflineTree,
  windows: OfflineWindows,
  options: { readonly inbox?: boolean } = {},
): StoreListing {
  const store = new Store(tree, imagePath(windows.systemRoot));
  const registered = store.registered();
  const installed = [...registered, ...store.unregistered(registered)];
  const wanted = installed.filter(({ origin }) => options.inbox === true || origin !== 'inbox');
  const drivers = [...wanted, ...stagedDrivers(tree, windows)];
  const order: readonly StoredDriver['origin'][] = ['third-party', 'staged', 'inbox'];
  drivers.sort(
    (a, b) =>
      order.indexOf(a.origin) - order.indexOf(b.origin) ||
      a.published.localeCompare(b.published, 'en', { numeric: true }) ||
      a.folder.localeCompare(b.folder, 'en'),
  );
  return { drivers, warnings: store.warnings() };
}

class Store {
  private readonly hives: readonly OfflineHive[];
  private readonly system: OfflineHive | undefined;
  private readonly controlSet: string;
  private readonly repository: Repository;

  constructor(
    private readonly tree: OfflineTree,
    private readonly root: string,
  ) {
    const hives = (['SYSTEM', 'DRIVERS'] as const).map((name) => openOfflineHive(tree, root, name));
    this.hives = hives.filter((hive) => hive !== undefined);
    this.system = hives[0];
    this.controlSet = this.system === undefined ? '' : currentControlSet(this.system.hive);
    this.repository = readRepository(tree, root);
  }

  warnings(): string[] {
    return this.hives.flatMap((hive) => hive.warnings());
  }

  registered(): StoredDriver[] {
    const packages = new Map<string, RegisteredPackage>();
    for (const one of this.hives.flatMap(({ hive }) => registeredPackages(hive))) {
      packages.set(one.name.toLowerCase(), one);
    }
    return [...packages.values()].map((one) => this.registeredDriver(one));
  }

  private registeredDriver(one: RegisteredPackage): StoredDriver {
    const folder = this.repository.folders.get(one.name.toLowerCase());
    const thirdParty = THIRD_PARTY.test(one.published);
    const { version } = one;
    const remarks: DriverRemark[] = [];
    if (folder === undefined) {
      remarks.push(missing(one.published, `its folder ${one.name} is not in the driver store`));
    }
    if (thirdParty && !this.repository.published.has(one.published.toLowerCase())) {
      remarks.push(missing(one.published, `${one.published} is not in ${this.root}/INF`));
    }
    const classGuid = version?.classGuid ?? '';
    return {
      published: one.published,
      original: one.original,
      origin: thirdParty ? 'third-party' : 'inbox',
      provider: one.provider,
      className: classNameOf(this.system?.hive, this.controlSet, classGuid),
      classGuid,
      date: version?.date ?? '',
      version: version?.version ?? '',
      ...(version?.architecture === undefined ? {} : { architecture: version.architecture }),
      folder: folder?.path ?? '',
      bootCritical:
        this.system !== undefined && startsAtBoot(this.system.hive, this.controlSet, one.services),
      remarks,
    };
  }

  /** Published INFs that no hive tells of: all of Windows 7 and earlier, and what is left of others. */
  unregistered(registered: readonly StoredDriver[]): StoredDriver[] {
    const known = new Set(registered.map(({ published }) => published.toLowerCase()));
    const used = new Set(registered.map(({ folder }) => folder.toLowerCase()));
    const hasDatabase = registered.length > 0;
    const free = [...this.repository.folders.values()].filter(({ path }) => !used.has(path.toLowerCase()));
    return [...this.repository.published.values()]
      .filter(({ name }) => !known.has(name.toLowerCase()))
      .map((entry) => {
        const { inf, problem, folder } = readPublished(this.tree, entry, free);
        const remarks: DriverRemark[] = [];
        if (problem !== undefined) {
          remarks.push({ severity: 'error', code: 'unreadable', file: entry.name, problem });
        }
        if (folder === undefined)
          remarks.push(missing(entry.name, 'no folder of the driver store holds this INF'));
        if (hasDatabase) remarks.push(missing(entry.name, 'the driver database does not know it'));
        return {
          published: entry.name,
          original: folder === undefined ? entry.name : infName(folder.name),
          origin: 'third-party',
          provider: inf?.provider ?? '',
          className: inf?.className ?? '',
          classGuid: inf?.classGuid ?? '',
          date: inf?.date ?? '',
          version: inf?.version ?? '',
          ...(inf?.architectures.length === 1 ? { architecture: inf.architectures[0] } : {}),
          folder: folder?.path ?? '',
          remarks,
        };
      });
  }
}

function missing(file: string, problem: string): DriverRemark {
  return { severity: 'warning', code: 'file-missing', file, problem };
}

function stagedDrivers(tree: OfflineTree, windows: OfflineWindows): StoredDriver[] {
  return readManifest(tree, windows).packages.map((one) => {
    const there = tree.find(one.folder)?.kind === 'directory';
    return {
      published: one.folder.slice(one.folder.lastIndexOf('/') + 1),
      original: one.name,
      origin: 'staged',
      provider: one.provider,
      className: one.className,
      classGuid: one.classGuid,
      date: one.date,
      version: one.version,
      ...(one.architectures.length === 1 ? { architecture: one.architectures[0] } : {}),
      folder: there ? one.folder : '',
      bootCritical: one.bootCritical,
      remarks: there
        ? changedFiles(tree, one).map((path) =>
            missing(`${one.folder}/${path}`, 'it is not there as it was staged'),
          )
        : [missing(one.name, `its folder ${one.folder} is not there any more`)],
    };
  });
}

/** What the folder of a driver holds, with sub-folders. The INF has its original name there. */
export function storedFiles(tree: OfflineTree, driver: StoredDriver): readonly StoredFile[] {
  const files: StoredFile[] = [];
  const walk = (folder: string, prefix: string, depth: number): void => {
    for (const entry of tree.list(folder)) {
      if (files.length >= MOST_FILES) return;
      const path = prefix + entry.name;
      if (entry.kind === 'file') files.push({ path, imagePath: entry.path, size: entry.size });
      else if (entry.kind === 'directory' && depth < MOST_DEPTH) walk(entry.path, `${path}/`, depth + 1);
    }
  };
  if (driver.folder !== '') walk(driver.folder, '', 0);
  return files;
}
