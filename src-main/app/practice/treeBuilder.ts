import type { PlannedFile, PlannedLink, PlannedTree } from '../../platform/plannedTree';
import { contentOf, type ContentKind } from './content';

/** When the reference PC was installed: last write of all that nobody changed since. Seconds since 1970. */
export const INSTALLED = Date.UTC(2025, 2, 3, 9, 14, 0) / 1000;

/** What a file is made from. Files of equal seed, kind and size are equal. */
export interface FileFacts {
  readonly kind: ContentKind;
  readonly size: number;
  readonly seed: string;
  readonly time: number;
}

/** A tree under construction. Directories come by themselves. */
export class TreeBuilder {
  private readonly files = new Map<string, FileFacts>();
  private readonly hardLinks = new Map<string, string>();
  private readonly links: PlannedLink[] = [];
  private readonly directories = new Set<string>();

  /** Adds a file, or changes one. `seed`: its path unless told otherwise. */
  file(path: string, kind: ContentKind, size: number, { seed = path, time = INSTALLED } = {}): this {
    this.files.set(path, { kind, size, seed, time });
    return this.above(path);
  }

  /** Adds an equal file. */
  copy(path: string, of: string): this {
    return this.put(path, this.facts(of));
  }

  /** Adds another name of a file. */
  hardLink(path: string, to: string): this {
    this.facts(to);
    this.hardLinks.set(path, to);
    return this.above(path);
  }

  link(path: string, target: string, directory: boolean): this {
    this.links.push({ path, target, directory });
    return this.above(path);
  }

  directory(path: string): this {
    this.above(path);
    this.directories.add(path);
    return this;
  }

  remove(path: string): this {
    this.facts(path);
    this.files.delete(path);
    return this;
  }

  facts(path: string): FileFacts {
    const facts = this.files.get(path);
    if (facts === undefined) throw new Error(`the plan has no file ${path}`);
    return facts;
  }

  has(path: string): boolean {
    return this.files.has(path);
  }

  names(below: string): string[] {
    return [...this.files.keys()].filter((path) => path.startsWith(below));
  }

  build(): PlannedTree {
    return {
      // Alphabetical order has those above first.
      directories: [...this.directories].sort(),
      files: [...this.files].map(([path, facts]) => plannedFile(path, facts)),
      hardLinks: [...this.hardLinks].map(([path, to]) => ({ path, to })),
      links: this.links,
      time: INSTALLED,
    };
  }

  private put(path: string, facts: FileFacts): this {
    this.files.set(path, facts);
    return this.above(path);
  }

  private above(path: string): this {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      this.directories.add(path.slice(0, at));
    }
    return this;
  }
}

function plannedFile(path: string, { kind, size, seed, time }: FileFacts): PlannedFile {
  return { path, size, time, content: () => contentOf(kind, seed, size) };
}
