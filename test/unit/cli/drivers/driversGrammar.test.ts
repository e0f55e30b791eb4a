import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../../src-main/cli/grammar/commandLine';
import { driversOptions } from '../../../../src-main/cli/grammar/driversOptions';
import { driversExamples } from '../../../../src-main/cli/help/driversPage';
import { helpPage } from '../../../../src-main/cli/help/pages';
import { FakeWorld } from '../fakeEnvironment';

const hash = 'AB'.repeat(32);

function actionOf(line: string): unknown {
  return parseCommandLine(line.split(' '), 'linux').action;
}

describe('lines about drivers', () => {
  it.each([
    ['scan /packs a.zip --threads=2', { request: { paths: ['/packs', 'a.zip'], threads: 2 } }],
    ['check a.cab', { request: { paths: ['a.cab'], check: true } }],
    [
      'match /packs more --devices pc.txt --windows=11-24H2 --arch=x64 --check',
      {
        request: {
          paths: ['/packs', 'more'],
          devices: { kind: 'file', path: 'pc.txt' },
          windows: '11-24H2',
          architecture: 'amd64',
          check: true,
        },
      },
    ],
    [
      'match /packs --devices=This-PC --windows=10.0.26100 --arch=ARM64',
      {
        request: {
          paths: ['/packs'],
          devices: { kind: 'this-pc' },
          windows: '10.0.26100',
          architecture: 'arm64',
        },
      },
    ],
    ['add C --driver=a', { request: { path: 'C', drivers: ['a'] } }],
    [
      'add lab.wim 2 --driver a b c.cab --match=pc.txt --check --dry-run',
      {
        request: {
          path: 'lab.wim',
          image: 2,
          drivers: ['a', 'b', 'c.cab'],
          devices: { kind: 'file', path: 'pc.txt' },
          verifyIntegrity: true,
          integrity: true,
          dryRun: true,
        },
      },
    ],
    // The target behind an option that comes first.
    ['add --driver a lab.wim 1', { request: { path: 'lab.wim', image: 1, drivers: ['a'] } }],
    ['add --log out.txt lab.wim --driver a b', { request: { path: 'lab.wim', drivers: ['a', 'b'] } }],
    ['add lab.wim --driver=a 3 --driver=b', { request: { path: 'lab.wim', image: 3, drivers: ['a', 'b'] } }],
    [
      `add lab.wim Base --driver=a --only=x.inf --only=${hash} --boot --setup-complete --no-answer-file`,
      {
        request: {
          path: 'lab.wim',
          image: 'Base',
          drivers: ['a'],
          only: [hash.toLowerCase()],
          registerForBoot: true,
          setupComplete: true,
          noAnswerFile: true,
        },
        onlyNames: ['x.inf'],
      },
    ],
    [
      'add pc.vhdx --driver=a --method=stage --answer-file=u.xml --skip-faulty --rebuild --memory=1G',
      {
        request: {
          path: 'pc.vhdx',
          volume: 'auto',
          drivers: ['a'],
          method: 'stage',
          answerFile: 'u.xml',
          skipFaulty: true,
          rebuild: true,
          memory: 2 ** 30,
        },
      },
    ],
    ['list lab.wim 1 --all', { request: { path: 'lab.wim', image: 1, all: true } }],
    ['list /dev/sdb --volume=2', { request: { path: '/dev/sdb', volume: '2' } }],
    ['export lab.wim 1 out', { request: { path: 'lab.wim', image: 1, destination: 'out' } }],
    [
      'export D:\\ out --driver-name=oem3.inf --driver-name=x.inf',
      { request: { path: 'D:\\', destination: 'out', drivers: ['oem3.inf', 'x.inf'] } },
    ],
    [
      'remove lab.wim 1 a.inf OEM3.INF',
      { request: { path: 'lab.wim', image: 1, drivers: ['a.inf', 'OEM3.INF'] } },
    ],
    ['remove /mnt a.inf', { request: { path: '/mnt', drivers: ['a.inf'] } }],
    ['remove lab.wim Base --all-staged', { request: { path: 'lab.wim', image: 'Base', drivers: 'all' } }],
    ['devices', { request: {} }],
    ['devices pc.nfo --dry-run', { request: { path: 'pc.nfo' } }],
    ['collect list.cmd', { request: { path: 'list.cmd' } }],
  ])('drivers %s', (line, expected) => {
    expect(actionOf(`drivers ${line}`)).toEqual({ verb: 'drivers', task: line.split(' ')[0], ...expected });
  });

  it.each([
    ['drivers', 'what about drivers: scan, check, match'],
    ['drivers matc', 'did you mean drivers match?'],
    ['driver scan /packs', 'did you mean "drivers"?'],
    ['drivers scan', 'too few arguments: wimsmith drivers scan PATH...'],
    ['drivers scan a --chekc', 'drivers has no option --chekc'],
    ['drivers match a --windows=11-24H2', 'the devices are missing'],
    ['drivers match a --devices=x', 'which Windows is missing'],
    ['drivers match a --devices= --windows=11-24H2', '--devices needs a value'],
    ['drivers match a --devices=x --windows=11-24H2 --arch=amd46', 'not "amd46"; did you mean amd64?'],
    ['drivers add lab.wim 1', 'the drivers are missing: --driver=PATH'],
    ['drivers add lab.wim 1 --drivr=a', 'did you mean --driver?'],
    ['drivers add --driver a', 'too few arguments'],
    ['drivers add lab.wim --driver a 1', 'is "1" an image? Write it before --driver'],
    ['drivers add lab.wim all --driver=a', 'one image at a time'],
    ['drivers add pc.vhdx 1 --driver=a', 'a volume has no images: leave out "1"'],
    ['drivers add a.wim --driver=b --skip-faulty --force-faulty', 'exclude each other'],
    ['drivers add a.wim --driver=b --method=dism --setup-complete', 'belongs to --method=stage'],
    ['drivers add a.wim --driver=b --method=inject', '--method takes stage, dism'],
    ['drivers add a.wim --driver=b --threads=many', 'is no number of threads'],
    ['drivers list a.wim 1 2', 'too many arguments'],
    ['drivers export a.wim', 'too few arguments'],
    ['drivers remove a.wim 1', 'what to remove is missing'],
    ['drivers remove a.wim 1 oem3', '"oem3" is no driver'],
    ['drivers remove a.wim 1 a.inf oem3', '"oem3" is no driver'],
    ['drivers remove a.wim a.inf --all-staged', 'leave out the names'],
    ['drivers devices a b', 'too many arguments'],
    ['drivers collect pc.txt', 'give it a name that ends with .cmd'],
  ])('%s: %s', (line, message) => {
    expect(() => actionOf(line)).toThrow(message);
  });
});

describe('help', () => {
  it('names every option, and every example is understood', () => {
    const page = helpPage('drivers', '1.0');
    for (const spec of Object.values(driversOptions).flat()) expect(page).toContain(`--${spec.names[0]}`);
    for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    expect(page).not.toMatch(/!|please|successfully/i);
    for (const example of driversExamples)
      expect(actionOf(example.slice('wimsmith '.length))).toMatchObject({ verb: 'drivers' });
    expect(new Set(driversExamples.map((example) => example.split(' ')[2]))).toEqual(
      new Set(Object.keys(driversOptions)),
    );
    expect(helpPage(null, '1.0')).toContain('  drivers   ');
  });

  it.each(['help drivers', 'drivers --help', 'drivers add --help'])('%s', async (line) => {
    const world = new FakeWorld();
    expect(await world.run(line)).toBe(0);
    expect(world.out).toBe(helpPage('drivers', '1.2.3'));
  });
});
