import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../../src-shared/contract/app';
import { Work } from '../../../../src-shared/contract/work';
import {
  beginDrivers,
  driverPaths,
  driversWork,
  type DriversDraft,
  type DriversKnown,
} from '../../../../src-renderer/wizards/drivers/driversDraft';

const sha = 'a'.repeat(64);
const match = { session: 'match-1', devices: 2, served: 1, chosen: [sha], bytes: 10 };
const known: DriversKnown = {
  image: 1,
  checks: true,
  match,
  partly: true,
  faultyIn: false,
  devices: { kind: 'file', path: '/devices.txt' },
};

function draft(changes: Partial<DriversDraft> = {}): DriversDraft {
  const params = { wim: '/lab.wim', image: '1', typed: '/drivers' };
  return { ...beginDrivers({ params, settings: defaultSettings, info: null }), ...changes };
}

describe('the draft of Inject drivers', () => {
  it('begins with what the address says', () => {
    expect(draft()).toMatchObject({ placeKind: 'wim', wim: '/lab.wim', image: 1, typed: '/drivers' });
    const folder = beginDrivers({ params: { folder: '/mnt' }, settings: defaultSettings, info: null });
    expect(folder).toMatchObject({ placeKind: 'folder', folder: '/mnt', registerForBoot: false });
  });

  it('looks through what was added and what is typed, each once', () => {
    expect(driverPaths({ paths: ['/a', '/b'], typed: '/c' })).toEqual(['/a', '/b', '/c']);
    expect(driverPaths({ paths: ['/a'], typed: '/a' })).toEqual(['/a']);
    expect(driverPaths({ paths: ['/a'], typed: '' })).toEqual(['/a']);
  });

  it('means work that the contract takes', () => {
    const work = driversWork(draft(), known);
    expect(Work.parse(work)).toEqual({
      verb: 'driversAdd',
      request: {
        path: '/lab.wim',
        image: 1,
        drivers: ['/drivers'],
        devices: { kind: 'file', path: '/devices.txt' },
        only: [sha],
        skipFaulty: true,
        verifyIntegrity: true,
      },
    });
  });

  it('chooses by itself where the person changed what a match would choose', () => {
    const request = (changes: Partial<DriversDraft>, more: Partial<DriversKnown>): unknown =>
      driversWork(draft(changes), { ...known, ...more })?.request;
    expect(request({ leaveOut: ['b'] }, {})).not.toHaveProperty('devices');
    expect(request({}, { faultyIn: true })).toMatchObject({ only: [sha], forceFaulty: true });
    expect(request({}, { faultyIn: true })).not.toHaveProperty('skipFaulty');
    expect(request({}, { partly: false, devices: undefined })).not.toHaveProperty('only');
  });

  it('says only what differs from what is usual', () => {
    const changes = {
      placeKind: 'folder' as const,
      folder: '/mnt',
      setupComplete: true,
      registerForBoot: true,
      answerFile: false,
      otherAnswerFile: '/stick/unattend.xml',
      method: 'stage' as const,
    };
    expect(driversWork(draft(changes), { ...known, partly: false, devices: undefined })?.request).toEqual({
      path: '/mnt',
      drivers: ['/drivers'],
      skipFaulty: true,
      setupComplete: true,
      registerForBoot: true,
      noAnswerFile: true,
      answerFile: '/stick/unattend.xml',
      method: 'stage',
    });
  });

  it('means nothing while something is missing', () => {
    expect(driversWork(draft({ placeKind: 'volume' }), known)).toBeNull();
    expect(driversWork(draft({ typed: '' }), known)).toBeNull();
    expect(driversWork(draft(), { ...known, match: undefined })).toBeNull();
    expect(driversWork(draft(), { ...known, image: undefined })).toBeNull();
  });
});
