import type { ByteSink, ByteSource } from './binary/byteSource';
import type { Kernels } from './codec/kernel';
import type { PnpDevices } from './devices/pnpDevices';
import type { PhysicalDisks } from './disk/devices';
import type { Dism } from './drivers/dism';
import type { TaskRunner } from './pipeline/tasks';

/** A file opened for reading, and for writing where it was opened so. */
export interface OpenFile extends ByteSource, ByteSink {
  /** Current length in bytes; follows the writes made through this handle. */
  readonly size: number;
  /**
   * Takes an exclusive lock that ends with the handle.
   * @throws AppError `wim/busy` when another process holds it
   */
  lock(): void;
  close(): void;
}

/** What a path is. Symbolic links are followed. */
export interface FileStatus {
  readonly kind: 'file' | 'directory' | 'other';
  readonly size: number;
  /** Identifies the file on its volume: "device:inode". */
  readonly identity: string;
  /** Last write, milliseconds since 1970, with fraction. */
  readonly modifiedMs: number;
  /** Bytes that it takes on its volume, which may change without a change of the file; absent where nobody tells. */
  readonly allocated?: number;
}

/** A name in a directory. 'other': a device, a pipe. */
export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
}

/**
 * The operating system's files as the engine needs them. Every call is synchronous and throws an AppError that names
 * the path: `io/not-found`, `io/no-permission`, `io/no-space`, `io/read-only`, `io/exists` or `io/failed`.
 */
export interface FileSystem {
  openRead(path: string): OpenFile;
  /** Opens an existing file for reading and writing. */
  openReadWrite(path: string): OpenFile;
  /** Makes a new file for reading and writing. @throws AppError `io/exists` */
  create(path: string): OpenFile;
  status(path: string): FileStatus | undefined;
  /**
   * Replaces `to` by `from` in one step; both are on one volume. What is open of `to` may be closed by that (as it must
   * be on Windows), so nothing may be read from it afterwards.
   */
  rename(from: string, to: string): void;
  /** Removes a file; nothing happens when it is not there. */
  remove(path: string): void;
  /** Makes a rename in `directory` survive a power cut, where the system has such a call. */
  syncDirectory(directory: string): void;
  makeDirectory(path: string): void;
  /** Names in a directory, unsorted. */
  list(directory: string): string[];
  /** What is in a directory, unsorted: links are told as links, not as what they point to. */
  entries(directory: string): DirectoryEntry[];
  /** Removes an empty directory; nothing happens when it is not there. */
  removeDirectory(path: string): void;
  /** Free bytes for this user on the volume that holds `path`. */
  freeSpace(path: string): number;
  /** The file that a path names, symbolic links resolved; the path itself where nothing is there. */
  realPath(path: string): string;
  /** Gives `to` the permissions of `from` and, as far as this user may, its owner. */
  copyPermissions(from: string, to: string): void;
  /** Absolute path of `path`; relative ones start at the current directory. */
  absolute(path: string): string;
  directoryName(path: string): string;
  baseName(path: string): string;
  join(...parts: string[]): string;
}

/** SHA-1 from the platform's library. */
export interface Sha1 {
  /** Digest of `bytes`, 20 bytes. */
  digest(bytes: Uint8Array): Uint8Array;
  /** A running digest. */
  start(): { update(bytes: Uint8Array): void; digest(): Uint8Array };
}

export type HashName = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** Hashes and signatures from the platform's library. */
export interface Crypto {
  digest(algorithm: HashName, bytes: Uint8Array): Uint8Array;
  /** A running digest. */
  start(algorithm: HashName): { update(bytes: Uint8Array): void; digest(): Uint8Array };
  /**
   * Whether a signature (RSA PKCS #1 1.5, or ECDSA as DER) over `data` is that of a public key.
   * @param key SubjectPublicKeyInfo, DER
   * @returns false, too, for a key of another kind or one that cannot be read
   */
  verify(algorithm: HashName, key: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean;
}

/** Everything that the engine's operations need from outside. */
export interface EngineHost {
  readonly files: FileSystem;
  /** Absent where only files are disks. */
  readonly devices?: PhysicalDisks;
  /** Absent where nobody tells the devices of this machine. */
  readonly pnp?: PnpDevices;
  /** Windows' servicing tool; absent where this machine has none. */
  readonly dism?: Dism;
  readonly sha1: Sha1;
  readonly crypto: Crypto;
  readonly kernels: Kernels;
  /** Random bytes for GUIDs. */
  randomBytes(length: number): Uint8Array;
  /** Current time as FILETIME: 100 ns since 1601-01-01 UTC. */
  now(): bigint;
  /** Memory of the machine, or as much of it as this process may have. Bytes. */
  readonly memory: number;
  /** Process id, for the names of temporary files. */
  readonly processId: number;
  /** A pool of that many threads, one for each processor when 0; made when first asked for and kept. */
  taskRunner(threads: number): TaskRunner;
  /** Lets timers, signals and messages run. */
  breathe(): Promise<void>;
}
