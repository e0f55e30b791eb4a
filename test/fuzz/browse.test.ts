import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { browse } from '../../src-shared/contract/browse';
import { AppError } from '../../src-shared/errors/appError';
import { createBrowseHandlers } from '../../src-main/app/browse/browseHandlers';
import { createCompareHandlers } from '../../src-main/app/compare/compareHandlers';
import { fuzzMilliseconds } from '../support/fuzz';
import { jobControl, nodeHost } from '../support/handlers';
import { buildWim, damaged, DIRECTORY, MetadataBuilder, mutations, sha1Of } from '../support/hostileWim';

const data = Buffer.from('data of a file');
const page = { offset: 0, limit: 100, sort: 'name', descending: false, directoriesOnly: false } as const;

/** Two images with directories, streams and links, each with what `change` makes of its metadata. */
function wim(change: (metadata: Uint8Array) => Uint8Array): Uint8Array {
  const image = (extra: string): Uint8Array => {
    const builder = new MetadataBuilder().security();
    const root = builder.dentry({ attributes: DIRECTORY });
    builder.end();
    builder.setChildren(root, builder.position);
    const folder = builder.dentry({ name: 'folder', attributes: DIRECTORY });
    builder.dentry({ name: extra, sha1: sha1Of(data), link: 7n });
    builder.dentry({ name: 'link', attributes: 0x400, link: 0xa000000cn, sha1: sha1Of(data) });
    builder.dentry({
      name: 'streams',
      streams: [{ sha1: sha1Of(data) }, { name: 'named', sha1: sha1Of(data) }],
    });
    builder.end();
    builder.setChildren(folder, builder.position);
    builder.dentry({ name: 'inner.txt', sha1: sha1Of(data), link: 7n });
    builder.end();
    return builder.build();
  };
  return buildWim({
    images: [{ data: change(image('one')) }, { data: image('two') }],
    blobs: [{ data, references: 9 }],
  });
}

/** What work comes to: an error that a person can act on is as good as an answer. */
async function outcome<T>(work: () => Promise<T> | T): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && error.code !== 'internal/bug') return undefined;
    throw error;
  }
}

describe('whatever the bytes of a WIM', () => {
  it('browsing and comparing it answer as declared, or say what is wrong', async () => {
    const host = await nodeHost();
    const whole = wim((metadata) => metadata);
    const directory = mkdtempSync(path.join(os.tmpdir(), 'wimsmith-test-'));
    const file = path.join(directory, 'test.wim');
    try {
      await fc.assert(
        fc.asyncProperty(mutations, fc.constantFrom(1, 2, 8), fc.boolean(), async (changes, align, whose) => {
          // Damage in the metadata alone is told by no SHA-1.
          writeFileSync(
            file,
            whose ? damaged(whole, changes, align) : wim((metadata) => damaged(metadata, changes, align)),
          );
          const handlers = createBrowseHandlers(host);
          const opened = await outcome(() => handlers.open({ wim: file }));
          if (opened === undefined) return;
          const at = { session: opened.session, image: 1 };
          for (const place of ['/', '/folder', '/nowhere']) {
            const early = await outcome(() => handlers.folder({ ...at, path: place, ...page }));
            if (early !== undefined) browse.members.folder.out.parse(early);
          }
          const found = await outcome(() => handlers.search({ ...at, pattern: '*', limit: 100 }));
          for (const row of found?.rows ?? []) {
            const facts = await outcome(() => handlers.entry({ ...at, path: row.path }));
            if (facts !== undefined) browse.members.entry.out.parse(facts);
            const shown = await outcome(() => handlers.preview({ ...at, path: row.path, bytes: 100 }));
            if (shown !== undefined) browse.members.preview.out.parse(shown);
          }
          const space = await outcome(() => handlers.space(at, jobControl()));
          if (space !== undefined) {
            const { sizes, folders } = browse.members.space.out.parse(space);
            expect(folders.bytes).toBe(sizes.logical);
          }
          const compared = createCompareHandlers(host);
          const sides = {
            left: { kind: 'image', wim: file, image: 1 },
            right: { kind: 'image', wim: file, image: 2 },
          };
          await outcome(() =>
            compared.run(
              { ...(sides as Parameters<typeof compared.run>[0]), ignoreTimes: false },
              jobControl(),
            ),
          );
        }),
        { interruptAfterTimeLimit: fuzzMilliseconds(6), numRuns: Infinity },
      );
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
