import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { reasonWithoutTools, temporaryDirectory } from '../support/tools';
import { isRoot } from '../support/trees';

/** What a test with a mounted NTFS volume needs. */
export const ntfsTools = ['wimlib-imagex', 'mkntfs', 'ntfs-3g', 'setfattr'] as const;

/** Why no NTFS volume can be made and mounted here; undefined when it can. */
export function reasonWithoutNtfs(): string | undefined {
  if (!isRoot) return 'mounting NTFS takes root';
  if (!existsSync('/dev/fuse')) return 'no /dev/fuse';
  return reasonWithoutTools(ntfsTools);
}

const le16 = (value: number): string => Buffer.from([value & 0xff, value >> 8]).toString('hex');
const utf16 = (text: string): string => Buffer.from(text, 'utf16le').toString('hex');

/** Reparse data of a junction, [MS-FSCC] 2.1.2.5. */
function junction(target: string): string {
  const name = utf16(target);
  const size = name.length / 2;
  const data = le16(0) + le16(size) + le16(size + 2) + le16(0) + name + '00000000';
  return '030000a0' + le16(data.length / 2) + le16(0) + data;
}

/** Owner and group BUILTIN\Administrators; Everyone may do all, SYSTEM may read. */
const securityDescriptor =
  '010004801400000024000000000000003400000001020000000000052000000020020000010200000000000520000000200200000200' +
  '30000200000000001400ff011f000101000000000001000000000000140089001200010100000000000512000000';

/** Attributes that ntfs-3g turns into NTFS metadata, with their hexadecimal value. */
const metadata: readonly (readonly [file: string, attribute: string, value: string])[] = [
  ['long file name.txt', 'system.ntfs_dos_name', Buffer.from('LONGFI~1.TXT').toString('hex')],
  ['long directory name', 'system.ntfs_dos_name', Buffer.from('LONGDI~1').toString('hex')],
  ['file', 'user.stream', Buffer.from('named stream').toString('hex')],
  ['file', 'user.Zweiter', '00'.repeat(5000)],
  ['dir', 'user.of a directory', 'ab'],
  ['file', 'system.ntfs_acl', securityDescriptor],
  ['file', 'system.ntfs_object_id', '000102030405060708090a0b0c0d0e0f'],
  ['dir', 'system.ntfs_object_id', Array.from({ length: 64 }, (_, i) => (i + 16).toString(16)).join('')],
  ['file', 'system.ntfs_ea', '1000000000030300' + '54455300' + '61626300'],
  ['file', 'system.ntfs_attrib', '23000000'],
  ['file', 'system.ntfs_crtime', '00112233aabbd501'],
  ['junction', 'system.ntfs_reparse_data', junction('\\??\\C:\\dir')],
  ['reparse', 'user.beside', 'cc'],
  ['reparse', 'system.ntfs_reparse_data', '9900008008000000' + '0102030405060708'],
];

/**
 * Makes an NTFS volume with everything that Windows images carry and a POSIX directory lacks: descriptors, named
 * streams, short names, object IDs, extended attributes, junctions, reparse points of unknown tags.
 * @returns the volume's file, not mounted
 */
export function makeNtfsVolume(): string {
  const volume = path.join(temporaryDirectory(), 'volume.img');
  const mount = `${volume}.mounted`;
  writeFileSync(volume, '');
  truncateSync(volume, 24 << 20);
  mkdirSync(mount);
  const quietly = { stdio: 'pipe' } as const;
  execFileSync('mkntfs', ['-F', '-q', '-L', 'rich', volume], quietly);
  execFileSync('ntfs-3g', ['-o', 'streams_interface=xattr,efs_raw,user_xattr', volume, mount], quietly);
  try {
    const at = (...names: string[]): string => path.join(mount, ...names);
    for (const directory of ['dir/sub', 'long directory name', 'junction'])
      mkdirSync(at(directory), { recursive: true });
    for (const file of ['file', 'long file name.txt', 'reparse', 'dir/ünïcode 文', 'zero']) {
      writeFileSync(at(file), file === 'zero' ? '' : `content of ${file}`);
    }
    for (const [file, attribute, value] of metadata) {
      execFileSync('setfattr', ['-n', attribute, '-v', `0x${value}`, at(file)], quietly);
    }
    linkSync(at('file'), at('dir/hard link'));
    linkSync(at('file'), at('hard link'));
  } finally {
    execFileSync('umount', [mount], quietly);
  }
  return volume;
}
