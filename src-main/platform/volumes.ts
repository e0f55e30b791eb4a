import path from 'node:path';
import { volumeSpace } from './pathFacts';
import { rawFs } from './rawFs';
import { systemErrorName } from './systemErrors';

/** A volume that a person may keep files on. Sizes in bytes, null where the system did not tell in time. */
export interface Volume {
  readonly name: string;
  readonly path: string;
  readonly free: number | null;
  readonly size: number | null;
}

/** A server that does not answer must not hold up the others, ms. */
const PATIENCE = 1500;

/** The volumes of this system, those that do not answer without their figures. */
export async function listVolumes(): Promise<Volume[]> {
  const places = await volumePlaces();
  const drives = process.platform === 'win32';
  const volumes = await Promise.all(
    places.map(async (place): Promise<Volume | undefined> => {
      const space = await inTime(volumeSpace(place));
      // A letter without a drive, or a drive without a medium.
      if (drives && space === null) return undefined;
      const name = drives ? place.slice(0, 2) : place === '/' ? '/' : path.basename(place);
      return { name, path: place, free: space?.free ?? null, size: space?.size ?? null };
    }),
  );
  return volumes.filter((volume) => volume !== undefined);
}

async function volumePlaces(): Promise<string[]> {
  switch (process.platform) {
    case 'win32':
      return Array.from({ length: 26 }, (_, i) => `${String.fromCharCode(65 + i)}:\\`);
    case 'darwin':
      return ['/', ...(await namesIn('/Volumes')).map((name) => `/Volumes/${name}`)];
    default:
      return mountedPlaces(await mountTable());
  }
}

async function mountTable(): Promise<string> {
  try {
    return await rawFs.promises.readFile('/proc/self/mountinfo', 'utf8');
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return '';
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await rawFs.promises.readdir(directory);
  } catch (error) {
    if (systemErrorName(error) === undefined) throw error;
    return [];
  }
}

/** File systems of servers, of a host machine and of pools, which have no device of their own. */
const withoutDevice =
  /^(nfs4?|cifs|smb3|9p|virtiofs|zfs|bcachefs|btrfs|fuse\.(sshfs|rclone|s3fs|mergerfs|glusterfs))$/;
/** Images of packages and CDs of the system itself. */
const packaged = /^(squashfs|erofs|iso9660)$/;
/** Where the system keeps what is its own. */
const ownPlaces = /^\/(boot|proc|sys|dev|snap|etc|usr|var\/(lib|snap)|run(?!\/media))(\/|$)/;

/**
 * Mount points of volumes for people, from the text of /proc/self/mountinfo: each device once, the root always.
 * See proc_pid_mountinfo(5).
 */
export function mountedPlaces(table: string): string[] {
  const places = ['/'];
  const devices = new Set<string>();
  for (const line of table.split('\n')) {
    const [before, after] = line.split(' - ', 2);
    if (after === undefined) continue;
    const [, , device, root, point] = before.split(' ');
    const [type, source] = after.split(' ');
    if (point === '/') devices.add(device);
    const real = withoutDevice.test(type) || (source.startsWith('/dev/') && !packaged.test(type));
    // A part of a volume that is mounted once more: seldom what a person looks for.
    const whole = root === '/' || type === 'btrfs';
    if (!real || !whole || point === '/' || ownPlaces.test(point) || devices.has(device)) continue;
    devices.add(device);
    places.push(
      point.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8))),
    );
  }
  return places;
}

/** What was promised; null when it takes too long. */
async function inTime<T>(promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE);
  });
  try {
    return await Promise.race([promise, end]);
  } finally {
    clearTimeout(timer);
  }
}
