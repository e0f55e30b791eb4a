import type { z } from 'zod';

/** What a wizard was filled in with, kept over leaving, reload and the window's end. */
export interface StoredDraft<D> {
  readonly draft: D;
  /** Ids of steps that were seen. */
  readonly visited: readonly string[];
  /** Its job was done: the next start begins anew. */
  readonly finished: boolean;
}

/** Where texts are kept by name. What cannot be kept throws. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, text: string): void;
  removeItem(key: string): void;
}

const KEY = 'wimsmith.draft.';

/** Drafts of this window by wizard, and in the store for the next one: two windows do not disturb each other. */
export class DraftShelf {
  private readonly kept = new Map<string, StoredDraft<unknown>>();

  constructor(private readonly store: TextStore) {}

  /**
   * The kept draft of a wizard. What is not as the schema says, because another version or another hand wrote it, is as
   * good as nothing.
   */
  read<D>(name: string, schema: z.ZodType<D>): StoredDraft<D> | null {
    const stored = this.find(name);
    if (stored === null) return null;
    const draft = schema.safeParse(stored.draft);
    return draft.success ? { ...stored, draft: draft.data } : null;
  }

  keep(name: string, stored: StoredDraft<unknown>): void {
    this.kept.set(name, stored);
    try {
      this.store.setItem(KEY + name, JSON.stringify(stored));
    } catch (error) {
      // One that does not fit lives as long as the window; an older one in its place would come back as if it were it.
      if (!(error instanceof DOMException)) throw error;
      this.store.removeItem(KEY + name);
    }
  }

  /** Its job is done: the draft stays for another run, but the next start does not begin with it. */
  finish(name: string): void {
    const stored = this.find(name);
    if (stored !== null && !stored.finished) this.keep(name, { ...stored, finished: true });
  }

  private find(name: string): StoredDraft<unknown> | null {
    return this.kept.get(name) ?? parseStored(this.store.getItem(KEY + name));
  }
}

function parseStored(text: string | null): StoredDraft<unknown> | null {
  const value = text === null ? null : parse(text);
  if (typeof value !== 'object' || value === null || !('draft' in value)) return null;
  const visited: unknown[] = 'visited' in value && Array.isArray(value.visited) ? value.visited : [];
  const finished = 'finished' in value && value.finished === true;
  return { draft: value.draft, visited: visited.filter((id) => typeof id === 'string'), finished };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
