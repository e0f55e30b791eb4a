import type { ReactNode } from 'react';
import type { ImageSummary } from '../../../../src-shared/model/summaries';
import type { Freshness } from '../useFreshness';
import { AddDialog } from './AddDialog';
import { CommitDialog } from './CommitDialog';
import { ExtractDialog } from './ExtractDialog';
import { PreviewDialog } from './PreviewDialog';
import type { ContentChanges } from './useChanges';

/** What is asked or shown over the contents. */
export type OpenDialog =
  | { readonly kind: 'preview'; readonly path: string }
  | { readonly kind: 'extract'; readonly paths: readonly string[] }
  | { readonly kind: 'add'; readonly what: 'file' | 'directory' }
  | { readonly kind: 'commit' };

/** The dialog of the contents that is open. */
export function ContentsDialogs({
  dialog,
  onDialog,
  wim,
  image,
  folder,
  content,
  freshness,
}: {
  readonly dialog: OpenDialog | undefined;
  readonly onDialog: (dialog: OpenDialog | undefined) => void;
  readonly wim: string;
  readonly image: ImageSummary;
  /** The directory that is listed. */
  readonly folder: string;
  readonly content: ContentChanges;
  readonly freshness: Freshness;
}): ReactNode {
  return (
    <>
      {dialog?.kind === 'preview' && (
        <PreviewDialog
          image={image.index}
          path={dialog.path}
          onClose={() => onDialog(undefined)}
          onExtract={() => onDialog({ kind: 'extract', paths: [dialog.path] })}
        />
      )}
      {dialog?.kind === 'extract' && (
        <ExtractDialog
          wim={wim}
          image={image.index}
          paths={dialog.paths}
          onClose={() => onDialog(undefined)}
        />
      )}
      {dialog?.kind === 'add' && (
        <AddDialog
          kind={dialog.what}
          folder={folder}
          isTaken={content.isTaken}
          onAdd={(item) => content.add([item])}
          onClose={() => onDialog(undefined)}
        />
      )}
      {dialog?.kind === 'commit' && (
        <CommitDialog
          wim={wim}
          image={image}
          changes={content.changes}
          freshness={freshness}
          onClose={() => onDialog(undefined)}
        />
      )}
    </>
  );
}
