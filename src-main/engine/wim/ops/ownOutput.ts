import type { EngineHost } from '../../os';
import { isTemporaryOf } from '../write/wimSession';

/**
 * Tells the WIM that a capture writes among the files of the capture's source, and what interrupted writes of it left
 * there. Directories are compared as the system knows them: a symbolic link on the way to either makes no difference.
 * @param source root of the source
 * @returns whether a path in the image ('/' between names) is such a file
 */
export function ownOutput(host: EngineHost, source: string, wim: string): (path: string) => boolean {
  if (wim === '-') return () => false;
  const { files } = host;
  const root = files.absolute(source);
  const file = files.realPath(files.absolute(wim));
  const ownName = files.baseName(file);
  const directory = files.status(files.directoryName(file))?.identity;
  return (path) => {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    if (name !== ownName && !isTemporaryOf(ownName, name)) return false;
    return (
      directory !== undefined && files.status(files.join(root, path.slice(0, slash)))?.identity === directory
    );
  };
}
