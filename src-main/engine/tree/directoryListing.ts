/**
 * What a directory holds and the status of each of its entries, as a thread found it.
 *
 * The status of an entry is {@link STATUS_FIELDS} numbers of 64 bits, in the order of {@link StatusField}; all are zero
 * for an entry that was gone when it was looked at.
 */
export interface DirectoryListing {
  /** In the order of their UTF-16 units. */
  readonly names: readonly string[];
  /** Names that no UTF-16 string can stand for, as bytes. */
  readonly undecodable: readonly Uint8Array[];
  readonly status: BigInt64Array;
}

/** Places of the numbers of a status. */
export const StatusField = {
  DEVICE: 0,
  INODE: 1,
  MODE: 2,
  LINKS: 3,
  USER: 4,
  GROUP: 5,
  SPECIAL_DEVICE: 6,
  /** Bytes. */
  SIZE: 7,
  /** Units of 512 bytes that the file takes. */
  BLOCKS: 8,
  /** Nanoseconds since 1970. */
  ACCESS_TIME: 9,
  WRITE_TIME: 10,
} as const;

export const STATUS_FIELDS = 11;

/**
 * Lists directories, several at a time and elsewhere.
 * @returns for each path its listing; undefined where something of it cannot be read, so that the caller finds out what
 */
export type ListDirectories = (
  paths: readonly string[],
) => Promise<readonly (DirectoryListing | undefined)[]>;
