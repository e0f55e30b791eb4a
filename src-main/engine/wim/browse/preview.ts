import { AppError } from '../../../../src-shared/errors/appError';
import type { EngineHost } from '../../os';
import { isPlainDirectory } from '../../tree/attributes';
import { textOf } from '../../tree/textDetection';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import { hex } from '../blobTable';
import type { Wim } from '../wim';
import { readBlob } from './readBlob';

/** The beginning of a file's data: text when it is text, else hexadecimal digits. */
export interface Preview {
  readonly kind: 'text' | 'binary';
  readonly content: string;
  /** Bytes of the whole data. */
  readonly size: number;
}

/**
 * @param bytes how much of the data is read
 * @throws as {@link readBlob}; AppError `wim/no-such-path` for a directory, `wim/unsupported` for an encrypted file
 */
export function preview(host: EngineHost, wim: Wim, tree: Tree, entry: number, bytes: number): Preview {
  const inode = tree.inode[entry];
  if (isPlainDirectory(tree.attributes[inode])) {
    throw new AppError('wim/no-such-path', `${tree.path(entry)} is a directory and has no data`);
  }
  if (tree.findStream(inode, StreamKind.ENCRYPTED_RAW) !== NONE) {
    throw new AppError('wim/unsupported', `${tree.path(entry)} is encrypted; only its owner can read it`);
  }
  const stream = tree.findStream(inode, StreamKind.DATA);
  const blob = stream === NONE ? NONE : tree.streamBlob[stream];
  if (blob === NONE) return { kind: 'text', content: '', size: 0 };
  const start = readBlob(host, wim, blob, bytes);
  const size = wim.blobs.size[blob];
  const content = textOf(start.bytes, !start.whole);
  return content === undefined
    ? { kind: 'binary', content: hex(start.bytes), size }
    : { kind: 'text', content, size };
}
