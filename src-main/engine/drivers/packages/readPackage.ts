import { toHex } from '../../binary/hex';
import type {
  DriverArchitecture,
  DriverPackage,
  DriverRemark,
  SignatureSummary,
} from '../../../../src-shared/model/drivers';
import type { PackageChecker } from '../../catalog/checkPackage';
import type { InfFile } from '../../inf/infFile';
import { directivesOf } from '../../inf/installDirectives';
import { chooseSection, DEFAULT_FEATURE_SCORE } from '../../inf/installSections';
import type { DriverIndex } from '../../inf/match/driverIndex';
import type { InstallChoice } from '../../inf/match/matchTypes';
import { namedFiles, type NamedFile } from '../../inf/namedFiles';
import { LARGEST_INF, parseInf } from '../../inf/parseInf';
import { summarizeInf } from '../../inf/summarizeInf';
import type { Crypto } from '../../os';
import type { ContainerFile, PackageContainer } from './packageContainer';
import type { PackageFile, ReadPackage } from './readDriversTask';

/** A file of a driver package that is larger is none. */
const LARGEST_FILE = 2 ** 30;

export interface ReadingOptions {
  readonly crypto: Crypto;
  /** Absent: files are looked for, and not read. */
  readonly checker: PackageChecker | undefined;
  /** FILETIME. */
  readonly now: bigint;
  /** Takes what the package binds to. */
  readonly index: DriverIndex | undefined;
}

/** Sorts files by where they lie in their archive, which is read fastest in that order; those of a folder stay. */
export type StoredOrder = <T>(files: readonly T[], pathOf: (file: T) => string) => readonly T[];

/**
 * Reads one package: its INF, the files that the INF names, and whether they are as signed.
 * @param at path of the INF in the container
 * @param ordered in which order its files are read
 * @throws AppError `inf/malformed` for what is no INF, and what reading the container throws
 */
export function readPackage(
  container: PackageContainer,
  at: string,
  options: ReadingOptions,
  ordered: StoredOrder,
): Pick<ReadPackage, 'package' | 'files'> {
  const place = container.placeOf(at);
  const bytes = container.read(at, LARGEST_INF);
  const inf = parseInf(bytes, place);
  // Before the summary, which takes the remarks of both.
  const named = namedFiles(inf);
  const summary = summarizeInf(inf, bytes, place, options.crypto);
  const found = new FilesOfPackage(container, at, bytes.length);
  const remarks: DriverRemark[] = [...summary.remarks];
  for (const file of named) {
    const missing = found.add(file);
    if (missing !== undefined) remarks.push({ ...missing, file: place });
  }
  const catalogs = catalogsOf(inf, found);
  const judged = signatureOf(found, catalogs, options, ordered, (file) =>
    file === at ? bytes : container.read(file, LARGEST_FILE),
  );
  for (const remark of judged.remarks) remarks.push({ ...remark, file: found.placeOf(remark.file) });
  const driver: DriverPackage = {
    ...summary,
    id: idOf(options.crypto, summary.infSha256, place),
    files: found.files.length,
    bytes: found.files.reduce((sum, { size }) => sum + size, 0),
    signature: judged.signature,
    remarks,
  };
  if (options.index !== undefined) addToIndex(options.index, driver, inf);
  return { package: driver, files: found.files };
}

function idOf(crypto: Crypto, infSha256: string, place: string): string {
  const digest = crypto.digest('sha256', new TextEncoder().encode(`${infSha256}\n${place}`));
  return toHex(digest.subarray(0, 8));
}

/** What lies beside the INF of what it names. */
class FilesOfPackage {
  readonly files: PackageFile[];
  private readonly folder: string;
  private readonly known = new Set<string>();

  constructor(
    private readonly container: PackageContainer,
    inf: string,
    size: number,
  ) {
    const slash = inf.lastIndexOf('/') + 1;
    this.folder = inf.slice(0, slash);
    this.files = [{ path: inf.slice(slash), at: inf, size }];
    this.known.add(inf.toLowerCase());
  }

  get inf(): string {
    return this.files[0].path;
  }

