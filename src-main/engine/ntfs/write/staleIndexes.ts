import type { BlockDevice } from '../../disk/blockDevice';
import { NONE } from '../../tree/tree';
import { AttributeType } from '../records/attribute';
import { Collation } from '../records/index';
import { DirectoryEntries } from './directoryEntries';
import type { FileNameWriter } from './fileNameWriter';
import { INDEX_BLOCK_SIZE } from './geometry';
import { IndexPlan, writeSmallRoot } from './indexPlan';
import { RecordPatch } from './recordPatch';
import { SequentialWriter } from './sequentialWriter';
import type { VolumePlan } from './volumePlan';

/** Directories whose indexes repeat sizes that have changed since they were written. They are written anew. */
export class StaleIndexes {
  private readonly directories = new Set<number>();

  constructor(
    private readonly device: BlockDevice,
    private readonly plan: VolumePlan,
    private readonly names: FileNameWriter,
  ) {}

  /** Notes the directories that have a name of an inode. */
  note(inode: number): void {
    const { tree, names } = this.plan;
    for (let entry = names.firstEntry[inode]; entry !== NONE; entry = names.nextLink[entry])
      this.directories.add(tree.inode[tree.parent[entry]]);
  }

  *rewrite(): Generator<void> {
    for (const inode of this.directories) {
      if (this.plan.hasIndexBlocks(inode)) yield* this.rewriteBlocks(inode);
      else this.rewriteRoot(inode);
      yield;
    }
    this.directories.clear();
  }

  private *rewriteBlocks(inode: number): Generator<void> {
    const { plan, device } = this;
    const start = plan.indexPlace(inode).cluster * plan.geometry.clusterSize;
    const index = new IndexPlan(this.entries(inode));
    const target = new SequentialWriter(device, start, index.blocks * INDEX_BLOCK_SIZE);
    yield* writeIndex(index, target, plan);
    target.flush();
  }

  private rewriteRoot(inode: number): void {
    const { plan, device } = this;
    const { geometry } = plan;
    const patch = new RecordPatch(device, plan, plan.record(inode, 0));
    const facts = { type: AttributeType.FILE_NAME, collation: Collation.FILE_NAME, geometry };
    for (const at of patch.attributes(AttributeType.INDEX_ROOT)) {
      const value = patch.valueOf(at);
      patch.bytes.fill(0, value, value + patch.view.getUint32(at + 0x10, true));
      writeSmallRoot(patch.view, value, facts, this.entries(inode));
    }
    patch.write();
  }

  private entries(inode: number): DirectoryEntries {
    const { names } = this.plan;
    const isRoot = inode === names.inodes[0];
    return new DirectoryEntries(names, names.directories[names.directoryOf[inode]], isRoot, this.names);
  }
}

/** Writes the blocks of an index, one behind the other. */
export function* writeIndex(index: IndexPlan, target: SequentialWriter, plan: VolumePlan): Generator<void> {
  for (let block = 0; block < index.blocks;) {
    if (target.room < INDEX_BLOCK_SIZE) target.flush();
    const count = Math.min(index.blocks - block, Math.floor(target.room / INDEX_BLOCK_SIZE));
    const offset = target.reserve(count * INDEX_BLOCK_SIZE);
    index.writeBlocks(block, count, target.view, offset, plan.geometry);
    block += count;
    if (block < index.blocks) yield;
  }
}
