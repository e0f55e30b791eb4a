/** A partition of a GUID partition table. Sectors are those of the device. */
export interface GptPartition {
  /** 1-based index in the entry array. */
  readonly number: number;
  /** GUIDs, lower case. */
  readonly type: string;
  readonly id: string;
  readonly firstLba: number;
  /** Inclusive. */
  readonly lastLba: number;
  readonly attributes: bigint;
  readonly name: string;
}

/** What both copies of a GUID partition table say. */
export interface GptContents {
  /** GUID of the disk, lower case. */
  readonly diskId: string;
  readonly firstUsableLba: number;
  /** Inclusive. */
  readonly lastUsableLba: number;
  readonly entrySize: number;
  readonly entryCount: number;
  /** In the order of the entry array. */
  readonly partitions: readonly GptPartition[];
}
