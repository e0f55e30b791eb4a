import nodeFs from 'node:fs';
import { createRequire } from 'node:module';

type NodeFs = typeof nodeFs;

/**
 * The file system as the operating system has it. Electron's own `fs` treats every path that ends in .asar as an
 * archive, so a captured tree would come out wrong; under Electron this is its `original-fs` instead. All other code
 * takes file calls from here.
 */
export const rawFs: NodeFs =
  process.versions.electron === undefined ? nodeFs : (createRequire(__filename)('original-fs') as NodeFs);

/**
 * The file system that finds the program's own files: in the packaged program they lie in app.asar, which only
 * Electron's own `fs` opens. For nothing else: {@link rawFs} is for all that belongs to the person.
 */
export const programFs: NodeFs = nodeFs;
