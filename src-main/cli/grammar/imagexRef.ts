import { UsageError } from '../usageError';
import type { ImageXVerb } from './imagexSwitches';

/** Operands that each verb cannot do without. */
const fewestOperands: Readonly<Record<ImageXVerb, number>> = {
  capture: 2,
  append: 2,
  apply: 2,
  delete: 2,
  dir: 1,
  export: 3,
  info: 1,
  split: 3,
};

/** The arguments after a /ref that a shell may have made of one pattern. */
export interface RefRun {
  readonly files: readonly string[];
  /** How many operands stand before it on the line. */
  readonly at: number;
}

/** The files that follow a /ref at `index`: the argument after it, and every further one that ends in ".swm". */
export function refRunAt(args: readonly string[], index: number, at: number): RefRun {
  const isPart = (arg: string | undefined): boolean => arg !== undefined && /\.swm$/i.test(arg);
  let end = index + 2;
  if (isPart(args.at(index + 1))) while (end < args.length && isPart(args[end])) end += 1;
  return { files: args.slice(index + 1, end), at };
}

/**
 * Tells the files of an expanded /ref from the operands after them. In ImageX /ref takes one pattern, so in
 * "/apply /ref a*.swm a.swm 1 D:" the last .swm is the WIM although a shell has put it behind others like it.
 * @returns how many files at the end of the run are operands
 * @throws UsageError when operands are missing and the run cannot spare them
 */
export function operandsInRun(run: RefRun, operands: readonly string[], verb: ImageXVerb): number {
  const missing = fewestOperands[verb] - operands.length;
  const wimMissing = run.at === 0 && !/\.(wim|swm|esd)$/i.test(operands.at(0) ?? '');
  const wanted = Math.max(missing, wimMissing ? 1 : 0, 0);
  if (wanted < run.files.length) return wanted;
  const taken = run.files.length > 3 ? `${run.files.length} files` : run.files.join(', ');
  throw new UsageError(
    `/ref took ${taken}, and too few arguments are left for /${verb}; write the pattern in quotes, or /ref last`,
    'imagex',
  );
}
