import { expect, it } from 'vitest';
import { defaultSettings, type AppInfo } from '../../../../src-shared/contract/app';
import { Work } from '../../../../src-shared/contract/work';
import {
  beginCapture,
  CaptureDraft,
  captureWork,
  imageName,
  wimPath,
} from '../../../../src-renderer/wizards/capture/captureDraft';
import { configText } from '../../../../src-renderer/wizards/source/sourceDraft';

const info: AppInfo = {
  version: '1.0.0',
  shell: 'headless',
  platform: 'linux',
  separator: '/',
  nativeDialogs: false,
  canReveal: false,
  processors: 2,
  memory: 2 ** 33,
  canLowerPriority: true,
  dataFolder: '/data',
  imageFolder: '/images',
  defaultExclusions: '[ExclusionList]\n\\pagefile.sys\n',
  start: { practice: false, open: null },
};
const begin = (params: Record<string, string> = {}): CaptureDraft =>
  beginCapture({ params, settings: defaultSettings, info });
const there = { config: 'text', wim: '/images/ref.wim', wimThere: true };
const free = { ...there, wimThere: false };

it('begins with what the address and the settings say, as its schema has it', () => {
  const draft = beginCapture({
    params: { source: '/mnt/ref' },
    settings: { ...defaultSettings, compression: 'xpress', integrity: false, threads: 3 },
    info,
  });
  expect(draft).toMatchObject({ source: '/mnt/ref', compression: 'xpress', integrity: false, threads: 3 });
  expect(CaptureDraft.parse(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
});

it('proposes a name and a place until somebody types one', () => {
  const draft = begin({ source: '/mnt/Ref PC/' });
  expect([imageName(draft), wimPath(draft, info)]).toEqual(['Ref PC', '/images/Ref PC.wim']);
  const typed = { ...draft, name: 'a:b/c', wim: null };
  expect([imageName(typed), wimPath(typed, info)]).toEqual(['a:b/c', '/images/a-b-c.wim']);
  expect(wimPath({ ...draft, wim: '' }, info)).toBe('');
  // A root and a drive have no name to give.
  expect(wimPath({ ...draft, source: '/' }, info)).toBe('/images/image.wim');
  expect(wimPath({ ...draft, source: 'C:\\' }, { ...info, imageFolder: 'D:\\i\\', separator: '\\' })).toBe(
    'D:\\i\\C.wim',
  );
});

it('asks for nothing but what was chosen', () => {
  const work = captureWork(begin({ source: '/mnt/ref' }), free);
  expect(work).toEqual({
    verb: 'capture',
    request: {
      source: '/mnt/ref',
      wim: '/images/ref.wim',
      name: 'ref',
      compression: { format: 'lzx' },
      integrity: true,
    },
  });
});

it('overwrites only on a word, and only what is there', () => {
  const draft = begin({ source: '/mnt/ref' });
  const overwrites = (conflict: CaptureDraft['conflict'], place: typeof there): unknown =>
    captureWork({ ...draft, conflict }, place)?.request;
  expect(overwrites('overwrite', there)).toHaveProperty('overwrite', true);
  expect(overwrites('ask', there)).not.toHaveProperty('overwrite');
  // The file that was there is gone: the word does not stand for one that comes between.
  expect(overwrites('overwrite', free)).not.toHaveProperty('overwrite');
});

it('appends instead when that was chosen, without what only a new file has', () => {
  const draft = {
    ...begin({ source: '/mnt/ref' }),
    conflict: 'append' as const,
    pipable: true,
    chunkSize: 65_536,
  };
  expect(captureWork(draft, there)).toEqual({
    verb: 'append',
    request: { source: '/mnt/ref', wim: '/images/ref.wim', name: 'ref' },
  });
  expect(captureWork(draft, free)?.verb).toBe('capture');
});

it('makes work that the host accepts whatever was chosen', () => {
  const draft: CaptureDraft = {
    ...begin({ source: '/mnt/ref' }),
    list: 'own',
    ownConfig: '[ExclusionList]\n*.tmp\n',
    dereference: true,
    unixData: true,
    fixReparsePoints: 'off',
    securityDescriptors: 'strict',
    threads: 4,
    level: 80,
    chunkSize: 65_536,
    pipable: true,
    wimboot: true,
    updateWim: '/images/old.wim',
    updateImage: 2,
    deltaFrom: '/images/base.wim',
    description: 'd',
    flags: 'Professional',
    boot: true,
  };
  const work = captureWork(draft, { ...free, config: draft.ownConfig });
  expect(Work.parse(work)).toEqual(work);
  expect(work?.request).toMatchObject({
    config: draft.ownConfig,
    compression: { format: 'lzx', level: 80 },
    updateOf: { wim: '/images/old.wim', image: 2 },
    deltaFrom: ['/images/base.wim'],
    properties: [['FLAGS', 'Professional']],
    fixReparsePoints: false,
  });
});

it('asks for solid data, and for nothing that a solid file cannot be', () => {
  const draft: CaptureDraft = {
    ...begin({ source: '/mnt/ref' }),
    compression: 'solid',
    level: 80,
    chunkSize: 1 << 22,
    pipable: true,
    wimboot: true,
  };
  const work = captureWork(draft, free);
  expect(Work.parse(work)).toEqual(work);
  expect(work?.request).toEqual({
    source: '/mnt/ref',
    wim: '/images/ref.wim',
    name: 'ref',
    solid: true,
    solidCompression: { format: 'lzms', level: 80 },
    solidChunkSize: 1 << 22,
    integrity: true,
  });
  const recovery = captureWork({ ...draft, compression: 'lzms' }, free)?.request;
  expect(recovery).toMatchObject({
    compression: { format: 'lzms', level: 80 },
    chunkSize: 1 << 22,
    pipable: true,
  });
  expect(recovery).not.toHaveProperty('wimboot');
  expect(recovery).not.toHaveProperty('solid');
});

it('has no work while source or place is missing', () => {
  expect(captureWork(begin(), free)).toBeNull();
  expect(captureWork(begin({ source: '/mnt/ref' }), { ...free, wim: '' })).toBeNull();
});

it('says which exclusions are in force', () => {
  const settings = {
    ...defaultSettings,
    exclusionLists: [{ id: 'lab', name: 'Lab', config: '[ExclusionList]\n*.iso\n' }],
  };
  const text = (list: string): string => configText({ ...begin(), list, ownConfig: 'own' }, settings, info);
  expect(text('default')).toBe(info.defaultExclusions);
  expect(text('lab')).toBe('[ExclusionList]\n*.iso\n');
  expect(text('own')).toBe('own');
  expect(text('none')).toBe('');
  // A list that was deleted since leaves what is usual, not nothing.
  expect(text('gone')).toBe(info.defaultExclusions);
});
