import { FormatError } from '../../../../src-shared/errors/appError';
import { readExactly } from '../../binary/byteSource';
import { parseInf } from '../../inf/parseInf';
import { peFacts } from '../../offline/peFacts';
import type { OfflineEdit, OfflineTree } from '../../offline/offlineTree';
import type { SignatureState } from '../../../../src-shared/model/drivers';
import type { Hive } from '../../registry/hive';
import { bootFacts } from '../bootRegistration/bootFacts';
import { bootRefusal, registerForBoot, type BootRecord } from '../bootRegistration/bootRegistration';
import { toHex } from '../../binary/hex';
import { copyOf, hashOf } from './packagePlan';
import { imagePath } from './stagingPaths';
import type { StagingFile, StagingInput, StagingOptions } from './stagingModel';

/** Larger than any driver's program. Bytes. */
const MOST_DRIVER_BYTES = 64 * 1024 * 1024;

export interface BootStep {
  readonly record: BootRecord;
  readonly edits: readonly OfflineEdit[];
}

/** 64-bit Windows starts no service of the boot loader whose file is not signed. */
const unfitSignatures: ReadonlySet<SignatureState> = new Set(['unsigned', 'tampered', 'doubtful']);

/** Registers a package in a SYSTEM hive. @returns a reason, as a clause, where that is not proven or not possible */
export function planBoot(
  tree: OfflineTree,
  input: StagingInput,
  { host, windows }: Pick<StagingOptions, 'host' | 'windows'>,
  system: Hive,
  controlSet: string,
): BootStep | string {
  const { architecture } = windows.target;
  const refusal = bootRefusal(system, architecture);
  if (refusal !== undefined) return refusal;
  if (unfitSignatures.has(input.package.signature.state)) {
    return 'its signature is not good, and Windows does not start with such a driver';
  }
  const inf = input.files.find(({ path }) => path.toLowerCase() === input.package.name.toLowerCase());
  if (inf === undefined) return `its files do not hold ${input.package.name}`;
  const facts = factsOf(host, inf, input, windows);
  if (typeof facts === 'string') return facts;
  const program = input.files
    .filter(({ path }) => path.toLowerCase().split('/').at(-1) === facts.binary.toLowerCase())
    .find((file) => peFacts(bytesOf(host, file))?.architecture === architecture);
  if (program === undefined) return `its files hold no ${facts.binary} for ${architecture}`;
  const path = `${imagePath(windows.systemRoot)}/System32/drivers/${facts.binary}`;
  const sha256 = hashOf(host, program);
  const there = tree.find(path);
  if (there !== undefined && there.size !== program.size) return `${there.path} is another file`;
  if (
    there !== undefined &&
    toHex(host.crypto.digest('sha256', tree.read(path, MOST_DRIVER_BYTES))) !== sha256
  ) {
    return `${there.path} is another file`;
  }
  const record = registerForBoot(system, controlSet, facts, input.package.infSha256, architecture);
  if (typeof record === 'string') return record;
  if (there !== undefined) return { record, edits: [] };
  return { record: { ...record, file: { path, sha256 } }, edits: [copyOf(program, path)] };
}

function factsOf(
  host: StagingOptions['host'],
  inf: StagingFile,
  input: StagingInput,
  windows: StagingOptions['windows'],
): ReturnType<typeof bootFacts> {
  try {
    return bootFacts(parseInf(bytesOf(host, inf), input.package.inf), windows.target);
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}

function bytesOf(host: StagingOptions['host'], file: StagingFile): Uint8Array {
  if ('bytes' in file) return file.bytes;
  const open = host.files.openRead(file.source);
  try {
    if (open.size > MOST_DRIVER_BYTES) return new Uint8Array(0);
    return readExactly(open, 0, open.size, file.source, 'io/failed');
  } finally {
    open.close();
  }
}
