import { AppError } from '../../../../src-shared/errors/appError';
import type {
  DriversExportReport,
  DriversExportRequest,
  StoredDriver,
} from '../../../../src-shared/model/drivers';
import { commitToFolder } from '../../offline/commitFolder';
import { openFolderTree } from '../../offline/folderTree';
import type { OfflineEdit, OfflineTree } from '../../offline/offlineTree';
import { openPlace } from '../../offline/openPlace';
import { inspectWindows } from '../../offline/windows';
import type { EngineHost, FileSystem } from '../../os';
import type { VerbContext } from '../../wim/ops/common';
import { listStore, storedFiles, type StoredFile } from '../store/listStore';
import { chosenDrivers } from './chosenDrivers';

/** A file of a driver package that is larger is none. */
const LARGEST_FILE = 1 << 30;

interface Export {
  readonly driver: StoredDriver;
  /** Name of its folder in the destination. */
  readonly folder: string;
  readonly files: readonly StoredFile[];
  readonly bytes: number;
}

/**
 * Copies driver packages of an offline Windows into folders, as they were before they were published: one for each.
 * @throws AppError `drivers/no-such-driver`, `io/exists` where a folder is there already, `io/no-space`
 */
export async function driversExport(
  host: EngineHost,
  request: DriversExportRequest,
  context: VerbContext = {},
): Promise<DriversExportReport> {
  const { files } = host;
  if (request.destination === '') throw new AppError('usage/invalid', 'the path of the destination is empty');
  const destination = files.absolute(request.destination);
  const place = await openPlace(host, request, false, context);
  const { tree } = place;
  try {
    const listing = listStore(tree, inspectWindows(tree), { inbox: request.drivers !== undefined });
    const warnings = [...place.warnings, ...listing.warnings];
    const exports = plan(host, tree, listing.drivers, request, destination, warnings);
    const needed = exports.reduce((sum, { bytes }) => sum + bytes, 0);
    const free = files.freeSpace(destination);
    const report = {
      place: tree.label,
      destination,
      exported: exports.map(({ driver, folder, bytes }) => ({ driver, folder, bytes })),
      warnings,
    };
    if (request.dryRun === true) {
      const steps = exports.map(
        ({ driver, folder, files: all }) =>
          `Copy ${driver.original} (${all.length === 1 ? '1 file' : `${all.length} files`}) to ${folder}`,
      );
      return { ...report, plan: { steps, warnings, spaceNeeded: needed, spaceFree: free } };
    }
    if (needed > free) {
      const text = `${destination} has ${free} bytes free, ${needed} are needed; nothing was written`;
      throw new AppError('io/no-space', text, { needed, free });
    }
    makeDirectories(files, destination);
    const folder = openFolderTree(files, destination);
    for (const one of exports) await commitToFolder(host, folder, editsOf(tree, one), context);
    return report;
  } finally {
    tree.close();
  }
}

function plan(
  host: EngineHost,
  tree: OfflineTree,
  drivers: readonly StoredDriver[],
  request: DriversExportRequest,
  destination: string,
  warnings: string[],
): Export[] {
  const wanted =
    request.drivers === undefined
      ? drivers.filter(({ origin }) => origin !== 'inbox')
      : chosenDrivers(drivers, request.drivers, tree.label);
  const exports: Export[] = [];
  const names = new Set<string>();
  for (const driver of wanted) {
    if (driver.folder === '') {
      warnings.push(`${driver.published} is in the registry only: its files are not in ${tree.label}`);
      continue;
    }
    const stored = storedFiles(tree, driver);
    const folder = folderName(driver, names);
    if (host.files.status(host.files.join(destination, folder)) !== undefined) {
      const path = host.files.join(destination, folder);
      throw new AppError('io/exists', `${path} is there already`, { path });
    }
    const bytes = stored.reduce((sum, { size }) => sum + size, 0);
    exports.push({ driver, folder, files: stored, bytes });
  }
  return exports;
}

/** A name of its own for each: 'e1d68x64_oem3'. The names come from a hive, which may hold anything. */
function folderName({ original, published }: StoredDriver, taken: Set<string>): string {
  const [stem, number] = [original, published].map((name) => name.replace(/\.inf$/i, ''));
  const plain = `${stem}_${number}`.replace(/[^\p{L}\p{N}_+-]/gu, '_').slice(0, 100);
  let name = plain;
  for (let copy = 2; taken.has(name.toLowerCase()); copy++) name = `${plain}_${copy}`;
  taken.add(name.toLowerCase());
  return name;
}

function editsOf(tree: OfflineTree, { folder, files }: Export): OfflineEdit[] {
  return files.map(({ path, imagePath }) => ({
    kind: 'write',
    path: `/${folder}/${path}`,
    bytes: tree.read(imagePath, LARGEST_FILE),
  }));
}

function makeDirectories(files: FileSystem, directory: string): void {
  const kind = files.status(directory)?.kind;
  if (kind === 'directory') return;
  if (kind !== undefined) {
    throw new AppError('io/not-a-directory', `${directory} is not a folder`, { path: directory });
  }
  makeDirectories(files, files.directoryName(directory));
  files.makeDirectory(directory);
}
