import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createFilesService } from '../../../../src-main/app/files/filesService';
import { createPathRules } from '../../../../src-main/app/files/pathRules';
import type { ShellServices } from '../../../../src-main/app/shell';
import { contract } from '../../../../src-shared/contract';
import { isRoot } from '../../../support/trees';
import { temporaryDirectory } from '../../../support/tools';

const posixOnly = process.platform !== 'win32';

function serviceIn(home: string, shell: Partial<ShellServices> = {}, recent: readonly string[] = []) {
  return createFilesService({
    rules: createPathRules(!posixOnly, home),
    home,
    shell: { kind: 'headless', ...shell },
    practiceFolder: () => path.join(home, 'practice'),
    recentFolders: () => Promise.resolve(recent),
  }).handlers;
}

const all = { extensions: [] as string[], hidden: false, offset: 0, limit: 2000 };

describe('a directory', () => {
  it('lists directories first, in natural order, with what the extensions leave of the files', async () => {
    const home = temporaryDirectory();
    for (const name of ['b10', 'B9', 'ä']) mkdirSync(path.join(home, name));
    for (const name of ['lab.WIM', 'old.wim', 'part 10.swm', 'part 9.swm', 'notes.txt', '.hidden.wim']) {
      writeFileSync(path.join(home, name), name);
    }
    symlinkSync('b10', path.join(home, 'c link'), 'dir');
    symlinkSync('nowhere', path.join(home, 'dangling.wim'));
    const files = serviceIn(home);
    const listed = await files.list({ ...all, path: '~', extensions: ['wim', '.swm'] });
    expect(listed).toMatchObject({ path: home, parent: path.dirname(home), total: 9 });
    expect(listed.rows.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'directory ä',
      'directory B9',
      'directory b10',
      'directory c link',
      'other dangling.wim',
      'file lab.WIM',
      'file old.wim',
      'file part 9.swm',
      'file part 10.swm',
    ]);
    expect(listed.rows.at(-1)).toMatchObject({
      size: 11,
      path: path.join(home, 'part 10.swm'),
      hidden: false,
    });
    expect(() => contract.files.members.list.out.parse(listed)).not.toThrow();
    const hidden = await files.list({ ...all, path: home, hidden: true });
    expect(hidden.rows.filter((row) => row.hidden).map(({ name }) => name)).toEqual(['.hidden.wim']);
    expect(hidden.total).toBe(11);
  });

  it('of 20,000 files comes in pages that together hold each file once', async () => {
    const home = temporaryDirectory();
    execFileSync('sh', ['-c', 'cd "$1" && seq -f "file %g" 20000 | xargs -d "\\n" touch', 'sh', home]);
    const files = serviceIn(home);
    const names: string[] = [];
    for (let offset = 0; offset < 20_000; offset += 2000) {
      const { rows, total } = await files.list({ ...all, path: home, offset });
      expect(total).toBe(20_000);
      names.push(...rows.map(({ name }) => name));
    }
    expect(names).toEqual(Array.from({ length: 20_000 }, (_, i) => `file ${i + 1}`));
  });

  it('is read anew when it changed between two pages', async () => {
    const home = temporaryDirectory();
    for (const name of ['a', 'b', 'c']) writeFileSync(path.join(home, name), '');
    const files = serviceIn(home);
    await files.list({ ...all, path: home, limit: 1 });
    writeFileSync(path.join(home, 'bb'), '');
    const { rows } = await files.list({ ...all, path: home, offset: 1 });
    expect(rows.map(({ name }) => name)).toEqual(['b', 'bb', 'c']);
  });

  it('that cannot be listed says why', async ({ skip }) => {
    const home = temporaryDirectory();
    const files = serviceIn(home);
    writeFileSync(path.join(home, 'file'), '');
    await expect(files.list({ ...all, path: 'none' })).rejects.toMatchObject({ code: 'io/not-found' });
    await expect(files.list({ ...all, path: 'file' })).rejects.toMatchObject({ code: 'io/not-a-directory' });
    skip(isRoot, 'root may read everything');
    mkdirSync(path.join(home, 'locked'), { mode: 0 });
    await expect(files.list({ ...all, path: 'locked' })).rejects.toMatchObject({ code: 'io/no-permission' });
  });

  it('keeps names that are no UTF-8 as what cannot be opened', async ({ skip }) => {
    skip(process.platform !== 'linux', 'other systems have no such names');
    const home = temporaryDirectory();
    execFileSync('sh', ['-c', 'printf x >"$1/$(printf "bad\\377")"', 'sh', home]);
    const { rows } = await serviceIn(home).list({ ...all, path: home });
    expect(rows.map(({ name, kind }) => [name, kind])).toEqual([['bad\ufffd', 'other']]);
  });
});

