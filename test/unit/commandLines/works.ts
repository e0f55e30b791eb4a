import fc from 'fast-check';
import type { Work, WorkOf } from '../../../src-shared/contract/work';

const awkward = fc.constantFrom(
  ...'aZx9 \t\'"$`\\!%&|<>^()*?;~#=-_.@,+[]{}ÄöüßéΩ日𝄞'.match(/./gu)!,
  '$a',
  '%PATH%',
  '\\"',
  "'\\''",
);
/** Names and descriptions as people, and those who test, write them. */
export const name = fc
  .array(awkward, { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join(''))
  .filter((text) => text !== '-');
const segment = name
  .map((text) => text.replaceAll('\\', '').replaceAll(':', ''))
  .filter((text) => text !== '');

/** Paths of a POSIX system, absolute and relative, also such as begin with a dash. */
export const posixPath = fc
  .tuple(fc.constantFrom('/', '', './', '-', '/a/'), fc.array(segment, { minLength: 1, maxLength: 3 }))
  .map(([root, parts]) => root + parts.join('/'))
  .filter((path) => path !== '-');

/** Paths of Windows: on a drive or a share, with and without a separator at their end. */
export const windowsPath = fc
  .tuple(
    fc.constantFrom('C:\\', 'd:\\x y\\', '\\\\server\\share\\'),
    fc.array(
      segment.map((text) => text.replace(/["*/<>?|\t]/g, '_')),
      { minLength: 1, maxLength: 3 },
    ),
    fc.constantFrom('', '\\'),
  )
  .map(([root, parts, end]) => root + parts.join('\\') + end);

const flag = fc.boolean();
const format = fc.constantFrom('none' as const, 'xpress' as const, 'lzx' as const, 'lzms' as const);
const acl = fc.constantFrom('none' as const, 'lenient' as const, 'strict' as const);
const image = fc.oneof(fc.integer({ min: 1, max: 40 }), name);

/** Every field may be there or not. */
const some = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;

const writeChoices = {
  compression: fc.oneof(
    fc.record({ format }),
    fc.record({ format, level: fc.integer({ min: 1, max: 100 }) }),
  ),
  chunkSize: fc.constantFrom(4096, 32_768, 2 ** 20),
  integrity: flag,
  pipable: flag,
  rebuild: flag,
  threads: fc.integer({ min: 0, max: 9 }),
  memory: fc.integer({ min: 1, max: 9_000_000 }).map((kibibytes) => kibibytes * 1024),
  solid: fc.constant(true),
  solidCompression: fc.record({
    format: fc.constantFrom('xpress' as const, 'lzx' as const, 'lzms' as const),
  }),
  solidChunkSize: fc.constantFrom(32_768, 2 ** 26),
  noSolidSort: flag,
};
const sourceChoices = {
  dereference: flag,
  unixData: flag,
  fixReparsePoints: flag,
  securityDescriptors: acl,
  config: fc.constant('[ExclusionList]\n*.tmp\n'),
};

/** Work of every verb over paths of one system. */
export function works(path: fc.Arbitrary<string>): fc.Arbitrary<Work> {
  const paths = fc.array(path, { minLength: 1, maxLength: 3 });
  const capture = fc
    .tuple(
      fc.record({ source: path, wim: path }),
      some({
        ...writeChoices,
        ...sourceChoices,
        name,
        description: name,
        properties: fc.constant([['FLAGS', 'Pro fessional']] as const),
        boot: flag,
        verifyIntegrity: flag,
        updateOf: fc.oneof(
          fc.record({ image: fc.integer({ min: 1, max: 9 }) }),
          fc.record({ wim: path, image: fc.integer({ min: 1, max: 9 }) }),
        ),
        deltaFrom: fc.array(path, { minLength: 1, maxLength: 2 }),
        wimboot: flag,
        overwrite: flag,
      }),
    )
    .map(([needed, more]) => ({ ...needed, ...more }));
  const all: fc.Arbitrary<unknown>[] = [
    capture.map((request) => ({ verb: 'capture', request })),
    fc
      .tuple(capture, some({ create: flag }))
      .map(([request, more]) => ({ verb: 'append', request: { ...request, ...more } })),
    fc
      .tuple(
        fc.record({ wim: path, target: path }),
        some({
          image,
          ref: paths,
          verifyIntegrity: flag,
          unixData: flag,
          fixReparsePoints: flag,
          securityDescriptors: acl,
          includeInvalidNames: flag,
          recoverData: flag,
          threads: writeChoices.threads,
          memory: writeChoices.memory,
        }),
      )
      .map(([needed, more]) => ({ verb: 'apply', request: { ...needed, ...more } })),
    fc
      .tuple(fc.record({ wim: path, image }), some({ integrity: flag, verifyIntegrity: flag, soft: flag }))
      .map(([needed, more]) => ({ verb: 'delete', request: { ...needed, ...more } })),
    fc
      .tuple(
        fc.record({ wim: path, image, destination: path, name }),
        some({
          ...writeChoices,
          description: name,
          boot: flag,
          ref: paths,
          recompress: flag,
          verifyIntegrity: flag,
        }),
      )
      .map(([needed, more]) => ({ verb: 'export', request: { ...needed, ...more } })),
    fc.record({ parts: paths, destination: path }).map((request) => ({ verb: 'join', request })),
    fc
      .tuple(
        fc.record({ wim: path, destination: path, megabytes: fc.integer({ min: 1, max: 5000 }) }),
        some({ compression: writeChoices.compression, memory: writeChoices.memory }),
      )
      .map(([{ megabytes, ...request }, more]) => ({
        verb: 'split',
        request: { ...request, ...more, partSize: megabytes * 2 ** 20 },
      })),
    fc
      .tuple(
        fc.record({ wim: path }),
        some({ ref: paths, threads: fc.integer({ min: 1, max: 9 }), memory: writeChoices.memory }),
      )
      .map(([needed, more]) => ({ verb: 'verify', request: { ...needed, ...more } })),
    fc
      .tuple(
        fc.record({ wim: path, image: fc.integer({ min: 1, max: 9 }), newName: name }),
        some({ newDescription: name, boot: flag, verifyIntegrity: flag, integrity: flag }),
      )
      .map(([needed, more]) => ({ verb: 'info', request: { ...needed, ...more } })),
    fc
      .record({ wim: path, image: fc.integer({ min: 1, max: 9 }), destination: path, paths })
      .map((request) => ({ verb: 'extract', request: { ...request, globs: true } })),
    fc.tuple(fc.record({ wim: path }), some(writeChoices)).map(([needed, more]) => ({
      verb: 'optimize',
      request: { ...needed, ...more },
    })),
    fc.record({ wim: path, image: fc.integer({ min: 1, max: 9 }) }).map((request) => ({
      verb: 'update',
      request: { ...request, edits: [{ kind: 'delete', path: '/a' }] },
    })),
  ];
  return fc.oneof(...all) as fc.Arbitrary<Work>;
}

/** A request without what says nothing: switches that are off, and what is usual. */
export function withoutUsual(request: object): Record<string, unknown> {
  const meaningful = ['integrity', 'fixReparsePoints', 'pipable', 'readOnly', 'globs'];
  return Object.fromEntries(
    Object.entries(request).filter(
      ([key, value]) =>
        value !== undefined &&
        (value !== false || meaningful.includes(key)) &&
        !(key === 'threads' && value === 0) &&
        !(key === 'securityDescriptors' && value === 'lenient'),
    ),
  );
}

export type Captured = WorkOf<'capture' | 'append'>;
