import { describe, expect, it } from 'vitest';
import {
  filterPackages,
  groupPackages,
  noPackageFilter,
  type PackageFilter,
} from '../../../../src-renderer/views/drivers/packageFilter';
import { packageRow } from './packages';

const net = packageRow({ id: 'net', bytes: 100 });
const older = packageRow({ id: 'older', name: 'net.inf', superseded: true, version: '1.0.0.0', bytes: 90 });
const copy = packageRow({ id: 'copy', name: 'net.inf', duplicate: true, inf: '/backup/net.inf', bytes: 100 });
const audio = packageRow({
  id: 'audio',
  provider: 'acoustics',
  className: 'MEDIA',
  architectures: ['amd64', 'arm64'],
  bytes: 7,
});
const nameless = packageRow({
  id: 'nameless',
  provider: ' ',
  className: '',
  architectures: [],
  errors: 1,
  fault: 'it is broken',
  bytes: 1,
});
const all = [net, older, copy, audio, nameless];

const ids = (filter: Partial<PackageFilter>): string[] =>
  filterPackages(all, { ...noPackageFilter, ...filter }).map(({ id }) => id);

describe('the filter of the driver library', () => {
  it('leaves all, in their order, where it asks for nothing', () => {
    expect(ids({})).toEqual(all.map(({ id }) => id));
  });
  it('looks for all words in name, vendor, class, version and place', () => {
    expect(ids({ text: 'NORTHLIGHT backup' })).toEqual(['copy']);
    expect(ids({ text: '1.0.0.0' })).toEqual(['older']);
    expect(ids({ text: 'media' })).toEqual(['audio']);
    expect(ids({ text: 'net.inf media' })).toEqual([]);
  });
  it('tells copies, older versions and faults apart', () => {
    expect(ids({ state: 'duplicate' })).toEqual(['copy']);
    expect(ids({ state: 'superseded' })).toEqual(['older']);
    expect(ids({ state: 'current' })).toEqual(['net', 'audio', 'nameless']);
    expect(ids({ state: 'faulty' })).toEqual(['nameless']);
  });
  it('narrows by several groups at once, and finds what names none', () => {
    expect(ids({ vendor: 'acoustics', architecture: 'arm64' })).toEqual(['audio']);
    expect(ids({ vendor: 'acoustics', class: 'Net' })).toEqual([]);
    expect(ids({ vendor: '' })).toEqual(['nameless']);
    expect(ids({ architecture: '' })).toEqual(['nameless']);
  });
});

describe('the groups of the driver library', () => {
  it('have their packages and bytes, by name, what names none last', () => {
    expect(groupPackages(all, 'vendor')).toEqual([
      { name: 'acoustics', count: 1, bytes: 7 },
      { name: 'Northlight Devices', count: 3, bytes: 290 },
      { name: '', count: 1, bytes: 1 },
    ]);
  });
  it('hold a package for two architectures twice', () => {
    expect(groupPackages(all, 'architecture').map(({ name, count }) => [name, count])).toEqual([
      ['amd64', 4],
      ['arm64', 1],
      ['', 1],
    ]);
  });
  it.each(['vendor', 'class', 'architecture'] as const)('by %s show as many rows as they say', (by) => {
    for (const { name, count, bytes } of groupPackages(all, by)) {
      const shown = filterPackages(all, { ...noPackageFilter, [by]: name });
      expect([shown.length, shown.reduce((sum, one) => sum + one.bytes, 0)]).toEqual([count, bytes]);
    }
  });
});
