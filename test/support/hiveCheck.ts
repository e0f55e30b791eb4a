/** Facts about a hive that passed {@link checkHiveStrictly}. */
export interface HiveFacts {
  readonly keys: number;
  readonly values: number;
  /** Allocated cells that nothing refers to. */
  readonly lost: number;
  readonly freeBytes: number;
  readonly binBytes: number;
  readonly descriptors: number;
  /** Letters of the lists of subkeys, and how many there are of each. */
  readonly lists: Readonly<Record<string, number>>;
  readonly bigData: number;
}

const NOWHERE = 0xffffffff;
const upper = (name: string): string => {
  const all = name.toUpperCase();
  if (all.length === name.length) return all;
  return [...name].map((c) => (c.toUpperCase().length === c.length ? c.toUpperCase() : c)).join('');
};
const hashOf = (name: string): number => {
  const text = upper(name);
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 37) + text.charCodeAt(i)) >>> 0;
  return hash;
};

/**
 * Reads a hive with code of its own, and throws for everything that is not as Windows leaves it: checksum, sequence
 * numbers, cells that do not fill a bin or belong to two, counts, order, hashes, parents, references, rings.
 */
export function checkHiveStrictly(file: Uint8Array): HiveFacts {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  const must = (right: boolean, what: string): void => {
    if (!right) throw new Error(`hive: ${what}`);
  };
  must(bytes.toString('latin1', 0, 4) === 'regf', 'signature');
  must(bytes.readUInt32LE(4) === bytes.readUInt32LE(8), 'sequence numbers differ');
  must(bytes.readUInt32LE(28) === 0 && bytes.readUInt32LE(20) === 1, 'type or version');
  const minor = bytes.readUInt32LE(24);
  let xor = 0;
  for (let i = 0; i < 508; i += 4) xor ^= bytes.readInt32LE(i);
  xor = xor === -1 ? -2 : xor === 0 ? 1 : xor;
  must(xor >>> 0 === bytes.readUInt32LE(508), 'checksum');
  const size = bytes.readUInt32LE(40);
  must(size % 4096 === 0 && size > 0 && bytes.length >= 4096 + size, 'size of bins');
  const bins = bytes.subarray(4096, 4096 + size);

  const cells = new Map<number, number>();
  let freeBytes = 0;
  for (let bin = 0; bin < size;) {
    must(bins.toString('latin1', bin, bin + 4) === 'hbin', `no bin at ${bin}`);
    must(bins.readUInt32LE(bin + 4) === bin, `offset of the bin at ${bin}`);
    const end = bin + bins.readUInt32LE(bin + 8);
    must(end > bin && end % 4096 === 0 && end <= size, `size of the bin at ${bin}`);
    let at = bin + 32;
    while (at < end) {
      const cell = bins.readInt32LE(at);
      must(cell !== 0 && cell % 8 === 0 && at + Math.abs(cell) <= end, `cell at ${at}`);
      if (cell < 0) cells.set(at, -cell);
      else freeBytes += cell;
      at += Math.abs(cell);
    }
    bin = end;
  }

  const taken = new Set<number>();
  const content = (offset: number, least: number, what: string): Buffer => {
    const held = cells.get(offset);
    if (held === undefined) throw new Error(`hive: ${what}: no cell at ${offset}`);
    must(held - 4 >= least, `${what} at ${offset} does not fit`);
    return bins.subarray(offset + 4, offset + held);
  };
  const take = (offset: number, least: number, what: string): Buffer => {
    const bytesOfCell = content(offset, least, what);
    must(!taken.has(offset), `${what} at ${offset} belongs to two`);
    taken.add(offset);
    return bytesOfCell;
  };
  const nameIn = (cell: Buffer, at: number, length: number, oneByte: boolean): string =>
    cell.toString(oneByte ? 'latin1' : 'utf16le', at, at + length);

  const lists: Record<string, number> = {};
  const references = new Map<number, number>();
  let keys = 0;
  let values = 0;
  let bigData = 0;
  const nodeName = (offset: number): string => {
    const node = content(offset, 76, 'key');
    must(node.toString('latin1', 0, 2) === 'nk', `no key at ${offset}`);
    return nameIn(node, 76, node.readUInt16LE(72), (node.readUInt16LE(2) & 0x20) !== 0);
  };
  const leaf = (offset: number): number[] => {
    const list = take(offset, 4, 'list');
    const magic = list.toString('latin1', 0, 2);
    must(['li', 'lf', 'lh'].includes(magic), `list ${magic} at ${offset}`);
    lists[magic] = (lists[magic] ?? 0) + 1;
    const count = list.readUInt16LE(2);
    must(count > 0, `empty list at ${offset}`);
    const stride = magic === 'li' ? 4 : 8;
    must(4 + count * stride <= list.length, `list at ${offset} does not fit`);
    return Array.from({ length: count }, (_, i) => {
      const key = list.readUInt32LE(4 + i * stride);
      const name = nodeName(key);
      const hint = stride === 8 ? list.readUInt32LE(8 + i * stride) : 0;
      if (magic === 'lh') {
        must(hashOf(name) === hint, `hash of ${name}`);
      } else if (magic === 'lf' && [...name].every((c) => c.charCodeAt(0) < 256)) {
        must(
          hint === Buffer.from(name.slice(0, 4).padEnd(4, '\0'), 'latin1').readUInt32LE(),
          `hint of ${name}`,
        );
      }
      return key;
    });
  };

  const pending: { offset: number; parent: number | undefined }[] = [
    { offset: bytes.readUInt32LE(36), parent: undefined },
  ];
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const { offset, parent } = entry;
    const name = nodeName(offset);
    const node = take(offset, 76 + name.length, `key ${name}`);
    keys++;
    if (parent !== undefined) must(node.readUInt32LE(16) === parent, `parent of ${name}`);
    const security = node.readUInt32LE(44);
    references.set(security, (references.get(security) ?? 0) + 1);
    if (node.readUInt16LE(74) > 0) take(node.readUInt32LE(48), node.readUInt16LE(74), `class of ${name}`);

    const count = node.readUInt32LE(20);
    const list = node.readUInt32LE(28);
    must((count === 0) === (list === NOWHERE), `list of ${name}`);
    if (count > 0) {
      let children: number[];
      if (content(list, 4, 'list').toString('latin1', 0, 2) === 'ri') {
        const root = take(list, 4, 'index root');
        lists.ri = (lists.ri ?? 0) + 1;
        children = Array.from({ length: root.readUInt16LE(2) }, (_, i) =>
          leaf(root.readUInt32LE(4 + i * 4)),
        ).flat();
      } else {
        children = leaf(list);
      }
      must(children.length === count, `${children.length} subkeys of ${name}, claimed are ${count}`);
      const names = children.map((child) => upper(nodeName(child)));
      names.forEach((child, i) => must(i === 0 || names[i - 1] < child, `order of ${child}`));
      const longest = Math.max(...names.map((child) => child.length * 2));
      must((node.readUInt32LE(52) & 0xffff) >= longest, `longest name below ${name}`);
      for (const child of children) pending.push({ offset: child, parent: offset });
    }

    const valueCount = node.readUInt32LE(36);
    must((valueCount === 0) === (node.readUInt32LE(40) === NOWHERE), `value list of ${name}`);
    if (valueCount === 0) continue;
    const valueList = take(node.readUInt32LE(40), valueCount * 4, 'value list');
    for (let i = 0; i < valueCount; i++) {
      values++;
      const value = take(valueList.readUInt32LE(i * 4), 20, 'value');
      must(value.toString('latin1', 0, 2) === 'vk', `value of ${name}`);
      must(20 + value.readUInt16LE(2) <= value.length, `name of a value of ${name}`);
      const held = value.readUInt32LE(4);
      const length = held % 0x80000000;
      if (held >= 0x80000000) must(length <= 4, `inline data of ${name}`);
      else if (length > 0) {
        must(node.readUInt32LE(64) >= length, `largest data of ${name}`);
        const data = take(value.readUInt32LE(8), 1, 'data');
        if (length > 16344 && minor > 3) {
          bigData++;
          must(data.toString('latin1', 0, 2) === 'db', `big data of ${name}`);
          const segments = Math.ceil(length / 16344);
          must(data.readUInt16LE(2) === segments, `segments of ${name}`);
          const segmentList = take(data.readUInt32LE(4), segments * 4, 'segments');
          for (let s = 0; s < segments; s++) {
            take(segmentList.readUInt32LE(s * 4), Math.min(16344, length - s * 16344), 'segment');
          }
        } else {
          must(data.length >= length, `data of ${name}`);
        }
      }
    }
  }

  const [first] = references.keys();
  let ring = first;
  do {
    const next = content(ring, 20, 'descriptor').readUInt32LE(4);
    must(content(next, 20, 'descriptor').readUInt32LE(8) === ring, 'ring of descriptors');
    const descriptor = take(next, 20, 'descriptor');
    must(descriptor.toString('latin1', 0, 2) === 'sk', 'descriptor');
    must(
      descriptor.readUInt32LE(12) === (references.get(next) ?? 0),
      `references of the descriptor at ${next}`,
    );
    ring = next;
  } while (ring !== first);
  for (const offset of references.keys()) must(taken.has(offset), 'a descriptor outside the ring');
  return {
    keys,
    values,
    lost: cells.size - taken.size,
    freeBytes,
    binBytes: size,
    descriptors: references.size,
    lists,
    bigData,
  };
}
