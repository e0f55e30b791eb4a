import type { CompactChoice } from '../../../../src-shared/model/requests';
import type { Compression, TaskRunner } from '../../pipeline/tasks';
import { ExclusionMatcher } from '../../tree/exclusions/exclusionMatcher';
import { defaultCaptureConfig } from '../../tree/exclusions/captureConfig';
import { WofAlgorithm } from '../records/reparsePoint';

/** How files are compressed as the system compresses its own (WOF). */
export interface CompactOptions {
  readonly format: CompactChoice;
  /** Threads that compress. */
  readonly runner: TaskRunner;
  /** Further files that stay plain, by their paths in the image. */
  readonly excludes?: (path: string) => boolean;
}

/** The compression of a format, and its number in the reparse data. */
export function compactFormat(format: CompactChoice): Compression & { readonly algorithm: number } {
  const level = 50;
  switch (format) {
    case 'xpress4k':
      return { format: 'xpress', chunkSize: 4096, level, algorithm: WofAlgorithm.XPRESS4K };
    case 'xpress8k':
      return { format: 'xpress', chunkSize: 8192, level, algorithm: WofAlgorithm.XPRESS8K };
    case 'xpress16k':
      return { format: 'xpress', chunkSize: 16_384, level, algorithm: WofAlgorithm.XPRESS16K };
    case 'lzx':
      return { format: 'lzx', chunkSize: 32_768, level, algorithm: WofAlgorithm.LZX };
  }
}

/** What is read before the driver that expands is there: the boot loaders and what they load, hives, code pages. */
const startupFiles: readonly string[] = [
  '*winload.*',
  '*winresume.*',
  '/bootmgr',
  '/Boot',
  '/EFI',
  '/Windows/AppPatch/drvmain.sdb',
  '/Windows/Boot',
  '/Windows/bootstat.dat',
  '/Windows/Fonts/vgaoem.fon',
  '/Windows/Fonts/vgasys.fon',
  '/Windows/INF/errata.inf',
  '/Windows/System32/config',
  '/Windows/System32/ntkrnlpa.exe',
  '/Windows/System32/ntoskrnl.exe',
  '/Windows/System32/bootvid.dll',
  '/Windows/System32/ci.dll',
  '/Windows/System32/hal*.dll',
  '/Windows/System32/mcupdate_*.dll',
  '/Windows/System32/pshed.dll',
  '/Windows/System32/apisetschema.dll',
  '/Windows/System32/api-ms-win*.dll',
  '/Windows/System32/ext-ms-win*.dll',
  '/Windows/System32/KernelBase.dll',
  '/Windows/System32/drivers/*.sys',
  '/Windows/System32/*.nls',
  '/Windows/System32/kbd*.dll',
  '/Windows/System32/kd*.dll',
  '/Windows/System32/clfs.sys',
  '/Windows/System32/CodeIntegrity/driver.stl',
];

/** Tells the files that stay plain whatever is asked for. */
export function startupMatcher(): (path: string) => boolean {
  const config = { ...defaultCaptureConfig, compressionExclusionList: startupFiles };
  const matcher = new ExclusionMatcher(config, { caseInsensitive: true });
  return (path) => matcher.excludesFromCompression(path);
}
