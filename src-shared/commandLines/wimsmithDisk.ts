import type { DiskWork } from '../contract/work';
import type { LayoutChoice } from '../model/disks';
import type { LineBuilder } from './shapes';
import { operands } from './wimsmithOptions';

/** A `wimsmith disk ...` line for work on a disk alone. The line begins with the program only. */
export function diskLine(line: LineBuilder, work: DiskWork): LineBuilder {
  line.add('disk');
  switch (work.verb) {
    case 'diskCreate': {
      const { request } = work;
      line.add('create');
      // A differencing disk has the size of its parent.
      if (request.parent === undefined) line.add(`--size=${sizeText(request.size)}`);
      else line.add(`--parent=${request.parent}`);
      line.add(`--format=${request.format}`).addIf(request.kind === 'fixed', '--kind=fixed');
      if (request.sectorSize !== undefined) line.add(`--sector-size=${request.sectorSize}`);
      if (request.blockSize !== undefined) line.add(`--block-size=${sizeText(request.blockSize)}`);
      if (request.layout !== undefined) layout(line, '--layout', request.layout);
      line.addIf(request.overwrite, '--overwrite');
      return operands(line, [request.path]);
    }
    case 'diskPrepare': {
      const { request } = work;
      line.add('prepare');
      layout(line, '--layout', request.layout);
      target(line, request);
      return operands(line, [request.disk]);
    }
    case 'diskConvert': {
      const { request } = work;
      line.add('convert', `--format=${request.format}`).addIf(request.kind === 'fixed', '--kind=fixed');
      if (request.blockSize !== undefined) line.add(`--block-size=${sizeText(request.blockSize)}`);
      line.addIf(request.overwrite, '--overwrite');
      return operands(line, [request.disk, request.destination]);
    }
    case 'diskWipe':
      line.add('wipe').addIf(work.request.all, '--all');
      target(line, work.request);
      return operands(line, [work.request.disk]);
  }
}

/** Options about the disk that is erased. */
export function target(
  line: LineBuilder,
  request: { readonly identity?: string; readonly confirmation?: string; readonly overwrite?: boolean },
): void {
  if (request.identity !== undefined) line.add(`--identity=${request.identity}`);
  if (request.confirmation !== undefined) line.add(`--confirm=${request.confirmation}`);
  line.addIf(request.overwrite, '--overwrite');
}

/** A layout by its name, or a file that holds it. */
export function layout(line: LineBuilder, option: string, choice: LayoutChoice): void {
  if (typeof choice === 'string') line.add(`${option}=${choice}`);
  else line.add(`${option}=layout.json`).note('layoutFile');
}

/** A size in the largest unit that tells it whole: "64G". */
export function sizeText(bytes: number): string {
  for (const [unit, size] of [
    ['T', 2 ** 40],
    ['G', 2 ** 30],
    ['M', 2 ** 20],
  ] as const) {
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return String(bytes);
}
