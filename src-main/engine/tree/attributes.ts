/** File attribute bits of Windows, [MS-FSCC] 2.6, as a WIM's dentries carry them. */
export const FileAttribute = {
  READONLY: 0x1,
  HIDDEN: 0x2,
  SYSTEM: 0x4,
  DIRECTORY: 0x10,
  ARCHIVE: 0x20,
  NORMAL: 0x80,
  TEMPORARY: 0x100,
  SPARSE_FILE: 0x200,
  REPARSE_POINT: 0x400,
  COMPRESSED: 0x800,
  OFFLINE: 0x1000,
  NOT_CONTENT_INDEXED: 0x2000,
  ENCRYPTED: 0x4000,
} as const;

/** Reparse tags of [MS-FSCC] 2.1.2.1 that the engine treats specially. */
export const ReparseTag = {
  MOUNT_POINT: 0xa0000003,
  SYMLINK: 0xa000000c,
  WOF: 0x80000017,
  DEDUP: 0x80000013,
} as const;

/** Whether the attributes say that the entry is a directory that has children (not a directory reparse point). */
export function isPlainDirectory(attributes: number): boolean {
  return (attributes & (FileAttribute.DIRECTORY | FileAttribute.REPARSE_POINT)) === FileAttribute.DIRECTORY;
}
