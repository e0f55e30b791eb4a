import { FormatError } from '../../../../src-shared/errors/appError';
import { ObjectIdIndexData } from '../records/reparsePoint';
import { SystemFile } from '../records/fileRecord';
import { textAt } from './attributes';
import { readContents, type ContentsSource } from './fileContents';
import { walkIndex } from './indexTree';
import { FileName } from '../records/fileName';

const ID_SIZE = 16;

/** The index $Extend\$ObjId:$O: what a file's object ID was born with. Read when first asked for. */
export class ObjectIdIndex {
  private rests: Map<string, Uint8Array> | undefined;

  constructor(
    private readonly source: ContentsSource,
    private readonly warn: (text: string) => void,
  ) {}

  /** Birth volume, birth object and domain, 48 bytes; undefined where the index does not have the object ID. */
  rest(objectId: Uint8Array): Uint8Array | undefined {
    this.rests ??= this.load();
    return this.rests.get(keyOf(objectId));
  }

  private load(): Map<string, Uint8Array> {
    const rests = new Map<string, Uint8Array>();
    try {
      const record = this.find('$ObjId');
      const contents = record === undefined ? undefined : readContents(this.source, record);
      if (contents === undefined) return rests;
      for (const { view, at, length, keyLength } of walkIndex(this.source, contents, '$O')) {
        const data = at + view.getUint16(at, true);
        if (keyLength !== ID_SIZE || data + ObjectIdIndexData.size > at + length) continue;
        const bytes = new Uint8Array(view.buffer, view.byteOffset);
        const birth = data + ObjectIdIndexData.fields.birthVolumeId.offset;
        rests.set(
          keyOf(bytes.subarray(at + 0x10, at + 0x10 + ID_SIZE)),
          bytes.slice(birth, data + ObjectIdIndexData.size),
        );
      }
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.warn(
        `The index of object IDs is damaged (${error.message}); object IDs are kept without what they were born with.`,
      );
    }
    return rests;
  }

  /** Record of a file in $Extend. */
  private find(name: string): number | undefined {
    const extend = readContents(this.source, SystemFile.EXTEND);
    if (extend === undefined) return undefined;
    for (const { view, at, keyLength } of walkIndex(this.source, extend, '$I30')) {
      if (keyLength !== FileName.size + 2 * name.length) continue;
      if (textAt(view, at + 0x10 + FileName.size, name.length) !== name) continue;
      return view.getUint16(at + 4, true) * 4294967296 + view.getUint32(at, true);
    }
    return undefined;
  }
}

function keyOf(id: Uint8Array): string {
  return String.fromCharCode(...id.subarray(0, ID_SIZE));
}
