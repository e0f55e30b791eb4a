import type { Work } from '../contract/work';
import type { DiskLayout, LayoutChoice, PartitionSpec } from '../model/disks';
import { windowsWord } from './quoting';
import { LineBuilder, NoLine, type CommandLine } from './shapes';

/** Layouts by their names, as the program has them. */
export type KnownLayouts = Readonly<Record<string, DiskLayout>>;

const MB = 2 ** 20;
/** GPT attributes of a recovery partition: required by the platform, no drive letter. */
const RECOVERY_ATTRIBUTES = '0x8000000000000001';
const RECOVERY_TYPE = { gpt: 'de94bba4-06d1-4d40-a16a-bfd50179d6ac', mbr: '27' } as const;
/** MB that are left free at the end, for the second GPT. */
const TAIL = 1;

/** A script for diskpart that makes the same disk; it runs by `diskpart /s FILE` with administrator rights. */
export function diskpartScript(work: Work, layouts: KnownLayouts): CommandLine {
  try {
    const script = new Script();
    build(script, work, layouts);
    return script.done();
  } catch (error) {
    if (error instanceof NoLine) return { line: null, reason: error.reason };
    throw error;
  }
}

function build(script: Script, work: Work, layouts: KnownLayouts): void {
  switch (work.verb) {
    case 'diskCreate': {
      const { request } = work;
      create(script, request.path, request);
      if (request.layout !== undefined) {
        script.say('attach vdisk');
        divide(script, layoutOf(request.layout, layouts), request.size);
      }
      return;
    }
    case 'diskPrepare':
      select(script, work.request.disk);
      script.say('clean');
      divide(script, layoutOf(work.request.layout, layouts), undefined);
      return;
    case 'diskWipe':
      select(script, work.request.disk);
      script.say(work.request.all === true ? 'clean all' : 'clean');
      return;
    case 'apply': {
      const { prepare, target } = work.request;
      if (prepare === undefined) throw new NoLine('noVerb');
      if (prepare.size === undefined) {
        select(script, target);
        script.say('clean');
      } else {
        create(script, target, { size: prepare.size, ...kindOf(prepare.kind) });
        script.say('attach vdisk');
      }
      divide(script, layoutOf(prepare.layout, layouts), prepare.size);
      return;
    }
    default:
      throw new NoLine('noVerb');
  }
}

function kindOf(kind: 'fixed' | 'dynamic' | undefined): { kind?: 'fixed' | 'dynamic' } {
  return kind === undefined ? {} : { kind };
}

function create(
  script: Script,
  path: string,
  request: { readonly size: number; readonly kind?: string; readonly parent?: string },
): void {
  if (!/\.vhdx?$/i.test(path)) throw new NoLine('rawDisk');
  const parent = request.parent === undefined ? '' : ` parent=${quoted(request.parent)}`;
  const type = request.kind === 'fixed' ? 'fixed' : 'expandable';
  const size = parent === '' ? ` maximum=${Math.ceil(request.size / MB)} type=${type}` : parent;
  script.say(`create vdisk file=${quoted(path)}${size}`);
  script.say(`select vdisk file=${quoted(path)}`);
}

function select(script: Script, disk: string): void {
  const number = /physicaldrive(\d+)$/i.exec(disk);
  if (number !== null) script.say(`select disk ${number[1]}`).note('diskNumber');
  else if (/\.vhdx?$/i.test(disk)) {
    script.say(`select vdisk file=${quoted(disk)}`).say('attach vdisk');
  } else if (disk.startsWith('/dev/')) script.say('select disk N').note('diskNumber');
  else throw new NoLine('rawDisk');
}

/** @param size bytes of the disk where they are known */
function divide(script: Script, { table, partitions }: DiskLayout, size: number | undefined): void {
  script.say(`convert ${table}`);
  for (const [i, partition] of partitions.entries()) {
    const megabytes = sizeOf(partition.size, size);
    script.say(
      `create partition ${kindWord(partition, table)}${megabytes === null ? '' : ` size=${megabytes}`}`,
    );
    if (megabytes === null && i < partitions.length - 1) {
      // What takes the rest gives back what comes behind it.
      const behind = partitions.slice(i + 1).map((other) => sizeOf(other.size, size) ?? 0);
      script.say(
        `shrink minimum=${behind.reduce((sum, part) => sum + part, 0) + (table === 'gpt' ? TAIL : 0)}`,
      );
    }
    if (partition.fileSystem !== 'none') {
      const label =
        partition.label === undefined || partition.label === '' ? '' : ` label=${quoted(partition.label)}`;
      const unit = partition.clusterSize === undefined ? '' : ` unit=${partition.clusterSize}`;
      script.say(`format quick fs=${partition.fileSystem}${label}${unit}`);
    }
    if (partition.role === 'recovery') {
      script.say(`set id=${table === 'gpt' ? `"${RECOVERY_TYPE.gpt}"` : RECOVERY_TYPE.mbr}`);
      if (table === 'gpt') script.say(`gpt attributes=${RECOVERY_ATTRIBUTES}`);
    } else if (partition.type !== undefined) {
      script.say(`set id=${table === 'gpt' ? `"${partition.type}"` : partition.type.replace(/^0x/i, '')}`);
    }
    if (partition.role === 'windows') script.say('assign letter=W');
    if (table === 'mbr' && partition.role === 'system') script.say('active');
  }
}

function kindWord({ role }: PartitionSpec, table: 'gpt' | 'mbr'): string {
  return table === 'gpt' && (role === 'efi' || role === 'msr') ? role : 'primary';
}

/** Megabytes; null: what is left. */
function sizeOf(size: string, disk: number | undefined): number | null {
  if (size === 'rest') return null;
  const found = /^(\d+(?:\.\d+)?)\s*(%|[KMGT]?B?)$/i.exec(size.trim());
  if (found === null) throw new NoLine('sizes');
  const value = Number(found[1]);
  const unit = found[2].toUpperCase().replace(/B$/, '');
  if (unit === '%') {
    if (disk === undefined) throw new NoLine('sizes');
    return Math.floor((value * disk) / 100 / MB);
  }
  const factor = { '': 1, K: 2 ** 10, M: MB, G: 2 ** 30, T: 2 ** 40 }[unit] ?? MB;
  return Math.max(1, Math.floor((value * factor) / MB));
}

function layoutOf(choice: LayoutChoice, layouts: KnownLayouts): DiskLayout {
  if (typeof choice !== 'string') return choice;
  if (!Object.hasOwn(layouts, choice)) throw new NoLine('noVerb');
  return layouts[choice];
}

/** diskpart has no way to write a quote within quotes. */
function quoted(text: string): string {
  if (/["\r\n]/.test(text)) throw new NoLine('path');
  return `"${text}"`;
}

class Script {
  private readonly lines: string[] = [];
  private readonly known: LineBuilder = new LineBuilder('', windowsWord);

  say(line: string): this {
    this.lines.push(line);
    return this;
  }

  note(key: 'diskNumber'): this {
    this.known.note(key);
    return this;
  }

  done(): CommandLine {
    const { notes } = this.known.note('diskpartRun').done() as Extract<CommandLine, { line: string }>;
    return { line: this.lines.join('\n'), notes };
  }
}
