import type { Extent } from './blockDevice';

/** Extents in order; neighbours of one kind that touch become one. */
export class ExtentList {
  private readonly list: Extent[] = [];

  addZero(length: number): void {
    if (length === 0) return;
    const last = this.list.at(-1);
    if (last?.kind === 'zero')
      this.list[this.list.length - 1] = { kind: 'zero', length: last.length + length };
    else this.list.push({ kind: 'zero', length });
  }

  addFile(path: string, offset: number, length: number): void {
    if (length === 0) return;
    const last = this.list.at(-1);
    if (last?.kind === 'file' && last.path === path && last.offset + last.length === offset) {
      this.list[this.list.length - 1] = { ...last, length: last.length + length };
    } else {
      this.list.push({ kind: 'file', path, offset, length });
    }
  }

  addBytes(bytes: Uint8Array): void {
    if (bytes.length > 0) this.list.push({ kind: 'bytes', bytes });
  }

  add(extents: readonly Extent[]): void {
    for (const extent of extents) {
      if (extent.kind === 'file') this.addFile(extent.path, extent.offset, extent.length);
      else if (extent.kind === 'zero') this.addZero(extent.length);
      else this.list.push(extent);
    }
  }

  extents(): Extent[] {
    return this.list;
  }
}
