// Figures out of measurements, and the table.
import os from 'node:os';

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const known = (values) => values.filter((value) => value !== undefined);

/**
 * @param {{ lane: import('./scenarios.mjs').Lane, costs: readonly import('./measure.mjs').Cost[], size: number | undefined,
 *   wrong: string | undefined }} result
 */
export function summarize({ lane: { program, goal }, costs, size, wrong }) {
  const walls = costs.map(({ wall }) => wall);
  const cpu = known(costs.map((cost) => cost.cpu));
  const peaks = known(costs.map(({ peak }) => peak));
  if (wrong !== undefined || walls.length === 0) return { program, wrong: wrong ?? 'was not run' };
  return {
    program,
    walls,
    median: median(walls),
    least: Math.min(...walls),
    most: Math.max(...walls),
    cpu: cpu.length === 0 ? undefined : median(cpu),
    peak: peaks.length === 0 ? undefined : Math.max(...peaks),
    size,
    goal,
  };
}

export function machine() {
  const processors = os.cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    processors: processors.length,
    memory: os.totalmem(),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    load: os.loadavg().map((value) => Math.round(value * 10) / 10),
  };
}

/** What stands above the table. */
export function tableHead({
  date,
  machine: { processor, processors, memory, system, node, load },
  versions,
  tree,
  rounds,
}) {
  const programs = Object.entries(versions).map(
    ([name, version]) => `${name}: ${version ?? 'not installed'}`,
  );
  return [
    `${date}  ${processors} x ${processor}, ${(memory / 2 ** 30).toFixed(0)} GB, ${system}, Node ${node}, load ${load.join(' ')}`,
    programs.join('; '),
    `${tree.files} files and links, ${(tree.bytes / 1e6).toFixed(0)} MB; medians of ${rounds} interleaved rounds`,
    '',
    row(['job', 'program', 'seconds', 'least-most', 'ratio', 'cpu s', 'ratio', 'MB peak', 'MB size', 'goal']),
    '',
  ].join('\n');
}

const WIDTHS = [34, 20, 8, 14, 6, 8, 6, 8, 9, 22];

function row(cells) {
  return cells
    .map((cell, i) => (i < 2 ? cell.padEnd(WIDTHS[i]) : cell.padStart(WIDTHS[i])))
    .join(' ')
    .trimEnd();
}

const fixed = (value, digits) => (value === undefined ? '-' : value.toFixed(digits));

const isOurs = ({ program }) => program.startsWith('wimsmith');

/**
 * How a lane stands to its goal: the ratio, the goal and whether it was met; undefined where it has none, or where what
 * it is measured against has no figures.
 */
export function standing(lane, lanes) {
  const { goal } = lane;
  const other = lanes.find(({ program }) => program === (goal?.to ?? 'wimlib'));
  if (goal === undefined || lane.wrong || other === undefined || other.wrong) return undefined;
  const wall = lane.median / other.median;
  const size = lane.size === undefined || !other.size ? undefined : lane.size / other.size;
  const isMet = wall <= goal.wall && (goal.size === undefined || size === undefined || size <= goal.size);
  return { to: other.program, other: other.median, wall, size, goal, isMet };
}

function judgement(lane, lanes) {
  const found = standing(lane, lanes);
  if (found === undefined) return '';
  const { wall, size, goal, isMet } = found;
  const sizes = goal.size === undefined || size === undefined ? '' : ` size ${fixed(size, 3)}`;
  return `${fixed(wall, 2)}${sizes} of ${fixed(goal.wall, 2)}: ${isMet ? 'met' : 'missed'}`;
}

/** The table of goals as Markdown. @param {readonly { name: string, lanes: readonly object[] }[]} results */
export function goalTable(results) {
  const lines = ['| job | wimsmith | against | ratio | goal |', '| --- | ---: | ---: | ---: | ---: |'];
  for (const { name, lanes } of results) {
    for (const lane of lanes) {
      const found = standing(lane, lanes);
      if (found === undefined) continue;
      const { to, other, wall, size, goal, isMet } = found;
      const detail = lane.program === 'wimsmith' ? '' : `, ${lane.program.replace('wimsmith, ', '')}`;
      const sizes = goal.size === undefined || size === undefined ? '' : `, size ${fixed(size, 3)}`;
      const against = `${fixed(other, 2)} s ${to.replace('wimsmith, ', '')}`;
      const ratio = `${fixed(wall, 2)}${sizes}`;
      const wanted = `${fixed(goal.wall, 2)}${isMet ? '' : ' (missed)'}`;
      lines.push(`| ${name}${detail} | ${fixed(lane.median, 2)} s | ${against} | ${ratio} | ${wanted} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The lines of one scenario. Ratios are ours to theirs, below 1 we are faster; on our own lines they are to wimlib. */
export function scenarioTable({ name, lanes }) {
  const [first] = lanes;
  const wimlib = lanes.find(({ program }) => program === 'wimlib');
  return lanes
    .map((lane, i) => {
      if (lane.wrong !== undefined) return row([i === 0 ? name : '', lane.program, 'failed']);
      const [we, they] = isOurs(lane) ? [lane, wimlib] : [first, lane];
      const ratio = (pick) => {
        const [ours, theirs] = [we, they].map((side) =>
          side === undefined || side.wrong ? undefined : pick(side),
        );
        return ours === undefined || !theirs ? '' : fixed(ours / theirs, 2);
      };
      return row([
        i === 0 ? name : '',
        lane.program,
        fixed(lane.median, 2),
        `${fixed(lane.least, 2)}-${fixed(lane.most, 2)}`,
        ratio(({ median: wall }) => wall),
        fixed(lane.cpu, 2),
        ratio(({ cpu }) => cpu),
        fixed(lane.peak === undefined ? undefined : lane.peak / 2 ** 20, 0),
        fixed(lane.size === undefined ? undefined : lane.size / 1e6, 1),
        judgement(lane, lanes),
      ]);
    })
    .join('\n')
    .concat('\n');
}
