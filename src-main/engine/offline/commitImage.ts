import type { WriteReport } from '../../../src-shared/model/reports';
import type { UpdateEdit, WriteChoices } from '../../../src-shared/model/requests';
import type { EngineHost } from '../os';
import { canonicalImagePath } from '../tree/imagePath';
import { NONE } from '../tree/tree';
import type { VerbContext } from '../wim/ops/common';
import { update } from '../wim/ops/update';
import { createEditsSource } from './editsSource';
import type { ImageTree } from './imageTree';
import type { OfflineEdit } from './offlineTree';
import { lookUp } from './treeLookup';

/**
 * Makes all edits in an image at once: one commit at the end of the WIM, as `update` makes it.
 * @throws AppError as `update`; the file is as it was
 */
export async function commitToImage(
  host: EngineHost,
  image: ImageTree,
  edits: readonly OfflineEdit[],
  choices: WriteChoices & { readonly verifyIntegrity?: boolean },
  context: VerbContext,
): Promise<WriteReport> {
  const written = edits.filter((edit) => edit.kind !== 'delete');
  const source = createEditsSource(host.files, written, image.tree, host.now(), image.label);
  const add: UpdateEdit[] =
    written.length === 0 ? [] : [{ kind: 'add', source: host.files.directoryName(image.wim), target: '/' }];
  const changes: UpdateEdit[] = [...deletions(image, edits), ...add];
  return update(
    host,
    { ...choices, wim: image.wim, image: image.index, edits: changes },
    { sourceAt: () => source, matcherFor: () => undefined, rules: { ignoreCase: true } },
    context,
  );
}

/** Files that go, and the directories that are empty then; a directory that still holds something stays. */
function deletions({ tree }: ImageTree, edits: readonly OfflineEdit[]): UpdateEdit[] {
  const gone = new Set<number>();
  const kept = edits.flatMap((edit) => (edit.kind === 'delete' ? [] : [canonicalImagePath(edit.path)]));
  const below = new Set(kept.flatMap((path) => ancestors(path.toLowerCase())));
  const found: UpdateEdit[] = [];
  for (const edit of edits) {
    if (edit.kind !== 'delete') continue;
    const path = canonicalImagePath(edit.path);
    const entry = lookUp(tree, path);
    if (entry === NONE || entry === 0 || gone.has(entry)) continue;
    const holds = [...tree.children(entry)].some((child) => !gone.has(child));
    if (holds || below.has(path.toLowerCase())) continue;
    gone.add(entry);
    found.push({ kind: 'delete', path: tree.path(entry), recursive: true });
  }
  return found;
}

function ancestors(path: string): string[] {
  const names = path.split('/').slice(1, -1);
  return names.map((_, i) => `/${names.slice(0, i + 1).join('/')}`);
}