  /** @returns what to say of a file that is not there */
  add({ path, line, architectures, copied, cabinet }: NamedFile): Omit<DriverRemark, 'file'> | undefined {
    const file = this.find(path) ?? this.find(compressedName(path));
    if (file !== undefined) {
      this.take(file);
      return undefined;
    }
    const holder = cabinet === undefined ? undefined : this.find(cabinet);
    if (holder !== undefined) {
      this.take(holder);
      return undefined;
    }
    return {
      severity: copied ? 'error' : 'note',
      code: 'file-missing',
      line,
      ...(architectures === undefined ? {} : { architectures }),
      problem: copied
        ? `${path} is not in the package, and the INF copies it${onlyOn(architectures)}`
        : `${path} is not in the package; the INF lists it and copies it nowhere`,
    };
  }

  take(file: ContainerFile): void {
    const key = file.path.toLowerCase();
    if (this.known.has(key) || !Number.isFinite(file.size)) return;
    this.known.add(key);
    this.files.push({ path: file.path.slice(this.folder.length), at: file.path, size: file.size });
  }

  find(path: string): ContainerFile | undefined {
    return this.container.find(this.folder + path);
  }

  placeOf(path: string): string {
    return this.container.placeOf(this.folder + path);
  }
}

function onlyOn(architectures: readonly DriverArchitecture[] | undefined): string {
  return architectures === undefined ? '' : ` on ${architectures.join(' and ')}`;
}

/** A file may lie there compressed, the last letter of its ending an underscore: 'e1d.sy_'. */
function compressedName(path: string): string {
  return `${path.slice(0, -1)}_`;
}

/** The catalogs that the INF names, and where they lie. */
function catalogsOf(inf: InfFile, found: FilesOfPackage): Map<string, ContainerFile | undefined> {
  const catalogs = new Map<string, ContainerFile | undefined>();
  for (const { name } of inf.catalogs) {
    const file = found.find(name);
    if (file !== undefined) found.take(file);
    catalogs.set(name, file);
  }
  return catalogs;
}

function signatureOf(
  found: FilesOfPackage,
  catalogs: ReadonlyMap<string, ContainerFile | undefined>,
  { checker, now }: ReadingOptions,
  ordered: StoredOrder,
  read: (at: string) => Uint8Array,
): { readonly signature: SignatureSummary; readonly remarks: readonly DriverRemark[] } {
  if (checker === undefined) {
    const name = [...catalogs.keys()].at(0);
    const state = catalogs.size === 0 ? 'unsigned' : 'unchecked';
    return { signature: { state, ...(name === undefined ? {} : { catalog: name }) }, remarks: [] };
  }
  return checker({
    inf: found.inf,
    files: new Map(ordered(found.files, ({ at }) => at).map(({ path, at }) => [path, () => read(at)])),
    catalogs: new Map(
      [...catalogs].map(([name, file]) => [name, file === undefined ? undefined : () => read(file.path)]),
    ),
    now,
  });
}

function addToIndex(index: DriverIndex, driver: DriverPackage, inf: InfFile): void {
  const { extensionId } = inf;
  index.add(
    {
      id: driver.id,
      name: driver.name,
      inf: driver.inf,
      provider: driver.provider,
      infSha256: driver.infSha256,
      kind: driver.kind,
      date: driver.date,
      version: driver.version,
      remarks: driver.remarks,
      signature: { state: driver.signature.state },
      ...(extensionId === undefined ? {} : { extensionId }),
    },
    {
      models: inf.models,
      install: (name, architecture) => installChoice(inf, name, architecture),
    },
  );
}

/** The install section that the newest Windows of an architecture takes. */
function installChoice(
  inf: InfFile,
  name: string,
  architecture: DriverArchitecture,
): InstallChoice | undefined {
  const section = chooseSection(inf.sections, name, { ...newestWindows, architecture });
  const found = section === undefined ? undefined : inf.sections.get(section);
  if (found === undefined) return undefined;
  const { featureScore } = directivesOf(found, inf.collector);
  return { section: found.name, featureScore: featureScore ?? DEFAULT_FEATURE_SCORE };
}

const newestWindows = {
  label: 'the newest Windows',
  major: 10,
  minor: 0,
  build: 0xffff,
  productType: 'workstation',
} as const;
