/** What opening or creating a hive may be told. */
export interface OpenHiveOptions {
  /** How errors and warnings call the hive: a path, or "SYSTEM". Default: "the hive". */
  readonly label?: string;
  /** Contents of the hive's .LOG1, .LOG2 and .LOG files, as many as there are; empty ones do no harm. */
  readonly logs?: readonly Uint8Array[];
  /** Change a dirty hive as it stands when its logs are lost. Default: a dirty hive is only read. */
  readonly acceptDirty?: boolean;
  /** Time that changed keys get, FILETIME. Default: the clock. */
  readonly now?: () => bigint;
}

/**
 * A registry hive in memory. What is read is checked when it is read; nothing of the bytes that were given is changed.
 * Before the first change the whole hive is checked, so that no damage is made worse.
 */
export interface Hive {
  readonly root: HiveKey;
  /**
   * What is damaged or was repaired, in sentences. Grows while damaged parts are read, and says at most
   * 100 of them.
   */
  readonly warnings: readonly string[];
  /** Whether the hive was dirty and its logs brought it up to date. */
  readonly recovered: boolean;
  /** Whether a write to the hive was never finished and no log that fits was given. It can be read, not changed. */
  readonly dirty: boolean;
  /** Whether anything was changed since it was opened. */
  readonly changed: boolean;
  /**
   * The key at a path below the root: names with '\' between them, case ignored; '' is the root.
   * @returns undefined where there is none
   */
  key(path: string): HiveKey | undefined;
  /**
   * The hive as a file: clean, with equal sequence numbers and the right checksum. The logs that lay beside the old
   * file must not stay beside this one. A hive that was neither changed nor recovered comes out as it went in.
   * @throws AppError `registry/dirty` when the hive is dirty and that was not accepted
   */
  serialize(): Uint8Array<ArrayBuffer>;
}

/**
 * A key. It stays the same key while others change; using it after it was deleted throws `registry/no-such-key`.
 * Names keep their case, and are found in any case.
 */
export interface HiveKey {
  readonly name: string;
  /** Names from the root's subkey on, with '\' between them; '' of the root. */
  readonly path: string;
  /** FILETIME of the last change of the key, its values or its list of subkeys. */
  readonly lastWritten: bigint;
  /** Class name; undefined where the key has none. */
  readonly className: string | undefined;
  /** Security descriptor, self-relative; empty where the hive is damaged. */
  readonly security: Uint8Array<ArrayBuffer>;
  /** In the hive's order, which is that of upper-case names. Damaged ones are left out, with a warning. */
  subkeys(): HiveKey[];
  subkey(name: string): HiveKey | undefined;
  /** In the order in which they were made. Damaged ones are left out, with a warning. */
  values(): HiveValue[];
  /** @param name '' for the key's default value */
  value(name: string): HiveValue | undefined;
  /**
   * The key at a path below this one. What is missing is made, with the security descriptor of the key above it.
   * @throws AppError `registry/bad-edit` for a name that no key may have
   */
  ensure(path: string): HiveKey;
  /** Deletes a subkey with everything below it. @returns whether there was one */
  deleteSubkey(name: string): boolean;
  /**
   * Makes a value or replaces its type and data; its name keeps the case that it was made with.
   * @param name '' for the key's default value
   * @param type see RegistryType; any 32-bit number is legal
   */
  setValue(name: string, type: number, data: Uint8Array): void;
  /** @returns whether there was one */
  deleteValue(name: string): boolean;
}

/** A value as it was when it was read. */
export interface HiveValue {
  /** '' of a key's default value. */
  readonly name: string;
  readonly type: number;
  readonly data: Uint8Array<ArrayBuffer>;
}
