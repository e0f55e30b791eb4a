import { AppError, FormatError } from '../../../../src-shared/errors/appError';
import type { EngineHost, FileSystem } from '../../os';
import { openCab } from './cabContainer';
import { openFolder } from './folderContainer';
import type { PackageContainer } from './packageContainer';
import type { ContainerPlace } from './readDriversTask';
import { openZip } from './zipContainer';

/**
 * Opens a folder, a zip or a cabinet. What an archive is, its first bytes tell.
 * @throws AppError `archive/malformed`, `archive/unsupported`, `io/...`
 */
export function openContainer(host: Pick<EngineHost, 'files'>, place: ContainerPlace): PackageContainer {
  return place.kind === 'folder' ? openFolder(host.files, place.path) : openArchive(host.files, place.path);
}

function openArchive(files: FileSystem, path: string): PackageContainer {
  const file = files.openRead(path);
  try {
    const start = new Uint8Array(4);
    file.read(0, start);
    switch (String.fromCharCode(...start)) {
      case 'MSCF':
        return openCab(files, file);
      case 'ISc(':
        throw new AppError(
          'archive/unsupported',
          `${path} is a cabinet of InstallShield, which is not read`,
          { path },
        );
      default:
        return openZip(file);
    }
  } catch (error) {
    file.close();
    throw named(error, path);
  }
}

/** The error with the archive's path in front, where it tells only an offset. */
function named(error: unknown, path: string): unknown {
  if (!(error instanceof FormatError)) return error;
  return new AppError(error.code, `${path}: ${error.message}`, { ...error.facts, path }, error);
}
