/** Data that has literals, near and far matches, and calls. */
export function sampleData(size: number, choose: (below: number) => number): Buffer {
  const data = Buffer.alloc(size);
  for (let at = 0; at < size;) {
    const length = Math.min(size - at, 1 + choose(3000));
    switch (choose(5)) {
      case 0:
        for (let i = at; i < at + length; i++) data[i] = choose(256);
        break;
      case 1:
        data.fill(choose(256), at, at + length);
        break;
      case 2:
        for (let i = at; i < at + length; i++)
          data[i] = i % 6 === 0 ? 0xe8 : i % 6 > 2 ? choose(2) * 255 : choose(256);
        break;
      default: {
        const from = at === 0 ? 0 : choose(at);
        for (let i = 0; i < length; i++) data[at + i] = data[from + i];
      }
    }
    at += length;
  }
  return data;
}

/** Numbers from a seed: xorshift of 32 bits. */
export function chooser(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
