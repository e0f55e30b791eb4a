import { at, bytes, u16, u32, u64, type Infer } from '../../binary/struct';
import { volumeStruct } from './volumeStruct';

/** Start of $REPARSE_POINT, [MS-FSCC] 2.1.2.2. A tag that is not Microsoft's has a GUID of 16 bytes after it. */
export const ReparsePointHeader = volumeStruct('$REPARSE_POINT', 8, {
  tag: at(0x00, u32, ''),
  dataLength: at(0x04, u16, 'bytes after this header, without the GUID'),
  reserved: at(0x06, u16, ''),
});
export type ReparsePointHeader = Infer<typeof ReparsePointHeader>;
/** Tag bit of Microsoft's tags, which have no GUID. */
export const REPARSE_MICROSOFT = 0x80000000;
/** Longest $REPARSE_POINT, header included. */
export const REPARSE_LIMIT = 0x4000;

/** Key of $Extend\$Reparse:$R; entries have no data. */
export const ReparseKey = volumeStruct('$R key', 0x0c, {
  tag: at(0x00, u32, ''),
  file: at(0x04, u64, 'reference'),
});
export type ReparseKey = Infer<typeof ReparseKey>;

/** Reparse data of tag 0x80000017: the file's data is in its stream WofCompressedData. */
export const WofReparseData = volumeStruct('WOF reparse data', 0x10, {
  wofVersion: at(0x00, u32, '1'),
  wofProvider: at(0x04, u32, '2: file; 1: WIM'),
  fileVersion: at(0x08, u32, '1'),
  algorithm: at(0x0c, u32, 'WofAlgorithm'),
});
export type WofReparseData = Infer<typeof WofReparseData>;
export const WOF_PROVIDER_FILE = 2;
export const WOF_STREAM_NAME = 'WofCompressedData';
export const WofAlgorithm = { XPRESS4K: 0, LZX: 1, XPRESS8K: 2, XPRESS16K: 3 } as const;

/** $OBJECT_ID; the three birth IDs may be absent. */
export const ObjectId = volumeStruct('$OBJECT_ID', 0x40, {
  objectId: at(0x00, bytes(16), 'GUID'),
  birthVolumeId: at(0x10, bytes(16), 'GUID'),
  birthObjectId: at(0x20, bytes(16), 'GUID'),
  domainId: at(0x30, bytes(16), 'GUID'),
});
export type ObjectId = Infer<typeof ObjectId>;

/** Data of an entry of $Extend\$ObjId:$O; the key is the object ID, 16 bytes. */
export const ObjectIdIndexData = volumeStruct('$O data', 0x38, {
  file: at(0x00, u64, 'reference'),
  birthVolumeId: at(0x08, bytes(16), 'GUID'),
  birthObjectId: at(0x18, bytes(16), 'GUID'),
  domainId: at(0x28, bytes(16), 'GUID'),
});
export type ObjectIdIndexData = Infer<typeof ObjectIdIndexData>;
