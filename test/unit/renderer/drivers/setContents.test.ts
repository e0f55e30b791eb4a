import { describe, expect, it } from 'vitest';
import { newSetOf } from '../../../../src-renderer/views/drivers/newSet';
import {
  contentsOfSet,
  placeOfPackage,
  placesOfSet,
} from '../../../../src-renderer/views/drivers/setContents';
import type { UseRow } from '../../../../src-shared/contract/drivers';
import { hashOf, packageRow } from './packages';

const net = packageRow({ id: 'net', bytes: 100 });
const netCopy = packageRow({ id: 'net2', infSha256: net.infSha256, inf: '/backup/net.inf', duplicate: true });
const audio = packageRow({ id: 'audio', bytes: 7 });
const arm = packageRow({ id: 'arm', architectures: ['arm64'], bytes: 50 });
const broken = packageRow({ id: 'broken', errors: 2, bytes: 3 });
const zipped = packageRow({ id: 'zipped', inf: '/packs/all.zip > gfx/zipped.inf', bytes: 20 });
const besides = packageRow({ id: 'besides', inf: '/packs/all.zip > x/besides.inf' });
const library = [net, netCopy, audio, arm, broken, zipped, besides];
const set = (...chosen: { readonly infSha256: string }[]) => ({
  model: '',
  architecture: 'amd64' as const,
  packages: chosen.map(({ infSha256 }) => infSha256),
});
const use = (id: string): [string, UseRow] => [
  id,
  { package: id, goesIn: true, usedFor: 1, wouldServe: 1, devices: ['Adapter'] },
];

describe('what goes into an image for a set', () => {
  it('is nothing for a set of nothing', () => {
    expect(contentsOfSet(set(), library, [])).toEqual({ packages: [], count: 0, bytes: 0, gone: [] });
  });
  it('is what serves the devices and what was chosen, each INF once', () => {
    const contents = contentsOfSet(set(net, audio), library, [net.infSha256, net.infSha256]);
    expect(contents.packages.map(({ found, by }) => [found.id, by])).toEqual([
      ['net', 'devices'],
      ['audio', 'chosen'],
    ]);
    expect(contents).toMatchObject({ count: 2, bytes: 107, gone: [] });
  });
  it('names the copy that the match took', () => {
    const contents = contentsOfSet(set(), library, [net.infSha256], new Map([use('net2')]));
    expect(contents.packages.map(({ found }) => found.id)).toEqual(['net2']);
  });
  it('leaves out faulty ones and those for another architecture, and says why', () => {
    const contents = contentsOfSet(set(broken, arm, audio), library, []);
    expect(contents.packages.map(({ found, hindrance }) => [found.id, hindrance])).toEqual([
      ['audio', undefined],
      ['broken', 'faulty'],
      ['arm', 'wrong-architecture'],
    ]);
    expect(contents).toMatchObject({ count: 1, bytes: 7 });
  });
  it('tells what the library does not hold now', () => {
    const lost = hashOf('lost');
    expect(contentsOfSet(set(audio, { infSha256: lost }), library, []).gone).toEqual([lost]);
  });
});

describe('the places of a set', () => {
  const places = (chosen: ReturnType<typeof set>, model = '') => {
    const contents = contentsOfSet(chosen, library, []);
    return placesOfSet({ ...chosen, model }, contents, library, ['/drivers', '/packs']);
  };
  it('are those of the library where devices choose', () => {
    expect(places(set(), 'lab')).toEqual({ paths: ['/drivers', '/packs'], others: [] });
  });
  it('are the INFs that were chosen', () => {
    expect(places(set(net, broken))).toEqual({ paths: [net.inf], only: [net.infSha256], others: [] });
  });
  it('are an archive with what else lies in it', () => {
    expect(places(set(zipped, audio), 'lab')).toEqual({
      paths: ['/packs/all.zip', audio.inf],
      only: [zipped.infSha256, audio.infSha256],
      others: [besides.infSha256],
    });
    expect(placeOfPackage({ inf: 'C:\\a\\b.CAB > c.inf' })).toBe('C:\\a\\b.CAB');
    expect(placeOfPackage({ inf: '/a > b/c.inf' })).toBe('/a > b/c.inf');
  });
  it('are those of the library where there are too many', () => {
    const many = Array.from({ length: 1001 }, (_, i) => packageRow({ id: `p${i}` }));
    const chosen = { ...set(), packages: many.map(({ infSha256 }) => infSha256) };
    const all = [...many, audio];
    const found = placesOfSet(chosen, contentsOfSet(chosen, all, []), all, ['/drivers']);
    expect(found.paths).toEqual(['/drivers']);
    expect(found.only).toHaveLength(1001);
    expect(found.others).toEqual([audio.infSha256]);
  });
});

describe('a new set', () => {
  it('has a name that no other has', () => {
    const others = [{ name: 'New set' }, { name: 'NEW SET 2' }];
    expect(newSetOf('New set', others).name).toBe('New set 3');
    expect(newSetOf('New set', []).name).toBe('New set');
  });
});
