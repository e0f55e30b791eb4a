import { toHex } from '../../binary/hex';
import type { Crypto } from '../../os';
import type { OfflineEdit } from '../../offline/offlineTree';
import type { OpenPlace } from '../../offline/openPlace';

/**
 * A text that is another one when the edits differ, or what they are made to was changed. Of new data only the size
 * counts: a plan that was only looked at has it in memory, and the files of hives and lists that are written hold times.
 * @param others what the edits rest on besides: hashes of INFs
 */
export function editFingerprint(
  crypto: Crypto,
  place: OpenPlace,
  edits: readonly OfflineEdit[],
  others: readonly string[] = [],
): string {
  const digest = crypto.start('sha256');
  const add = (text: string): void => digest.update(new TextEncoder().encode(`${text}\n`));
  add(place.revision(edits.map(({ path }) => path)));
  for (const edit of edits) {
    const size = edit.kind === 'copy' ? edit.size : edit.kind === 'write' ? edit.bytes.length : -1;
    add(`${edit.path}\t${size}`);
  }
  others.forEach(add);
  return toHex(digest.digest());
}
