// Records of a cabinet: [MS-CAB] 2.1 to 2.4.
import { at, struct, u16, u32, u8, type Infer } from '../binary/struct';

const MALFORMED = 'archive/malformed';

export const CabHeader = struct(
  'CFHEADER',
  36,
  {
    signature: at(0, u32, '"MSCF"', 0x4643534d),
    reserved1: at(4, u32, ''),
    cabinetSize: at(8, u32, 'cbCabinet: bytes, without a signature behind'),
    reserved2: at(12, u32, ''),
    filesOffset: at(16, u32, 'coffFiles: of the first CFFILE'),
    reserved3: at(20, u32, ''),
    versionMinor: at(24, u8, '3'),
    versionMajor: at(25, u8, '1', 1),
    folders: at(26, u16, 'cFolders'),
    files: at(28, u16, 'cFiles'),
    flags: at(30, u16, 'CabFlag'),
    setId: at(32, u16, 'the same in all cabinets of a set'),
    index: at(34, u16, 'iCabinet: 0 for the first of a set'),
  },
  MALFORMED,
);
export type CabHeader = Infer<typeof CabHeader>;

export const CabFolderRecord = struct(
  'CFFOLDER',
  8,
  {
    dataOffset: at(0, u32, 'coffCabStart: of the first CFDATA'),
    blocks: at(4, u16, 'cCFData: in this cabinet'),
    compression: at(6, u16, 'typeCompress: CabCompression in bits 0 to 3, window of LZX in bits 8 to 12'),
  },
  MALFORMED,
);

export const CabFileRecord = struct(
  'CFFILE',
  16,
  {
    size: at(0, u32, 'cbFile: bytes, expanded'),
    folderOffset: at(4, u32, 'uoffFolderStart: in the expanded folder'),
    folder: at(8, u16, 'iFolder: index, or FolderIndex'),
    date: at(10, u16, 'MS-DOS'),
    time: at(12, u16, 'MS-DOS'),
    attributes: at(14, u16, 'attribs: MS-DOS, and CabFileAttribute'),
  },
  MALFORMED,
);

export const CabDataRecord = struct(
  'CFDATA',
  8,
  {
    checksum: at(0, u32, 'csum: 0 where none was made'),
    compressedSize: at(4, u16, 'cbData: bytes in this cabinet'),
    size: at(6, u16, 'cbUncomp: bytes, expanded; 0 where the block goes on in the next cabinet'),
  },
  MALFORMED,
);

export const CabFlag = { PREVIOUS: 1, NEXT: 2, RESERVE: 4 } as const;

export const CabCompression = { NONE: 0, MSZIP: 1, QUANTUM: 2, LZX: 3 } as const;

/** Values of iFolder for files that lie in more than one cabinet. */
export const FolderIndex = {
  FROM_PREVIOUS: 0xfffd,
  TO_NEXT: 0xfffe,
  PREVIOUS_AND_NEXT: 0xffff,
} as const;

export const CabFileAttribute = { UTF8: 0x80 } as const;

/** Largest expanded block, bytes. */
export const BLOCK_SIZE = 0x8000;
/** Most bytes that a compressed block can need: LZX grows what it cannot compress by up to 6144. */
export const LARGEST_COMPRESSED_BLOCK = BLOCK_SIZE + 6144;
