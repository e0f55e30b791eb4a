// Measures our program against wimlib-imagex and 7z on one tree of real files: `npm run bench -- [options]`.
// `npm run bench -- workbench` measures the workbench instead, with --rounds, --dir and --json.
//   --rounds=N   rounds of every job (5)         --size=MB     size of the tree (700)
//   --only=NAME  jobs whose name holds this; may be given several times
//   --dir=DIR    where everything lies (a RAM disk when there is one); the tree stays there for the next time
//   --json=FILE  the figures, too                --bundle=FILE another build of our program
//   --markdown=FILE  the goals and how we stand to them, as a table
// `npm run bench -- drivers` measures driver packages: scanning 10,000, and matching them to 200 devices.
// `npm run bench -- files` measures time and memory from 10,000 to 1,000,000 files (see memory.mjs for its options).
//   --no-check   do not check results again that are known to be right
// In each round every program does the job once, one after the other, so that what else the machine does meets all of
// them alike. A slow result is a result; only a wrong one is an error.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureDrivers } from './drivers.mjs';
import { firstLine, measure, RunError, wimsmith } from './measure.mjs';
import { goalTable, machine, scenarioTable, summarize, tableHead } from './report.mjs';
import { remove, scenarios, sizeOf } from './scenarios.mjs';
import { benchTree, changeSome, measureTree } from './tree.mjs';
import { measureWorkbench } from './workbench.mjs';

const [mode, ...further] = process.argv.slice(2);
if (mode === 'files') {
  const script = fileURLToPath(new URL('memory.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [script, ...further], { stdio: 'inherit' });
  process.exit(status ?? 1);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    size: { type: 'string', default: '700' },
    only: { type: 'string', multiple: true, default: [] },
    dir: {
      type: 'string',
      default: path.join(existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir(), 'wimsmith-bench'),
    },
    json: { type: 'string' },
    markdown: { type: 'string' },
    bundle: { type: 'string' },
    'no-check': { type: 'boolean', default: false },
  },
});

/** What a part of a command is: some inputs are made only when a job wants them. */
const resolve = (part) => (typeof part === 'function' ? part() : part);

/**
 * Runs one lane once.
 * @param {import('./scenarios.mjs').Lane} lane
 */
function runLane({ command, cwd, tolerates, prepare, finish }) {
  prepare?.();
  try {
    return measure(command.map(resolve), { cwd, tolerates });
  } finally {
    finish?.();
  }
}

/**
 * Runs a scenario's rounds. A lane that fails, or whose first result is wrong, has no figures.
 * @param {import('./scenarios.mjs').Scenario} scenario
 * @param {number} rounds
 * @param {boolean} check
 */
function runScenario({ name, lanes }, rounds, check) {
  const results = lanes.map((lane) => ({
    lane,
    program: lane.program,
    costs: [],
    size: undefined,
    wrong: undefined,
  }));
  for (let round = 0; round < rounds; round++) {
    for (const result of results) {
      if (result.wrong !== undefined) continue;
      const { lane } = result;
      try {
        const cost = runLane(lane);
        result.size ??= sizeOf(lane.output);
        if (round === 0 && check) result.wrong = lane.check?.();
        result.costs.push(cost);
      } catch (error) {
        if (!(error instanceof RunError)) throw error;
        result.wrong = error.message;
      }
    }
  }
  for (const { lane } of results) remove(...(lane.output === undefined ? [] : [lane.output]));
  return { name, lanes: results.map((result) => summarize(result)) };
}

/** Runs all jobs that are wanted, and prints their figures. */
function comparePrograms() {
  const rounds = Math.max(1, Number(values.rounds));
  const ours = wimsmith(values.bundle);
  mkdirSync(values.dir, { recursive: true });
  const tree = benchTree(values.dir, Number(values.size));
  const place = path.join(values.dir, `work-${process.pid}`);
  mkdirSync(place);
  const versions = {
    wimsmith: firstLine([...ours, '--version']),
    wimlib: firstLine(['wimlib-imagex', '--version']),
    '7z': firstLine(['7z', 'i']),
  };
  const content = measureTree(tree);
  const about = {
    date: new Date().toISOString(),
    machine: machine(),
    versions,
    tree: { path: tree, ...content },
    rounds,
  };
  process.stdout.write(tableHead(about));
  const results = [];
  try {
    const all = scenarios({
      tree,
      bytes: content.bytes,
      place,
      ours,
      hasWimlib: versions.wimlib !== undefined,
      has7z: versions['7z'] !== undefined,
      change: () => changeSome(tree),
    });
    const wanted = values.only.map((part) => part.toLowerCase());
    for (const scenario of all) {
      const isWanted =
        wanted.length === 0 || wanted.some((part) => scenario.name.toLowerCase().includes(part));
      if (!isWanted) continue;
      const result = runScenario(scenario, rounds, !values['no-check']);
      results.push(result);
      process.stdout.write(scenarioTable(result));
    }
  } finally {
    remove(place);
  }
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ ...about, results }, undefined, 2)}\n`);
  if (values.markdown !== undefined) writeFileSync(values.markdown, goalTable(results));
  const broken = results.flatMap(({ name, lanes }) =>
    lanes.filter(({ wrong }) => wrong !== undefined).map((lane) => ({ name, ...lane })),
  );
  for (const { name, program, wrong } of broken) process.stderr.write(`${name}, ${program}: ${wrong}\n`);
  if (broken.some(({ program }) => program.startsWith('wimsmith'))) process.exitCode = 1;
}

if (positionals.includes('drivers')) {
  measureDrivers({
    rounds: Math.max(1, Number(values.rounds)),
    dir: values.dir,
    json: values.json,
    bundle: values.bundle,
  });
} else if (positionals.includes('workbench')) {
  await measureWorkbench({ rounds: Math.max(1, Number(values.rounds)), dir: values.dir, json: values.json });
} else {
  comparePrograms();
}
