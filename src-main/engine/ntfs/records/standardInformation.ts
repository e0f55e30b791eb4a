import { at, u32, u64, type Infer } from '../../binary/struct';
import { volumeStruct } from './volumeStruct';

/** $STANDARD_INFORMATION as NTFS 1.2 has it: what is there at least. */
export const StandardInformationV1 = volumeStruct('$STANDARD_INFORMATION', 0x30, {
  creationTime: at(0x00, u64, 'FILETIME'),
  lastWriteTime: at(0x08, u64, 'FILETIME: of the data'),
  changeTime: at(0x10, u64, 'FILETIME: of the record'),
  lastAccessTime: at(0x18, u64, 'FILETIME'),
  attributes: at(0x20, u32, 'FileAttribute bits, without DIRECTORY'),
  maximumVersions: at(0x24, u32, '0'),
  version: at(0x28, u32, 'bit 0: a directory whose names are case-sensitive'),
  classId: at(0x2c, u32, '0'),
});
export type StandardInformationV1 = Infer<typeof StandardInformationV1>;

/** The whole of NTFS 3. */
export const StandardInformation = volumeStruct('$STANDARD_INFORMATION', 0x48, {
  creationTime: at(0x00, u64, 'FILETIME'),
  lastWriteTime: at(0x08, u64, 'FILETIME: of the data'),
  changeTime: at(0x10, u64, 'FILETIME: of the record'),
  lastAccessTime: at(0x18, u64, 'FILETIME'),
  attributes: at(0x20, u32, 'FileAttribute bits, without DIRECTORY'),
  maximumVersions: at(0x24, u32, '0'),
  version: at(0x28, u32, 'bit 0: a directory whose names are case-sensitive'),
  classId: at(0x2c, u32, '0'),
  ownerId: at(0x30, u32, 'in $Quota; 0: none'),
  securityId: at(0x34, u32, 'in $Secure; 0: $SECURITY_DESCRIPTOR in the record, or none'),
  quotaCharged: at(0x38, u64, 'bytes'),
  usn: at(0x40, u64, 'last entry of the change journal'),
});
export type StandardInformation = Infer<typeof StandardInformation>;
