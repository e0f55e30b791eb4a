// Jobs on NTFS volumes: ours and wimlib-imagex's (through libntfs-3g), on the same image file.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, ftruncateSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import { firstDifference } from './tree.mjs';

/** Whether wimlib's lanes have a volume to go to. */
export const hasMkntfs = spawnSync('mkntfs', ['--version']).status === 0;

/** What is to be reached of wimlib's time. */
const GOAL = { wall: 0.5 };

/** Makes a sparse file. @param {string} file @param {number} size */
function sparseFile(file, size) {
  rmSync(file, { force: true });
  const fd = openSync(file, 'w');
  ftruncateSync(fd, size);
  closeSync(fd);
}

/** @param {string} file @param {number} size */
function ntfsFile(file, size) {
  sparseFile(file, size);
  const { status, stderr } = spawnSync('mkntfs', ['--force', '--quiet', '--fast', file], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`mkntfs: ${stderr}`);
}

/**
 * @param {object} given
 * @param {string} given.tree
 * @param {number} given.bytes of the tree
 * @param {string} given.place directory on a RAM disk
 * @param {readonly string[]} given.ours command line of our program
 * @param {(compression: object) => string} given.wimOf a WIM of the tree
 * @param {object} given.compressions
 * @returns {import('./scenarios.mjs').Scenario[]}
 */
export function volumeScenarios({ tree, bytes, place, ours, wimOf, compressions }) {
  const at = (name) => path.join(place, name);
  const size = 2 * bytes + 2 ** 30;
  const wimlib = ['wimlib-imagex'];
  const volume = at('volume.img');

  /** What is wrong with a volume that should hold the tree, by wimlib's judgement. */
  const checkVolume = () => {
    const wim = at('of-volume.wim');
    const applied = at('checked');
    const call = (...args) => spawnSync('wimlib-imagex', args).status === 0;
    const isRead = call('capture', volume, wim, '--compress=none') && call('apply', wim, '1', applied);
    const problem = isRead ? firstDifference(tree, applied) : 'wimlib-imagex cannot capture it';
    spawnSync('rm', ['-rf', wim, applied]);
    return problem;
  };

  const apply = (compression) => {
    const wim = () => wimOf(compression);
    return {
      name: `apply ${compression.name} to a new NTFS volume`,
      lanes: [
        {
          program: 'wimsmith',
          command: [...ours, 'apply', wim, '1', volume, '--volume=0', '--overwrite'],
          prepare: () => sparseFile(volume, size),
          check: checkVolume,
          goal: GOAL,
        },
        {
          program: 'wimlib',
          command: [...wimlib, 'apply', wim, '1', volume],
          prepare: () => ntfsFile(volume, size),
          check: checkVolume,
        },
      ],
    };
  };

  const source = at('source.img');
  const sourceVolume = () => {
    if (!existsSync(source)) {
      ntfsFile(source, size);
      const made = spawnSync('wimlib-imagex', ['apply', wimOf(compressions.none), '1', source]);
      if (made.status !== 0) throw new Error(`cannot make ${source}`);
    }
    return source;
  };
  const capture = ({ name, ours: our, wimlib: their }) => {
    const lane = (program, command, output, goal) => ({
      program,
      command,
      output,
      prepare: () => rmSync(output, { force: true }),
      check: () =>
        spawnSync('wimlib-imagex', ['verify', output]).status === 0 ? undefined : 'does not verify',
      ...(goal === undefined ? {} : { goal }),
    });
    return {
      name: `capture an NTFS volume, ${name}`,
      lanes: [
        lane('wimsmith', [...ours, 'capture', sourceVolume, at('ours.wim'), ...our], at('ours.wim'), GOAL),
        lane('wimlib', [...wimlib, 'capture', sourceVolume, at('wimlib.wim'), ...their], at('wimlib.wim')),
      ],
    };
  };

  const { none, xpress, lzx } = compressions;
  return [apply(none), apply(xpress), apply(lzx), capture(none), capture(xpress), capture(lzx)];
}
