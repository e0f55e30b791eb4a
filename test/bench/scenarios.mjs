// What is measured: jobs that each program does in turn, and how a result is known to be right.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { firstDifference } from './tree.mjs';
import { hasMkntfs, volumeScenarios } from './volumes.mjs';

/**
 * @typedef {object} Lane one program's way to do a job
 * @property {string} program
 * @property {readonly (string | (() => string))[]} command a function is asked for its part before the first round
 * @property {string} [cwd]
 * @property {RegExp} [tolerates] error lines that are no failure
 * @property {() => void} [prepare] puts things back as they were; not measured
 * @property {() => void} [finish] afterwards; not measured
 * @property {() => string | undefined} [check] what is wrong with the result, if anything; asked after the first round
 * @property {string} [output] the WIM that it writes, for its size
 * @property {Goal} [goal] of a lane of ours
 */
/**
 * @typedef {object} Goal what a lane of ours is to reach
 * @property {number} wall largest ratio of wall times
 * @property {number} [size] largest ratio of sizes
 * @property {string} [to] the program it is measured against; wimlib unless said otherwise
 */
/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {readonly Lane[]} lanes ours first; ratios are to the second
 */

/** Removes a file or a large tree; rm is much faster at it than Node. */
export function remove(...places) {
  spawnSync('rm', ['-rf', ...places]);
}

/** Names of the compressions, as each program calls them, and what is to be reached with each. */
const COMPRESSIONS = {
  none: {
    name: 'none',
    ours: ['--compress=none'],
    wimlib: ['--compress=none'],
    capture: { wall: 0.7, size: 1 },
    apply: { wall: 0.7 },
    verify: { wall: 0.42 },
  },
  xpress: {
    name: 'XPRESS',
    ours: ['--compress=fast'],
    wimlib: ['--compress=XPRESS'],
    capture: { wall: 0.85, size: 1 },
    apply: { wall: 0.5 },
    verify: { wall: 0.45 },
  },
  lzx: {
    name: 'LZX',
    ours: ['--compress=maximum'],
    wimlib: ['--compress=LZX'],
    capture: { wall: 0.95, size: 1 },
    apply: { wall: 0.52 },
    verify: { wall: 0.5 },
  },
  lzms: {
    name: 'LZMS',
    ours: ['--compress=lzms'],
    wimlib: ['--compress=LZMS'],
    capture: { wall: 1.3, size: 1.01 },
    apply: { wall: 0.6 },
  },
  solid: {
    name: 'solid',
    ours: ['--solid'],
    wimlib: ['--solid'],
    capture: { wall: 1.3, size: 1.01 },
    apply: { wall: 0.7 },
  },
};

/**
 * @param {object} given
 * @param {string} given.tree
 * @param {number} given.bytes of the tree
 * @param {string} given.place directory on a RAM disk, for everything that is written
 * @param {readonly string[]} given.ours command line of our program
 * @param {boolean} given.hasWimlib
 * @param {boolean} given.has7z
 * @param {() => () => void} given.change changes a few files of the tree; what it returns puts them back
 * @returns {Scenario[]}
 */