describe('completion', () => {
  it('offers what begins so, in any case of letters, directories with a separator', async () => {
    const home = temporaryDirectory();
    mkdirSync(path.join(home, 'Images'));
    mkdirSync(path.join(home, 'images old'));
    for (const name of ['image.wim', 'image.txt', '.image']) writeFileSync(path.join(home, name), '');
    const files = serviceIn(home);
    const complete = (typed: string, directoriesOnly = false): Promise<string[]> | string[] =>
      files.complete({ typed, extensions: ['wim'], directoriesOnly });
    const at = (name: string): string => path.join(home, name);
    const [images, old] = [at('Images') + path.sep, at('images old') + path.sep];
    expect(await complete('~/im')).toEqual([old, images, at('image.wim')]);
    expect(await complete('~/Im')).toEqual([images, old, at('image.wim')]);
    expect(await complete('im', true)).toEqual([old, images]);
    expect(await complete(`${home}${path.sep}.im`)).toEqual([]);
    expect(await complete('~')).toEqual([images, old, at('image.wim')]);
    expect(await complete('')).toEqual([images, old, at('image.wim')]);
    expect(await complete('~/none/im')).toEqual([]);
    expect(await complete('~/image.wim/x')).toEqual([]);
    expect(await complete('a\0b')).toEqual([]);
  });

  it('offers at most 50, and every offer leads on from what was typed', async () => {
    const home = temporaryDirectory();
    for (let i = 0; i < 120; i++) mkdirSync(path.join(home, `${'aäbÄ'[i % 4]}${i % 7} ${i}`));
    const files = serviceIn(home);
    const letters = fc.string({ unit: fc.constantFrom('a', 'A', 'ä', 'b', '1', '3', ' '), maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(letters, async (start) => {
        const offered = await files.complete({
          typed: home + path.sep + start,
          extensions: [],
          directoriesOnly: true,
        });
        const expected = readdirSync(home).filter((name) =>
          name.toLowerCase().startsWith(start.toLowerCase()),
        );
        expect(offered.length).toBe(Math.min(50, expected.length));
        expect(new Set(offered).size).toBe(offered.length);
        for (const offer of offered) {
          expect(expected).toContain(path.basename(offer));
          expect(statSync(offer).isDirectory()).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('the status of a path', () => {
  it('tells kinds, WIM files and emptiness', async () => {
    const home = temporaryDirectory();
    const files = serviceIn(home);
    mkdirSync(path.join(home, 'empty'));
    writeFileSync(path.join(home, 'lab.wim'), 'MSWIM\0\0\0 and more', 'latin1');
    writeFileSync(path.join(home, 'pipable.wim'), 'WLPWM\0\0\0 and more', 'latin1');
    writeFileSync(path.join(home, 'short.wim'), 'MSWIM');
    symlinkSync('nowhere', path.join(home, 'dangling'));
    const status = (typed: string) => files.status({ path: typed });
    expect(await status('~/lab.wim')).toEqual({
      path: path.join(home, 'lab.wim'),
      name: 'lab.wim',
      parent: home,
      kind: 'file',
      parentExists: true,
      size: 17,
      empty: false,
      readable: true,
      writable: true,
      free: expect.any(Number),
      wim: true,
    });
    expect(await status('pipable.wim')).toMatchObject({ wim: true });
    expect(await status('short.wim')).toMatchObject({ kind: 'file', wim: false });
    expect(await status('dangling')).toMatchObject({ kind: 'other', readable: false });
    expect(await status('empty/')).toMatchObject({
      kind: 'directory',
      empty: true,
      name: 'empty',
      writable: true,
    });
    expect(await status('~')).toMatchObject({ kind: 'directory', empty: false });
    expect(await status('new.wim')).toMatchObject({ kind: 'missing', parentExists: true, writable: true });
    expect(await status('a/b/new.wim')).toMatchObject({
      kind: 'missing',
      parentExists: false,
      writable: true,
    });
    expect(await status('lab.wim/x')).toMatchObject({ kind: 'missing', parentExists: false });
    expect(await status(path.parse(home).root)).toMatchObject({ kind: 'directory', parentExists: true });
  });

  it('is answered for a pipe without waiting for a writer', async ({ skip }) => {
    skip(!posixOnly, 'Windows has no such pipes in directories');
    const home = temporaryDirectory();
    execFileSync('mkfifo', [path.join(home, 'pipe.wim')]);
    expect(await serviceIn(home).status({ path: 'pipe.wim' })).toMatchObject({ kind: 'other', wim: false });
  });

  it('knows what may not be written or read', async ({ skip }) => {
    skip(isRoot || !posixOnly, 'root may do everything');
    const home = temporaryDirectory();
    mkdirSync(path.join(home, 'fixed'));
    writeFileSync(path.join(home, 'secret'), 'x', { mode: 0 });
    chmodSync(path.join(home, 'fixed'), 0o500);
    const files = serviceIn(home);
    expect(await files.status({ path: 'fixed/new' })).toMatchObject({ kind: 'missing', writable: false });
    expect(await files.status({ path: 'secret' })).toMatchObject({ readable: false, writable: false });
  });
});

describe('places', () => {
  it('are the folders that are there, volumes with their space, and recent folders once', async () => {
    const home = temporaryDirectory();
    mkdirSync(path.join(home, 'Documents'));
    mkdirSync(path.join(home, 'practice'));
    mkdirSync(path.join(home, 'wims'));
    const recent = [path.join(home, 'wims'), path.join(home, 'Documents'), path.join(home, 'gone')];
    const places = await serviceIn(home, {}, recent).places({});
    expect(() => contract.files.members.places.out.parse(places)).not.toThrow();
    const shown = places
      .filter(({ kind }) => kind !== 'volume')
      .map(({ kind, path: place }) => [kind, place]);
    expect(shown).toEqual([
      ['home', home],
      ['documents', path.join(home, 'Documents')],
      ['practice', path.join(home, 'practice')],
      ['recent', path.join(home, 'wims')],
    ]);
    const root = places.find((place) => place.path === path.parse(process.cwd()).root);
    expect(root).toMatchObject({ kind: 'volume' });
    expect(root?.size).toBeGreaterThan(root?.free ?? Infinity);
  });
});

describe('what is written', () => {
  it('is a folder with a proper name', async () => {
    const home = temporaryDirectory();
    const files = serviceIn(home);
    expect(await files.makeFolder({ parent: '~', name: 'Größe 2' })).toEqual({
      path: path.join(home, 'Größe 2'),
    });
    await expect(files.makeFolder({ parent: '~', name: 'Größe 2' })).rejects.toMatchObject({
      code: 'io/exists',
    });
    await expect(files.makeFolder({ parent: 'none', name: 'x' })).rejects.toMatchObject({
      code: 'io/not-found',
    });
    for (const name of ['..', 'a/b', 'a\\b', 'a\0']) {
      await expect(files.makeFolder({ parent: '~', name })).rejects.toMatchObject({ code: 'usage/invalid' });
    }
    expect(readdirSync(home)).toEqual(['Größe 2']);
  });

  it('is a text, which replaces another only when that is wanted', async () => {
    const home = temporaryDirectory();
    const files = serviceIn(home);
    const report = path.join(home, 'report.html');
    expect(await files.saveText({ path: 'report.html', content: 'ä', overwrite: false })).toEqual({
      path: report,
    });
    await expect(files.saveText({ path: report, content: 'b', overwrite: false })).rejects.toMatchObject({
      code: 'io/exists',
    });
    expect(readFileSync(report, 'utf8')).toBe('ä');
    await files.saveText({ path: report, content: 'c', overwrite: true });
    expect(readFileSync(report, 'utf8')).toBe('c');
    await expect(files.saveText({ path: '~', content: 'd', overwrite: true })).rejects.toMatchObject({
      code: 'io/exists',
    });
    expect(readdirSync(home)).toEqual(['report.html']);
  });
});

describe('the shell', () => {
  it('is asked for dialogs and its file manager', async () => {
    const home = temporaryDirectory();
    const reveal = vi.fn<(path: string) => void>();
    const files = serviceIn(home, {
      pick: ({ title }) => Promise.resolve(title === 'none' ? null : home),
      reveal,
    });
    const question = { kind: 'open-folder' as const, filters: [], defaultPath: '' };
    expect(await files.pick({ ...question, title: 'some' })).toEqual({ path: home });
    expect(await files.pick({ ...question, title: 'none' })).toBeNull();
    await files.reveal({ path: '~' });
    expect(reveal.mock.calls).toEqual([[home]]);
    await expect(files.reveal({ path: '~/none' })).rejects.toMatchObject({ code: 'io/not-found' });
    await expect(serviceIn(home).reveal({ path: '~' })).rejects.toMatchObject({ code: 'usage/invalid' });
  });
});
