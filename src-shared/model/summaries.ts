/** What a WIM and its images are, for people and scripts. Sizes in bytes, times ISO 8601 with 100 ns, hashes in hex. */

export interface ImageSummary {
  readonly index: number;
  readonly name: string;
  readonly description: string;
  readonly displayName: string;
  readonly displayDescription: string;
  readonly directoryCount: number;
  readonly fileCount: number;
  readonly totalBytes: number;
  readonly hardLinkBytes: number;
  readonly creationTime: string | null;
  readonly lastModificationTime: string | null;
  readonly flags: string;
  readonly wimboot: boolean;
  readonly bootable: boolean;
  readonly windows: WindowsSummary | null;
}

export interface WindowsSummary {
  readonly architecture: string;
  readonly productName: string;
  readonly editionId: string;
  readonly installationType: string;
  readonly productType: string;
  readonly productSuite: string;
  readonly hal: string;
  readonly languages: readonly string[];
  readonly defaultLanguage: string;
  readonly systemRoot: string;
  readonly majorVersion: number | null;
  readonly minorVersion: number | null;
  readonly build: number | null;
  readonly servicePackBuild: number | null;
  readonly servicePackLevel: number | null;
}

export interface WimSummary {
  readonly path: string;
  readonly guid: string;
  /** Header version: 0x10d00, or 0xe00 for files with solid resources. */
  readonly version: number;
  readonly imageCount: number;
  readonly compression: 'none' | 'xpress' | 'lzx' | 'lzms';
  readonly chunkSize: number;
  readonly partNumber: number;
  readonly totalParts: number;
  readonly bootIndex: number;
  /** Bytes up to the XML data, as the XML data states them: what other tools show as the size. */
  readonly size: number;
  /** Bytes of the file on disk. */
  readonly fileSize: number;
  readonly attributes: {
    readonly pipable: boolean;
    readonly integrity: boolean;
    readonly relativeJunction: boolean;
    readonly resourceOnly: boolean;
    readonly metadataOnly: boolean;
    readonly readOnly: boolean;
    readonly spanned: boolean;
    readonly writeInProgress: boolean;
    readonly solid: boolean;
  };
  readonly images: readonly ImageSummary[];
  /** Bytes after the end of the last table: what an interrupted append left. 0 when there are none. */
  readonly leftoverBytes: number;
  readonly warnings: readonly string[];
}

/** Raw header fields, for `info --header`. */
export interface HeaderDetails {
  readonly magic: string;
  readonly headerSize: number;
  readonly version: number;
  readonly flags: number;
  readonly chunkSize: number;
  readonly guid: string;
  readonly partNumber: number;
  readonly totalParts: number;
  readonly imageCount: number;
  readonly bootIndex: number;
  readonly blobTable: ResourceDetails;
  readonly xmlData: ResourceDetails;
  readonly bootMetadata: ResourceDetails;
  readonly integrityTable: ResourceDetails;
}

export interface ResourceDetails {
  readonly flags: number;
  readonly storedSize: number;
  readonly offset: number;
  readonly size: number;
}

/** A solid resource that a blob lies in; the blob's own offset is then that in its expanded data. Bytes. */
export interface SolidDetails {
  readonly size: number;
  readonly storedSize: number;
  readonly offset: number;
}

/** One row of the blob table, for `info --blobs`. */
export interface BlobDetails {
  readonly sha1: string;
  readonly size: number;
  readonly storedSize: number;
  readonly offset: number;
  readonly partNumber: number;
  readonly referenceCount: number;
  readonly compressed: boolean;
  readonly metadata: boolean;
  readonly solid: boolean;
  readonly solidResource?: SolidDetails;
}

/** Everything that an image keeps of one entry, for `dir --detailed`. */
export interface EntryDetails {
  /** '/' between names; the root is '/'. */
  readonly path: string;
  readonly name: string;
  readonly shortName: string;
  readonly attributes: number;
  /** Self-relative security descriptor in hex; null when there is none. */
  readonly securityDescriptor: string | null;
  readonly creationTime: string;
  readonly lastAccessTime: string;
  readonly lastWriteTime: string;
  readonly reparseTag: number | null;
  readonly linkCount: number;
  /** Number of the hard-link group in the metadata; '0' for entries with one name. */
  readonly hardLinkGroup: string;
  readonly unixData: {
    readonly uid: number;
    readonly gid: number;
    readonly mode: number;
    readonly rdev: number;
  } | null;
  /** Object ID, birth volume, birth object and domain, 16 bytes each, in hex; fewer when the image holds fewer. */
  readonly objectId: string | null;
  readonly streams: readonly StreamDetails[];
}

export interface StreamDetails {
  /** 'data' is the unnamed data. */
  readonly kind: 'data' | 'named' | 'reparse' | 'encrypted';
  readonly name: string;
  readonly size: number;
  readonly storedSize: number | null;
  /** Hex; zeroes for a stream without data, empty for one of a volume, whose hash is not known before it is read. */
  readonly sha1: string;
  readonly offset: number | null;
  readonly compressed: boolean;
  readonly referenceCount: number | null;
  readonly partNumber: number | null;
  readonly solidResource?: SolidDetails;
}