export function scenarios({ tree, bytes, place, ours, hasWimlib, has7z, change }) {
  const at = (name) => path.join(place, name);
  const wimlib = ['wimlib-imagex'];

  /** What is wrong with a WIM of the tree, by wimlib's judgement where it is installed, and by an apply. */
  const checkWim = (wim) => () => {
    const verify = hasWimlib ? [...wimlib, 'verify', wim] : [...ours, 'verify', wim];
    const { status, stderr } = spawnSync(verify[0], verify.slice(1), { encoding: 'utf8' });
    if (status !== 0) return `does not verify: ${stderr.trim().split('\n').at(-1)}`;
    const applied = at('checked');
    const apply = [...(hasWimlib ? wimlib : ours), 'apply', wim, '1', applied];
    const { status: ended } = spawnSync(apply[0], apply.slice(1));
    const problem = ended === 0 ? firstDifference(tree, applied) : 'does not apply';
    remove(applied);
    return problem;
  };

  /** A WIM of the tree that all programs read, made when a job first wants it. */
  const wimOf = ({ name, ours: our, wimlib: their }) => {
    const wim = at(`input-${name}.wim`);
    if (!existsSync(wim)) {
      const made = hasWimlib
        ? spawnSync('wimlib-imagex', ['capture', tree, wim, ...their, '--check'])
        : spawnSync(ours[0], [...ours.slice(1), 'capture', tree, wim, ...our, '--check']);
      if (made.status !== 0) throw new Error(`cannot make ${wim}`);
    }
    return wim;
  };

  const writer = (program, command, output, extra = {}) => ({
    program,
    command,
    output,
    prepare: () => rmSync(output, { force: true }),
    check: checkWim(output),
    ...extra,
  });

  const capture = (compression) => {
    const { name } = compression;
    const lanes = [
      writer('wimsmith', [...ours, 'capture', tree, at('ours.wim'), ...compression.ours], at('ours.wim'), {
        goal: compression.capture,
      }),
    ];
    if (hasWimlib) {
      const command = [...wimlib, 'capture', tree, at('wimlib.wim'), ...compression.wimlib];
      lanes.push({ ...writer('wimlib', command, at('wimlib.wim')), check: undefined });
    }
    if (name === 'none' && has7z) {
      const command = ['7z', 'a', '-twim', at('7z.wim'), '.'];
      lanes.push({ ...writer('7z', command, at('7z.wim')), check: undefined, cwd: tree });
    }
    if (name === 'LZX') {
      const command = [...ours, 'capture', tree, at('level20.wim'), '--compress=maximum:20'];
      lanes.push(
        writer('wimsmith, level 20', command, at('level20.wim'), { goal: { wall: 0.2, size: 1.03 } }),
      );
    }
    return { name: `capture ${name}`, lanes };
  };

  const apply = (compression) => {
    const target = at('applied');
    const lane = (program, command, check) => ({ program, command, prepare: () => remove(target), check });
    const wim = () => wimOf(compression);
    const right = () => firstDifference(tree, target);
    const lanes = [
      { ...lane('wimsmith', [...ours, 'apply', wim, '1', target], right), goal: compression.apply },
    ];
    if (hasWimlib) lanes.push(lane('wimlib', [...wimlib, 'apply', wim, '1', target], right));
    if (has7z) {
      // It leaves out relative links that lead upwards, and says so; everything else is there.
      const command = ['7z', 'x', '-y', `-o${target}`, wim];
      lanes.push({
        ...lane('7z', command, undefined),
        tolerates: /^ERROR: Dangerous link path|^ERRORS?:|^Sub items Errors/,
      });
    }
    return { name: `apply ${compression.name}`, lanes };
  };

  const verify = (compression) => {
    const wim = () => wimOf(compression);
    const lanes = [{ program: 'wimsmith', command: [...ours, 'verify', wim], goal: compression.verify }];
    if (hasWimlib) lanes.push({ program: 'wimlib', command: [...wimlib, 'verify', wim] });
    if (has7z) lanes.push({ program: '7z', command: ['7z', 't', wim] });
    return { name: `verify ${compression.name}`, lanes };
  };

  const { none, xpress, lzx, lzms, solid } = COMPRESSIONS;

  const exportTo = (name, ourOptions, theirOptions, goal) => {
    const wim = () => wimOf(lzx);
    const lanes = [
      writer('wimsmith', [...ours, 'export', wim, '1', at('ours.wim'), ...ourOptions], at('ours.wim'), {
        goal,
      }),
    ];
    if (hasWimlib) {
      const command = [...wimlib, 'export', wim, '1', at('wimlib.wim'), ...theirOptions];
      lanes.push({ ...writer('wimlib', command, at('wimlib.wim')), check: undefined });
    }
    return { name, lanes };
  };

  /** A second image of the tree in a WIM that has the first. */
  const append = (name, options, theirOptions, changed) => {
    let restore = () => undefined;
    const begin = (output) => () => {
      copyFileSync(wimOf(lzx), output);
      restore = changed ? change() : () => undefined;
    };
    const lane = (program, command, output) => ({
      program,
      command: [...command, 'append', tree, output, 'second image'],
      output,
      prepare: begin(output),
      finish: () => restore(),
      check: () => {
        const { status } = spawnSync(...verifyCall(output));
        return status === 0 ? undefined : 'does not verify';
      },
    });
    const lanes = [lane('wimsmith', ours, at('ours.wim'))];
    if (hasWimlib) lanes.push(lane('wimlib', wimlib, at('wimlib.wim')));
    lanes[0].command = [...lanes[0].command, ...options];
    if (lanes.length > 1) lanes[1].command = [...lanes[1].command, ...theirOptions];
    return { name, lanes };
  };
  const verifyCall = (wim) =>
    hasWimlib ? ['wimlib-imagex', ['verify', wim]] : [ours[0], [...ours.slice(1), 'verify', wim]];

  /** The nightly job: one file in a hundred has changed since the image before. The goal is a part of a full capture. */
  const nightly = () => {
    const scenario = append('append --update-of, 1 % changed', ['--update-of=1'], ['--update-of=1'], true);
    const full = 'wimsmith, all anew';
    const command = [...ours, 'capture', tree, at('full.wim'), ...lzx.ours];
    scenario.lanes[0].goal = { wall: 0.05, to: full };
    scenario.lanes.push({ ...writer(full, command, at('full.wim')), check: undefined });
    return scenario;
  };

  /** What the second processor gives: the same job with one thread. */
  const scaling = (name, command, output) => {
    const alone = 'wimsmith, 1 thread';
    const lane = (program, options) => ({
      program,
      command: [...command, ...options],
      ...(output === undefined ? {} : { output, prepare: () => rmSync(output, { force: true }) }),
    });
    const goal = { wall: 1 / 1.8, to: alone };
    return { name, lanes: [{ ...lane('wimsmith', ['--threads=2']), goal }, lane(alone, ['--threads=1'])] };
  };

  return [
    verify(lzx),
    verify(xpress),
    verify(none),
    apply(lzx),
    apply(xpress),
    apply(none),
    capture(xpress),
    capture(none),
    exportTo('export LZX to XPRESS', ['--compress=fast'], ['--compress=XPRESS'], { wall: 0.75 }),
    exportTo('export LZX to LZX', [], [], { wall: 1 }),
    append('append, tree unchanged', [], [], false),
    capture(lzx),
    nightly(),
    apply(lzms),
    apply(solid),
    capture(lzms),
    capture(solid),
    ...(hasWimlib && hasMkntfs
      ? volumeScenarios({ tree, bytes, place, ours, wimOf, compressions: COMPRESSIONS })
      : []),
    scaling('verify LZX on 2 threads', [...ours, 'verify', () => wimOf(lzx)]),
    scaling(
      'capture LZX on 2 threads',
      [...ours, 'capture', tree, at('threads.wim'), ...lzx.ours],
      at('threads.wim'),
    ),
  ];
}

/** Bytes of a file, undefined when there is none. @param {string | undefined} file */
export function sizeOf(file) {
  return file !== undefined && existsSync(file) ? statSync(file).size : undefined;
}
