import { useEffect, useState } from 'react';
import { api } from '../../api/api';

export interface CompletionOptions {
  readonly extensions: readonly string[];
  readonly directoriesOnly: boolean;
}

interface Offer {
  readonly typed: string;
  readonly paths: readonly string[];
  /** Why nothing can be offered. */
  readonly error: unknown;
}

const nothing: Offer = { typed: '', paths: [], error: undefined };

/** Paths that begin with what is typed, while `active`. An answer that was overtaken is ignored. */
export function usePathCompletion(typed: string, active: boolean, options: CompletionOptions): Offer {
  const { directoriesOnly } = options;
  const extensions = options.extensions.join('/');
  const [offer, setOffer] = useState(nothing);
  useEffect(() => {
    if (!active) return;
    const request = new AbortController();
    const keep = (paths: readonly string[], error?: unknown): void => {
      if (!request.signal.aborted) setOffer({ typed, paths, error });
    };
    api.files
      .complete(
        { typed, directoriesOnly, extensions: extensions === '' ? [] : extensions.split('/') },
        { signal: request.signal },
      )
      .then(keep, (error: unknown) => keep([], error));
    return () => request.abort();
  }, [typed, active, extensions, directoriesOnly]);
  return active ? offer : nothing;
}
