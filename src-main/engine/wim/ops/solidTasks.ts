import type { Placement, SolidBlob, SolidPart } from '../../pipeline/tasks';
import { solidChunkCount } from '../../pipeline/solidChunks';
import type { SolidResource } from '../solidRuns';
import type { Wim } from '../wim';

/** Expanded bytes of a task whose chunks are small. */
const TASK_SIZE = 4 << 20;
/** Tasks for each thread where there are chunks enough, so that the last ones end at about the same time. */
const TASKS_PER_THREAD = 4;

/** A blob that the chunks of several tasks hold. */
export interface CrossingBlob {
  readonly row: number;
  readonly placements: readonly Placement[];
}

/** What one task does. */
export interface SolidTask {
  /** First of its chunks, and their number. */
  readonly first: number;
  readonly count: number;
  readonly rows: readonly number[];
  readonly blobs: readonly SolidBlob[];
  readonly parts: readonly SolidPart[];
  /** The blobs of the parts. */
  readonly crossing: readonly CrossingBlob[];
  /** Bytes of all parts. */
  readonly partsSize: number;
}

/** Chunks that one task expands. */
export function chunksPerTask(resource: SolidResource, width: number): number {
  const most = Math.max(1, Math.floor(TASK_SIZE / resource.chunkSize));
  const fair = Math.ceil(solidChunkCount(resource) / (TASKS_PER_THREAD * width));
  return Math.max(1, Math.min(most, fair));
}

/** Rows of a solid resource that begin and end in different tasks. */
export function crossingRows(
  wim: Wim,
  resource: SolidResource,
  rows: readonly number[],
  perTask: number,
): number[] {
  const { offset, size } = wim.blobs;
  const span = perTask * resource.chunkSize;
  return rows.filter(
    (row) => Math.floor(offset[row] / span) !== Math.floor((offset[row] + size[row] - 1) / span),
  );
}

/**
 * Shares the wanted blobs of a solid resource out to tasks, in the order of their chunks; chunks that hold nothing that
 * is wanted are left out.
 * @param rows by offset
 */
export function* solidTasks(
  wim: Wim,
  resource: SolidResource,
  rows: readonly number[],
  perTask: number,
  placements: (row: number) => readonly Placement[],
): Generator<SolidTask> {
  const { blobs } = wim;
  const span = perTask * resource.chunkSize;
  const chunkCount = solidChunkCount(resource);
  let task: TaskDraft | undefined;
  for (const row of rows) {
    const start = blobs.offset[row];
    const size = blobs.size[row];
    const firstGroup = Math.floor(start / span);
    const lastGroup = Math.floor((start + size - 1) / span);
    const files = placements(row);
    for (let group = firstGroup; group <= lastGroup; group++) {
      if (task?.group !== group) {
        if (task !== undefined) yield task;
        task = new TaskDraft(group, group * perTask, Math.min(perTask, chunkCount - group * perTask));
      }
      if (firstGroup === lastGroup) {
        task.rows.push(row);
        task.blobs.push({ start, size, sha1: blobs.sha1(row).slice(), placements: files });
        continue;
      }
      const from = Math.max(start, group * span);
      const to = Math.min(start + size, (group + 1) * span);
      task.parts.push({
        start: from,
        size: to - from,
        offset: from - start,
        placements: files,
        isEnd: group === lastGroup,
      });
      task.crossing.push({ row, placements: files });
      task.partsSize += to - from;
    }
  }
  if (task !== undefined) yield task;
}

class TaskDraft implements SolidTask {
  readonly rows: number[] = [];
  readonly blobs: SolidBlob[] = [];
  readonly parts: SolidPart[] = [];
  readonly crossing: CrossingBlob[] = [];
  partsSize = 0;

  constructor(
    readonly group: number,
    readonly first: number,
    readonly count: number,
  ) {}
}
