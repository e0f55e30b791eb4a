import type { TreeTarget } from '../../tree/target';
import type { VerbContext } from './common';

/** Paths that a warning names. */
const MOST_NAMED = 5;

/** Undoes what was done to a target, and warns of what stays. */
export async function abortTarget(target: TreeTarget, context: VerbContext): Promise<void> {
  const { replaced, left } = await target.abort();
  if (replaced.length > 0) {
    const [files, stay] =
      replaced.length === 1 ? ['1 file was', 'stays'] : [`${replaced.length} files were`, 'stay'];
    context.onWarning?.(`${files} replaced already and ${stay} replaced: ${named(replaced)}`);
  }
  if (left.length > 0) context.onWarning?.(`left behind: ${named(left)}`);
}

function named(paths: readonly string[]): string {
  const more = paths.length - MOST_NAMED;
  return paths.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
