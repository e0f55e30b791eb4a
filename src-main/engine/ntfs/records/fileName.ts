import { at, u32, u64, u8, type Infer } from '../../binary/struct';
import { volumeStruct } from './volumeStruct';

/** $FILE_NAME, in records and as the key of $I30. The name (UTF-16) follows. */
export const FileName = volumeStruct('$FILE_NAME', 0x42, {
  parent: at(0x00, u64, 'reference of the directory'),
  creationTime: at(0x08, u64, 'FILETIME'),
  lastWriteTime: at(0x10, u64, 'FILETIME'),
  changeTime: at(0x18, u64, 'FILETIME'),
  lastAccessTime: at(0x20, u64, 'FILETIME'),
  allocatedSize: at(0x28, u64, 'of the unnamed data; kept current in the index only'),
  dataSize: at(0x30, u64, 'of the unnamed data; kept current in the index only'),
  attributes: at(0x38, u32, 'FileAttribute bits, with those of FileNameAttribute'),
  reparseTagOrEaSize: at(0x3c, u32, 'reparse tag of a reparse point, else bytes of its packed EAs'),
  nameLength: at(0x40, u8, 'in UTF-16 units'),
  nameSpace: at(0x41, u8, 'NameSpace'),
});
export type FileName = Infer<typeof FileName>;

export const NameSpace = {
  /** Any character but / and NUL; case matters. */
  POSIX: 0,
  /** A long name that has a short one beside it. */
  WIN32: 1,
  /** The short name. */
  DOS: 2,
  /** A long name that is a valid short name, too. */
  WIN32_AND_DOS: 3,
} as const;

/** Attribute bits of $FILE_NAME that are not those of files. */
export const FileNameAttribute = {
  /** The record has a $I30 index. */
  DIRECTORY: 0x10000000,
  VIEW_INDEX: 0x20000000,
} as const;

/** Longest name, in UTF-16 units. */
export const NAME_LIMIT = 255;
