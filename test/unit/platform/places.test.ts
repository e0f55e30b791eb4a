import { describe, expect, it } from 'vitest';
import { parseUserDirs } from '../../../src-main/platform/personFolders';
import { mountedPlaces } from '../../../src-main/platform/volumes';

describe('mount points', () => {
  it('are those of volumes for people, each volume once, with their names as they are', () => {
    const table = [
      '22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw',
      '23 22 0:21 / /proc rw - proc proc rw',
      '24 22 0:22 / /dev/shm rw - tmpfs tmpfs rw',
      '25 22 8:1 / /boot/efi rw - vfat /dev/sda1 rw',
      '26 22 8:17 / /media/lena/USB\\040Größe rw shared:9 master:1 - ntfs3 /dev/sdb1 rw',
      '27 22 8:17 / /mnt/again rw - ntfs3 /dev/sdb1 rw',
      '28 22 0:50 / /srv/share rw - nfs4 server:/share rw',
      '29 22 7:1 / /snap/core/1 ro - squashfs /dev/loop1 ro',
      '30 22 8:2 /var/lib/x /mnt/bind rw - ext4 /dev/sda2 rw',
      '31 22 8:18 / /run/media/lena/STICK rw - exfat /dev/sdb2 rw',
      '32 22 0:60 /@home /home rw - btrfs /dev/sdc1 rw',
      '33 22 0:61 / /mnt/sshfs rw - fuse.sshfs me@host: rw',
      'nonsense',
      '',
    ];
    expect(mountedPlaces(table.join('\n'))).toEqual([
      '/',
      '/media/lena/USB Größe',
      '/srv/share',
      '/run/media/lena/STICK',
      '/home',
      '/mnt/sshfs',
    ]);
    expect(mountedPlaces('')).toEqual(['/']);
  });
});

describe('the folders of a desktop', () => {
  it('have the names of their language', ({ skip }) => {
    skip(process.platform === 'win32', 'Windows has no such list');
    const text = [
      '# XDG_DESKTOP_DIR="$HOME/No"',
      'XDG_DESKTOP_DIR="$HOME/Schreibtisch"',
      'XDG_DOCUMENTS_DIR="/data/\\$Dokumente/"',
      'XDG_DOWNLOAD_DIR="$HOME"',
      'XDG_MUSIC_DIR="relative"',
      'XDG_VIDEOS_DIR="$HOMELAND/x"',
    ].join('\n');
    expect(Object.fromEntries(parseUserDirs(text, '/home/$&'))).toEqual({
      DESKTOP: '/home/$&/Schreibtisch',
      DOCUMENTS: '/data/$Dokumente',
      DOWNLOAD: '/home/$&',
    });
  });
});
