import type { EntryFacts } from '../../../../src-shared/contract/browse';
import { AppError } from '../../../../src-shared/errors/appError';
import type { EngineHost } from '../../os';
import { compareNames } from '../../tree/nameOrder';
import { ownerOf, sddlOf } from '../../tree/security/sddl';
import { nameOfSid } from '../../tree/security/sid';
import { parseLinkData, windowsPathOf } from '../../tree/symlinkReparse';
import { readUnixData, readXattrs } from '../../tree/unixData';
import { NONE, StreamKind, type Tree } from '../../tree/tree';
import { BlobPlace, hex } from '../blobTable';
import { isoTime } from '../fileTime';
import { ItemTag } from '../metadata/taggedItems';
import { describeStream } from '../ops/dir';
import type { Wim } from '../wim';
import type { ImageContents } from './imageContents';
import { readBlob } from './readBlob';
import { entryRow } from './rows';

/** Other names of a file that are told. */
const MAX_OTHER_NAMES = 100;
/** Largest reparse data of Windows. */
const MAX_REPARSE_DATA = 16 * 1024;

/** Everything that the image keeps of an entry. */
export function entryFacts(host: EngineHost, wim: Wim, contents: ImageContents, entry: number): EntryFacts {
  const { tree } = contents;
  const inode = tree.inode[entry];
  const extras = tree.extras.get(inode);
  const tagged = extras?.tagged;
  const securityId = tree.securityId[inode];
  const descriptor = securityId === NONE ? undefined : tree.securityDescriptors[securityId];
  const owner = descriptor === undefined ? undefined : ownerOf(descriptor);
  const objectId = tagged?.find(({ tag }) => tag === ItemTag.OBJECT_ID)?.data;
  const others = contents.namesOf(entry, MAX_OTHER_NAMES + 1).filter((name) => name !== entry);
  return {
    ...entryRow(tree, entry, contents.countChildren),
    shortName: tree.shortName(entry),
    created: isoTime(tree.creationTime[inode]),
    accessed: isoTime(tree.lastAccessTime[inode]),
    sddl: descriptor === undefined ? null : (sddlOf(descriptor) ?? null),
    owner: owner === undefined ? null : nameOfSid(owner),
    reparseTag: extras?.reparseTag ?? null,
    reparseTarget: reparseTarget(host, wim, tree, inode),
    objectId: objectId === undefined ? null : hex(objectId),
    extendedAttributes: readXattrs(tagged).xattrs.length,
    unix: readUnixData(tagged) ?? null,
    streams: [...tree.streams(inode)].map((stream) => {
      const { kind, name, size, storedSize, sha1, compressed, referenceCount, solidResource } =
        describeStream(wim, tree, stream);
      const solid =
        solidResource === undefined
          ? null
          : { size: solidResource.size, storedSize: solidResource.storedSize };
      return { kind, name, size, storedSize, sha1, compressed, referenceCount, solid };
    }),
    otherNames: others
      .slice(0, MAX_OTHER_NAMES)
      .map((name) => tree.path(name))
      .sort(compareNames),
  };
}

/** Where a link leads; null for what is no link, or has data that cannot be read. */
function reparseTarget(host: EngineHost, wim: Wim, tree: Tree, inode: number): string | null {
  const tag = tree.extras.get(inode)?.reparseTag;
  const stream = tree.findStream(inode, StreamKind.REPARSE);
  if (tag === undefined || stream === NONE) return null;
  const blob = tree.streamBlob[stream];
  if (blob === NONE || wim.blobs.place[blob] === BlobPlace.MISSING) return null;
  if (wim.blobs.size[blob] > MAX_REPARSE_DATA) return null;
  try {
    const target = parseLinkData(tag, readBlob(host, wim, blob, MAX_REPARSE_DATA).bytes);
    return target === undefined ? null : windowsPathOf(target.substitute);
  } catch (error) {
    // Damaged or unsupported data has no target that could be told; verify is what names it.
    if (error instanceof AppError && error.code.startsWith('wim/')) return null;
    throw error;
  }
}
