import { AppError } from '../../../../src-shared/errors/appError';
import type { DriverRemark } from '../../../../src-shared/model/drivers';
import type { EngineHost } from '../../os';
import { openFolder } from './folderContainer';
import { openContainer } from './openContainer';
import type { PackageContainer } from './packageContainer';
import type { ContainerPlace, InfGroup } from './readDriversTask';

export interface FindOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What {@link findDriverFiles} finds. */
export interface DriverFiles {
  /** Containers that hold INFs. */
  readonly groups: readonly InfGroup[];
  /** Archives that cannot be read or are left out in part, and folders that were skipped. */
  readonly remarks: readonly DriverRemark[];
}

const infName = /\.inf$/i;
/** A file that tells Explorer what to do with a disc, no driver. */
const otherInf = /(^|\/)autorun\.inf$/i;
const archiveName = /\.(zip|cab)$/i;

/**
 * Finds every INF in folders (with all that is below them), INFs, zips and cabinets. Archives within folders are looked
 * into, those within archives are not. What is named twice is looked at once.
 * @returns in the order of `paths`, archives after everything else; an archive that cannot be read is a remark
 * @throws AppError `io/not-found` for a path that is not there, and what keeps a folder of `paths` from being read
 */
export async function findDriverFiles(
  host: Pick<EngineHost, 'files' | 'breathe'>,
  paths: readonly string[],
  options: FindOptions = {},
): Promise<DriverFiles> {
  const search = new Search(host, options.signal);
  for (const path of paths) await search.add(host.files.absolute(path));
  while (search.openArchives()) await host.breathe();
  return search.result();
}

/** Archives opened between two breaths. */
const ARCHIVES_A_STEP = 16;

class Search {
  private readonly groups: InfGroup[] = [];
  private readonly remarks: DriverRemark[] = [];
  /** INFs named one by one, by folder. */
  private readonly single = new Map<string, string[]>();
  /** Files looked at, links resolved. */
  private readonly seen = new Set<string>();
  private readonly archives: { readonly path: string; readonly named: boolean }[] = [];

  constructor(
    private readonly host: Pick<EngineHost, 'files' | 'breathe'>,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Looks at one path that the person named. */
  async add(path: string): Promise<void> {
    this.signal?.throwIfAborted();
    const { files } = this.host;
    const status = files.status(path);
    if (status === undefined) throw new AppError('io/not-found', `${path} is not there`, { path });
    if (status.kind === 'directory') await this.addFolder(path);
    else if (infName.test(path)) this.addInf(path);
    else this.archives.push({ path, named: true });
  }

  private async addFolder(path: string): Promise<void> {
    const { files } = this.host;
    const real = files.realPath(path);
    const container = openFolder(files, path);
    const infs: string[] = [];
    const walk = container.walk();
    for (let folders = 0; !walk.step(); folders++) {
      this.signal?.throwIfAborted();
      if (folders % 8 === 0) await this.host.breathe();
    }
    for (const file of container.list()) {
      if (infName.test(file.path)) {
        if (!otherInf.test(file.path) && this.isNew(files.join(real, file.path))) infs.push(file.path);
      } else if (archiveName.test(file.path))
        this.archives.push({ path: files.join(path, file.path), named: false });
    }
    this.addGroup({ kind: 'folder', path }, infs);
    this.remarks.push(...container.remarks);
    container.close();
  }

  private addInf(named: string): void {
    const { files } = this.host;
    const real = files.realPath(named);
    if (!this.isNew(real)) return;
    // What belongs to a link's file lies beside that file.
    const entry = files
      .entries(files.directoryName(named))
      .find(({ name }) => name === files.baseName(named));
    const path = entry?.kind === 'link' ? real : named;
    const folder = files.directoryName(path);
    const name = files.baseName(path);
    const known = this.single.get(folder);
    if (known !== undefined) {
      known.push(name);
      return;
    }
    const infs = [name];
    this.single.set(folder, infs);
    this.addGroup({ kind: 'folder', path: folder }, infs);
  }

  /** Opens some archives. @returns whether there are more */
  openArchives(): boolean {
    for (const { path, named } of this.archives.splice(0, ARCHIVES_A_STEP)) {
      this.signal?.throwIfAborted();
      if (this.isNew(this.host.files.realPath(path))) this.addArchive(path, named);
    }
    return this.archives.length > 0;
  }

  /** @param named by the person; what merely lies in a folder may have such a name and be something else */
  private addArchive(path: string, named: boolean): void {
    try {
      const container = openContainer(this.host, { kind: 'zip', path });
      // The others of a set of cabinets are read with the first one.
      const first = this.host.files.realPath(container.label);
      if (container.label === path || this.isNew(first)) this.addOpened(container);
      container.close();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const severity = named ? 'error' : 'warning';
      this.remarks.push({ severity, code: 'unreadable', file: path, problem: error.message });
    }
  }

  private addOpened(container: PackageContainer): void {
    const { kind, label, remarks } = container;
    const names = container.list().map((file) => file.path);
    const infs = names.filter((name) => infName.test(name) && !otherInf.test(name));
    if (kind !== 'folder') this.addGroup({ kind, path: label }, infs);
    this.remarks.push(...remarks);
    const inner = infs.length === 0 ? names.find((name) => archiveName.test(name)) : undefined;
    if (inner === undefined) return;
    const file = `${label} > ${inner}`;
    const problem = 'an archive within an archive is not looked into: unpack it first';
    this.remarks.push({ severity: 'warning', code: 'unreadable', file, problem });
  }

  private addGroup(container: ContainerPlace, infs: readonly string[]): void {
    if (infs.length > 0) this.groups.push({ container, infs });
  }

  private isNew(real: string): boolean {
    if (this.seen.has(real)) return false;
    this.seen.add(real);
    return true;
  }

  result(): DriverFiles {
    return { groups: this.groups, remarks: this.remarks };
  }
}
